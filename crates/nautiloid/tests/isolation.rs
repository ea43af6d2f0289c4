//! Requests never see each other, though many of them share one Lua VM.

mod support;

use std::sync::Barrier;
use std::thread;

use serde_json::json;
use support::Site;
use support::http::Client;

#[test]
fn a_global_of_one_request_is_nil_in_the_next() {
    let server = Site::new()
        .server("workers = 1")
        .hook(
            "GET",
            "/leak",
            r#"
            local context = require("nauthilus_context")
            local before = { top == nil, inside == nil, _G.through == nil, context.context_get("key") == nil }
            top = 1
            function nauthilus_run_hook()
                inside = 1
                _G.through = 1
                context.context_set("key", 1)
                return before
            end
            "#,
        )
        .hook("GET", "/other", "function nauthilus_run_hook() return { top == nil, inside == nil, through == nil } end")
        .start();
    let mut client = server.connect();
    for _ in 0..3 {
        assert_eq!(client.request("GET", "/api/v1/custom/leak", &[], b"").json(), json!([true, true, true, true]));
        assert_eq!(client.request("GET", "/api/v1/custom/other", &[], b"").json(), json!([true, true, true]));
    }
}

#[test]
fn the_libraries_cannot_be_changed_for_others() {
    let server = Site::new()
        .server("workers = 1")
        .hook(
            "GET",
            "/vandal",
            r#"
            function nauthilus_run_hook()
                return {
                    pcall(function() string.upper = nil end),
                    pcall(function() require("json").encode = nil end),
                    pcall(rawset, math, "floor", nil),
                    pcall(function() table.insert(os, "x") end),
                    pcall(function() getmetatable("").__index = nil end),
                    pcall(function() setmetatable(_G, nil) end) and false,
                }
            end
            "#,
        )
        .hook(
            "GET",
            "/victim",
            r#"
            function nauthilus_run_hook()
                return { ("a"):upper(), require("json").encode({ 1 }), math.floor(1.5), #os, type(print) }
            end
            "#,
        )
        .start();
    let mut client = server.connect();
    client.request("GET", "/api/v1/custom/vandal", &[], b"");
    let answer = client.request("GET", "/api/v1/custom/victim", &[], b"");
    assert_eq!(answer.json(), json!(["A", "[1]", 1, 0, "function"]));
}

/// Everything a request can leave anywhere, kept over waits of different lengths while others do the same.
const MARKS: &str = r#"
local request, response = require("nauthilus_http_request"), require("nauthilus_http_response")
local context, time = require("nauthilus_context"), require("time")

local id = request.get_http_query_param("id")
mark = id
time.sleep(tonumber(request.get_http_query_param("before")))

function nauthilus_run_hook(this)
    context.context_set("id", id)
    session = this.session
    response.set_http_response_header("X-Id", id)
    for round = 1, 3 do
        time.sleep(tonumber(request.get_http_query_param("between")))
        local seen = { mark, context.context_get("id"), request.get_http_query_param("id"), request.get_http_request_body() }
        for i = 1, 4 do
            if seen[i] ~= id then error("request " .. id .. " sees " .. tostring(seen[i]) .. " at " .. i) end
        end
        if session ~= this.session then error("session changed") end
    end
    response.string(200, mark)
end
"#;

#[test]
fn concurrent_requests_never_see_each_other() {
    const CLIENTS: usize = 16;
    const REQUESTS: usize = 12;
    let server = Site::new().server("workers = 2").hook("POST", "/marks", MARKS).start();
    let together = Barrier::new(CLIENTS);
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (server, together) = (&server, &together);
            scope.spawn(move || {
                let mut connection = Client::connect(&server.address);
                together.wait();
                for request in 0..REQUESTS {
                    let id = format!("{client}-{request}");
                    // Short waits of many lengths: requests overtake each other at every point.
                    let (before, between) = ((client * 7 + request) % 5, (client + request * 3) % 4);
                    let path = format!("/api/v1/custom/marks?id={id}&before=0.00{before}&between=0.00{between}");
                    let answer = connection.request("POST", &path, &[], id.as_bytes());
                    assert_eq!((answer.status, answer.text(), answer.header("x-id")), (200, &*id, Some(&*id)));
                }
            });
        }
    });
}

#[test]
fn a_slow_request_does_not_hold_up_others_of_its_worker() {
    let server = Site::new()
        .server("workers = 1")
        .hook(
            "GET",
            "/slow",
            "local time = require('time') function nauthilus_run_hook() print('begun') time.sleep(30) return 1 end",
        )
        .hook("GET", "/fast", "function nauthilus_run_hook() return 1 end")
        .start();
    let mut slow = server.connect();
    slow.send_request("GET", "/api/v1/custom/slow", &[], b"");
    server.log.wait_for("begun");
    assert_eq!(server.hook("/fast").status, 200);
}

