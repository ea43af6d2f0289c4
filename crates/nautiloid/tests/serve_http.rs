//! `nautiloid serve` as a client sees it: routing, HTTP/1.1, and what passes between a request and its script.

mod support;

use serde_json::json;
use support::{Server, Site};

const HELLO: &str = "function nauthilus_run_hook(request) return { hello = request.method } end";

/// Answers with what the request modules say of the request.
const ECHO: &str = r#"
local request = require("nauthilus_http_request")
function nauthilus_run_hook()
    return {
        method = request.get_http_method(),
        path = request.get_http_path(),
        name = request.get_http_query_param("name"),
        missing = request.get_http_query_param("missing") == nil,
        tags = request.get_http_request_header("X-Tag"),
        agent = request.get_all_http_request_headers()["user-agent"],
        body = request.get_http_request_body(),
    }
end
"#;

/// Answers with the body as it came.
const MIRROR: &str = r#"
local request, response = require("nauthilus_http_request"), require("nauthilus_http_response")
function nauthilus_run_hook()
    response.string(response.STATUS_OK, request.get_http_request_body())
end
"#;

fn hello() -> Server {
    Site::new().hook("GET", "/hello", HELLO).start()
}

#[test]
fn ping_answers_pong() {
    let server = hello();
    let answer = server.get("/ping");
    assert_eq!((answer.status, answer.text()), (200, "pong"));
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(answer.header("date").is_some());
    let head = server.connect().request("HEAD", "/ping", &[], b"");
    assert_eq!((head.status, head.header("content-length")), (200, Some("4")));
    assert_eq!(server.connect().request("POST", "/ping", &[], b"").status, 405);
}

#[test]
fn unknown_paths_are_404() {
    let server = hello();
    for path in
        ["/", "/hello", "/api/v1/custom", "/api/v1/custom/hello/", "/api/v1/custom/Hello", "/api/v1/custom//hello"]
    {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.json()), (404, json!({ "error": "not found" })), "{path}");
    }
    let answer = server.get("/api/v1/custom/hello?a=b");
    assert_eq!((answer.status, answer.json()), (200, json!({ "hello": "GET" })));
}

#[test]
fn other_methods_are_405_with_allow() {
    let server = Site::new()
        .hook("POST", "/a", HELLO)
        .hook("DELETE", "/a", HELLO)
        .hook("GET", "/b", HELLO)
        .hook("OPTIONS", "/c", HELLO)
        .start();
    for (method, location, allow) in [
        ("GET", "/a", "DELETE, POST"),
        ("HEAD", "/a", "DELETE, POST"),
        ("OPTIONS", "/a", "DELETE, POST"),
        ("PUT", "/b", "GET, HEAD"),
        ("BREW", "/b", "GET, HEAD"),
    ] {
        let answer = server.connect().request(method, &format!("/api/v1/custom{location}"), &[], b"");
        assert_eq!((answer.status, answer.header("allow")), (405, Some(allow)), "{method} {location}");
    }
    let answer = server.connect().request("DELETE", "/api/v1/custom/a", &[], b"");
    assert_eq!((answer.status, answer.json()), (200, json!({ "hello": "DELETE" })));
    assert_eq!(server.connect().request("OPTIONS", "/api/v1/custom/c", &[], b"").status, 200);
}