#[test]
fn nothing_of_an_abandoned_request_runs_again() {
    let server = Site::new()
        .server("workers = 1")
        .hook(
            "GET",
            "/gone",
            "local time = require('time') function nauthilus_run_hook() \
             print('begun') time.sleep(1) print('went on') return 1 end",
        )
        .hook("GET", "/after", "local time = require('time') function nauthilus_run_hook() time.sleep(1) return 1 end")
        .start();
    let mut gone = server.connect();
    gone.send_request("GET", "/api/v1/custom/gone", &[], b"");
    server.log.wait_for("begun");
    gone.hang_up();
    // Begun later and as long: when this is answered, the other would have gone on.
    assert_eq!(server.hook("/after").status, 200);
    assert!(!server.log.text().contains("went on"), "{}", server.log.text());
}

#[test]
fn a_waiting_coroutine_goes_on_for_its_own_request_alone() {
    let server = Site::new()
        .server("workers = 1")
        .section("[lua]\npackage_path = [\"lib/?.lua\"]")
        .file("lib/keep.lua", "return {}")
        .hook(
            "GET",
            "/waits",
            r#"
            local keep, time = require("keep"), require("time")
            function nauthilus_run_hook()
                keep.own = coroutine.running()
                keep.inner = coroutine.create(function() return select('#', time.sleep(1)) end)
                print("begun")
                return { coroutine.resume(keep.inner) }
            end
            "#,
        )
        .hook(
            "GET",
            "/intrudes",
            r#"
            local keep = require("keep")
            function nauthilus_run_hook()
                local inner, inner_message = coroutine.resume(keep.inner, "not", "yours")
                local own, own_message = coroutine.resume(keep.own, "not", "yours")
                return { inner, inner_message, own, own_message }
            end
            "#,
        )
        .start();
    let mut waits = server.connect();
    waits.send_request("GET", "/api/v1/custom/waits", &[], b"");
    server.log.wait_for("begun");
    let refused = "cannot resume non-suspended coroutine";
    assert_eq!(server.hook("/intrudes").json(), json!([false, refused, false, refused]));
    assert_eq!(waits.read().json(), json!([true, 0]));
    // The first has ended, and its own coroutine may serve a request by now.
    assert_eq!(server.hook("/intrudes").json(), json!([false, "cannot resume dead coroutine", false, refused]));
}

#[test]
fn a_mistake_in_a_callback_does_not_keep_others_from_redis() {
    let server = Site::new()
        .server("workers = 1")
        .hook(
            "GET",
            "/mistake",
            r#"function nauthilus_run_hook() ("x"):gsub("x", function() coroutine.resume("no coroutine") end) end"#,
        )
        .hook(
            "GET",
            "/redis",
            r#"
            local redis = require("nauthilus_redis")
            function nauthilus_run_hook() return redis.redis_incr("default", "counter") end
            "#,
        )
        .start();
    assert_eq!(server.hook("/mistake").status, 500);
    assert_eq!(server.hook("/redis").json(), json!(1));
}

#[test]
fn no_recursion_ends_the_process() {
    let hook = |body: &str| format!("local function f() {body} end function nauthilus_run_hook() return pcall(f) end");
    let cases = [
        ("/calls", "return 1 + f()"),
        ("/coroutines", "return (coroutine.wrap(f)())"),
        ("/gsub", "return (('x'):gsub('x', f))"),
        ("/gsub-index", "return (('x'):gsub('x', setmetatable({}, { __index = f })))"),
        ("/sort", "table.sort({ 1, 2 }, f)"),
        ("/format", "return ('%s'):format(setmetatable({}, { __tostring = f }))"),
        ("/both", "return (('x'):gsub('x', function() return coroutine.wrap(f)() end))"),
        ("/handlers", "assert(xpcall(error, f))"),
    ];
    let mut site = Site::new().server("workers = 1");
    for (location, body) in cases {
        site = site.hook("GET", location, &hook(body));
    }
    let server = site.start();
    for (location, _) in cases {
        assert_eq!(server.hook(location).json(), json!(false), "{location}");
    }
}

#[test]
fn a_stack_that_ends_within_a_callback_keeps_no_other_request_from_waiting() {
    // Wherever the stack ends: each request leaves the callback's coroutine a slot less.
    let server = Site::new()
        .server("workers = 1")
        .hook(
            "GET",
            "/deep",
            r#"
            local redis = require("nauthilus_redis")
            local fill = {}
            for i = 1, 8000 do fill[i] = 0 end

            local function leaf()
                coroutine.resume(coroutine.create(function() return 1, 2, 3 end))
            end
            local function last(...)
                string.gsub("x", ".", leaf)
            end
            local function deep(level, rest, ...)
                if level == 0 then
                    last(unpack(fill, 1, rest))
                    return
                end
                local result = deep(level - 1, rest, ...)
                return result
            end

            function nauthilus_run_hook()
                local number = assert(redis.redis_incr("default", "number"))
                local most = redis.redis_get("default", "most", "number")
                if not most then
                    most = 3000
                    while pcall(deep, 16, 0, unpack(fill, 1, most)) do most = most + 1 end
                    assert(redis.redis_set("default", "most", most))
                end
                pcall(deep, 16, number % 120, unpack(fill, 1, most - 1 - math.floor(number / 120)))
                return number
            end
            "#,
        )
        .start();
    let mut client = server.connect();
    for number in 1..960 {
        let response = client.request("GET", "/api/v1/custom/deep", &[], b"");
        assert_eq!((response.status, response.text()), (200, number.to_string().as_str()));
    }
}