#[test]
fn head_is_get_without_a_body() {
    let server = hello();
    let mut client = server.connect();
    let head = client.request("HEAD", "/api/v1/custom/hello", &[], b"");
    assert_eq!((head.status, head.header("content-type")), (200, Some("application/json")));
    assert_eq!(head.header("content-length"), Some(r#"{"hello":"HEAD"}"#.len().to_string().as_str()));
    // Had a body been sent, it would now be read as the next response.
    let get = client.request("GET", "/api/v1/custom/hello", &[], b"");
    assert_eq!(get.json(), json!({ "hello": "GET" }));
}

#[test]
fn a_connection_serves_many_requests() {
    let server = hello();
    let mut client = server.connect();
    for _ in 0..100 {
        assert_eq!(client.request("GET", "/api/v1/custom/hello", &[], b"").status, 200);
        assert_eq!(client.request("GET", "/nothing", &[], b"").status, 404);
    }
    assert_eq!(client.request("GET", "/ping", &[("connection", "close")], b"").status, 200);
    assert!(client.is_closed());

    let mut old = server.connect();
    old.send("GET /ping HTTP/1.0\r\n\r\n");
    assert_eq!(old.read().text(), "pong");
    assert!(old.is_closed());
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = Site::new()
        .hook(
            "GET",
            "/n",
            r#"
            local request, time = require("nauthilus_http_request"), require("time")
            function nauthilus_run_hook()
                local n = request.get_http_query_param("n")
                if n == "0" then time.sleep(0.05) end -- the others would overtake it
                return n
            end
            "#,
        )
        .start();
    let mut client = server.connect();
    let requests: String = (0..10).map(|n| format!("GET /api/v1/custom/n?n={n} HTTP/1.1\r\nhost: x\r\n\r\n")).collect();
    client.send(requests);
    for n in 0..10 {
        assert_eq!(client.read().json(), json!(n.to_string()));
    }

    // A part of the next request must not hold back the answer to this one.
    client.send("GET /ping HTTP/1.1\r\nhost: x\r\n\r\nGET /pi");
    assert_eq!(client.read().text(), "pong");
    client.send("ng HTTP/1.1\r\nhost: x\r\n\r\n");
    assert_eq!(client.read().text(), "pong");
}

#[test]
fn the_request_reaches_the_script() {
    let server = Site::new().hook("POST", "/echo", ECHO).start();
    let headers = [("X-Tag", "one"), ("x-tag", "two"), ("User-Agent", "test")];
    let answer =
        server.connect().request("POST", "/api/v1/custom/echo?name=caf%C3%A9+x&name=2", &headers, b"{\"a\":\r\n1}");
    assert_eq!(
        answer.json(),
        json!({
            "method": "POST",
            "path": "/api/v1/custom/echo",
            "name": "café x",
            "missing": true,
            "tags": ["one", "two"],
            "agent": ["test"],
            "body": "{\"a\":\r\n1}",
        })
    );
}

#[test]
fn the_request_table_tells_of_the_client() {
    let server = Site::new()
        .section("[log]\nlevel = \"debug\"\nformat = \"json\"")
        .hook("GET", "/r", "function nauthilus_run_hook(request) return request end")
        .start();
    let (first, second) = (server.hook("/r").json(), server.hook("/r").json());
    assert_eq!(first["method"], "GET");
    assert_eq!(first["client_ip"], "127.0.0.1");
    assert!(first["client_port"].as_f64().is_some_and(|port| port > 0.0), "{first}");
    assert_eq!((&first["log_level"], &first["log_format"]), (&json!("debug"), &json!("json")));
    assert_eq!(first["logging"], json!({ "log_level": "debug", "log_format": "json" }));
    assert!(first["session"].as_str().is_some_and(|session| !session.is_empty()));
    assert_ne!(first["session"], second["session"]);
}

#[test]
fn scripts_write_the_response() {
    let hook =
        |body: &str| format!("local r = require('nauthilus_http_response') function nauthilus_run_hook() {body} end");
    let server = Site::new()
        .hook("GET", "/string", &hook("r.string(r.STATUS_CREATED, 'made')"))
        .hook("GET", "/html", &hook("r.html(r.STATUS_NOT_FOUND, '<b>no</b>')"))
        .hook("GET", "/json", &hook("r.json(r.STATUS_ACCEPTED, { a = { 1, 2 } })"))
        .hook(
            "GET",
            "/headers",
            &hook(
                "r.set_http_response_header('X-A', '1') r.set_http_response_header('x-a', '2') \
             r.add_http_response_header('X-B', '1') r.add_http_response_header('X-B', '2') \
             r.set_http_status(418)",
            ),
        )
        .hook("GET", "/table", &hook("r.set_http_status(202) return { ok = true }"))
        .hook("GET", "/nil", &hook(""))
        .hook("GET", "/scalar", &hook("return 'text'"))
        .start();

    let answer = server.hook("/string");
    assert_eq!((answer.status, answer.text()), (201, "made"));
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));

    let answer = server.hook("/html");
    assert_eq!((answer.status, answer.text()), (404, "<b>no</b>"));
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));

    let answer = server.hook("/json");
    assert_eq!((answer.status, answer.json()), (202, json!({ "a": [1, 2] })));
    assert_eq!(answer.header("content-type"), Some("application/json"));

    let answer = server.hook("/headers");
    assert_eq!((answer.status, answer.header("x-a"), answer.all("x-b")), (418, Some("2"), vec!["1", "2"]));

    let answer = server.hook("/table");
    assert_eq!((answer.status, answer.json()), (202, json!({ "ok": true })));
    assert_eq!(answer.header("content-type"), Some("application/json"));

    let answer = server.hook("/nil");
    assert_eq!((answer.status, answer.header("content-length"), answer.body.len()), (204, None, 0));

    assert_eq!(server.hook("/scalar").json(), json!("text"));
}

#[test]
fn a_failing_hook_is_500_without_detail_and_logged_with_it() {
    let server = Site::new()
        .hook(
            "GET",
            "/fail",
            "local function check()\n  error('secret reason')\nend\nfunction nauthilus_run_hook()\n  check()\n  return 1\nend",
        )
        .hook("GET", "/hello", HELLO)
        .start();
    let mut client = server.connect();
    let answer = client.request("GET", "/api/v1/custom/fail", &[], b"");
    assert_eq!((answer.status, answer.json()), (500, json!({ "error": "internal server error" })));
    // The connection and the worker go on.
    assert_eq!(client.request("GET", "/api/v1/custom/hello", &[], b"").status, 200);

    let line = server.log.wait_for("hook failed");
    for part in
        ["script=\"hooks/fail.GET.lua\"", "location=\"/fail\"", "method=\"GET\"", "hooks/fail.GET.lua:2: secret reason"]
    {
        assert!(line.contains(part), "no {part} in {line}");
    }
    let traceback = line.split_once("traceback=").unwrap().1;
    assert!(traceback.contains("hooks/fail.GET.lua:2:") && traceback.contains("hooks/fail.GET.lua:5:"), "{traceback}");
}

#[test]
fn bodies_come_through_whole() {
    let server = Site::new().server("max_body_size = \"8MiB\"").hook("POST", "/mirror", MIRROR).start();
    let mut client = server.connect();
    let every_byte: Vec<u8> = (0..=255).collect();
    let megabytes: Vec<u8> = (0..5_000_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for body in [b"x".to_vec(), every_byte, b"a\0b\r\n\r\nc".to_vec(), megabytes] {
        let answer = client.request("POST", "/api/v1/custom/mirror", &[], &body);
        assert_eq!(answer.status, 200);
        assert!(answer.body == body, "{} bytes sent, {} others came back", body.len(), answer.body.len());
    }

    client.send(
        "POST /api/v1/custom/mirror HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n\
         5\r\nhello\r\n1;extension=1\r\n,\r\n6\r\n world\r\n0\r\ntrailer: 1\r\n\r\n",
    );
    assert_eq!(client.read().text(), "hello, world");

    client.send("POST /api/v1/custom/mirror HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n");
    assert_eq!(client.read_head().status, 100);
    client.send("body");
    assert_eq!(client.read().text(), "body");
}

#[test]
fn a_body_over_the_limit_is_413() {
    let server = Site::new().server("max_body_size = \"1KiB\"").hook("POST", "/mirror", MIRROR).start();
    let start = "POST /api/v1/custom/mirror HTTP/1.1\r\nhost: x\r\n";

    let limit = server.connect().request("POST", "/api/v1/custom/mirror", &[], &[b'x'; 1024]);
    assert_eq!((limit.status, limit.body.len()), (200, 1024));

    // The client writes all before it reads, and must still see the answer.
    for size in [1025, 12_000_000] {
        let mut client = server.connect();
        let answer = client.request("POST", "/api/v1/custom/mirror", &[], &vec![b'x'; size]);
        assert_eq!((answer.status, answer.json()), (413, json!({ "error": "request body too large" })));
        assert_eq!(answer.header("connection"), Some("close"));
        assert!(client.is_closed());
    }

    let mut chunked = server.connect();
    chunked.send(format!("{start}transfer-encoding: chunked\r\n\r\n"));
    chunked.send(format!("401\r\n{}\r\n0\r\n\r\n", "x".repeat(1025)));
    assert_eq!(chunked.read().status, 413);

    // Who asks first is told before anything is sent.
    let mut polite = server.connect();
    polite.send(format!("{start}expect: 100-continue\r\ncontent-length: 1025\r\n\r\n"));
    assert_eq!(polite.read().status, 413);
}

#[test]
fn malformed_requests_are_refused_and_the_server_goes_on() {
    let server = Site::new().hook("POST", "/mirror", MIRROR).start();
    let long_header = format!("GET /ping HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(100_000));
    let many_headers = format!("GET /ping HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(1000));
    for (request, status) in [
        ("garbage\r\n\r\n", 400),
        ("GET /ping\r\n\r\n", 400),
        ("GET /ping HTTP/9.9\r\n\r\n", 400),
        ("GET /ping HTTP/1.1\r\nno colon\r\n\r\n", 400),
        ("GET /ping HTTP/1.1\r\nbad name: x\r\n\r\n", 400),
        ("POST /api/v1/custom/mirror HTTP/1.1\r\ncontent-length: -1\r\n\r\n", 400),
        ("POST /api/v1/custom/mirror HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", 400),
        ("POST /api/v1/custom/mirror HTTP/1.1\r\ntransfer-encoding: gzip\r\n\r\n", 400),
        ("POST /api/v1/custom/mirror HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", 400),
        (many_headers.as_str(), 431),
        (long_header.as_str(), 431),
    ] {
        let mut client = server.connect();
        client.send(request);
        assert_eq!(client.read().status, status, "{:?}", request.get(..80).unwrap_or(request));
        assert!(client.is_closed());
    }
    let mut gone = server.connect();
    gone.send("POST /api/v1/custom/mirror HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf");
    gone.hang_up();
    assert_eq!(server.get("/ping").status, 200);
}

#[test]
fn too_many_headers_are_an_error_of_the_script() {
    let server = Site::new()
        .hook(
            "GET",
            "/many",
            "local r = require('nauthilus_http_response') function nauthilus_run_hook() \
             for i = 1, 40000 do r.add_http_response_header('x-' .. i, '1') end end",
        )
        .hook("GET", "/hello", HELLO)
        .start();
    let mut client = server.connect();
    assert_eq!(client.request("GET", "/api/v1/custom/many", &[], b"").status, 500);
    assert_eq!(client.request("GET", "/api/v1/custom/hello", &[], b"").status, 200);
    assert!(server.log.wait_for("hook failed").contains("the response has too many headers"));
}
