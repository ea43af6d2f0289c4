//! Scripts on the embedded store and on a real Redis: the same replies, byte for byte.
#![allow(clippy::unwrap_used, reason = "clippy takes a test's own functions for production code")]

mod both;
mod cases;

use both::{Both, args};

#[test]
fn replies_are_equal() {
    let mut both = Both::start();
    let mut differences = Vec::new();
    for script in cases::SCRIPTS {
        differences.extend(both.difference(&args(&["EVAL", script, "2", "text", "hash", "a", "b"])));
    }
    for document in cases::DOCUMENTS {
        differences.extend(both.difference(&args(&[
            "EVAL",
            "local value = cjson.decode(ARGV[1]) return {type(value), cjson.encode({value})}",
            "0",
            document,
        ])));
    }
    for command in cases::COMMANDS {
        differences.extend(both.difference(&args(command)));
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

/// What the parser and the libraries say themselves is LuaJIT's; the form around it is Redis'.
#[test]
fn the_form_of_errors_is_redis() {
    let mut both = Both::start();
    for (script, start) in [
        ("return (", "ERR Error compiling script (new function): user_script:1: "),
        ("a b", "ERR Error compiling script (new function): user_script:1: "),
        ("return string.rep()", "ERR user_script:1: bad argument #1 to "),
        ("local function f() return f() + 1 end return f()", "ERR "),
    ] {
        for reply in both.replies(&args(&["EVAL", script, "0"])) {
            assert!(reply.starts_with(&format!("Error(b\"{start}")), "{script}: {reply}");
        }
    }
}

#[test]
fn the_store_survives_what_scripts_do_to_it() {
    let mut both = Both::start();
    for script in [
        "error({})",
        "error(setmetatable({}, {__index = function() error('again') end}))",
        "error(setmetatable({}, {__newindex = function() error('again') end}))",
        "error(newproxy and newproxy() or coroutine.create(tostring))",
        "return loadstring('\\27LJ')()",
        "return loadstring(string.dump(function() return 1 end))()",
        "local t = {} for i = 1, 5000 do t = {t} end return t",
        "return cjson.decode(string.rep('[', 100000))",
        "local t = {} t[1] = t return cjson.encode(t)",
        "local t = {} t.t = t return t",
        "return string.rep('x', -1)",
        "local function f() return pcall(f) end return f()",
        "local function f() local ok = pcall(f) return ok end return f()",
        "local s = setmetatable({}, {__index = function(t, k) return t[k] end}) return s.x",
        "return coroutine.wrap(function() return redis.call('PING') end)()",
        "local f = coroutine.wrap(function() error('inside') end) f()",
        "xpcall(error, function() error('handler') end) return 1",
        "for i = 1, 1000 do table.insert(_G, i) end return 1",
        "return tostring(redis.call):sub(1, 9)",
        "return getmetatable('').__index",
        "return {pcall(setmetatable, _G, nil)}",
    ] {
        both.embedded.command(&["EVAL", script, "0"]).unwrap();
        assert_eq!(
            both.embedded_reply(&["EVAL", "return {1, redis.call('GET', 'text')}", "0"]),
            "[1, abc]",
            "{script}"
        );
    }
}

/// Nothing of one run is there for the next, whatever a script tries.
#[test]
fn nothing_leaks() {
    let mut both = Both::start();
    for (script, probe) in [
        ("table.insert(_G, 'x')", "return rawget(_G, 1)"),
        ("pcall(rawset, _G, 'x', 1)", "return rawget(_G, 'x')"),
        ("table.insert(string, 'x') table.insert(redis, 'x')", "return {string[1], redis[1]}"),
        ("pcall(rawset, string, 'rep', 1)", "return {type(string.rep), ('a'):rep(3)}"),
        ("for k, v in pairs(_G) do if type(v) == 'table' then v.x = 1 end end", "return rawget(_G, 'x')"),
        ("local mt = getmetatable(_G) if mt then mt.__index = {} end", "return type(redis)"),
        ("loadstring('x = 1')()", "return rawget(_G, 'x')"),
        ("local f = function() y = 2 end pcall(f)", "return rawget(_G, 'y')"),
        ("coroutine.wrap(function() z = 3 end)()", "return rawget(_G, 'z')"),
        ("pcall(function() cjson.null = 1 cjson.encode = 2 end)", "return cjson.encode({cjson.null})"),
        ("KEYS[1] = 'other' ARGV.x = 1", "return {#KEYS, #ARGV, tostring(ARGV.x)}"),
        ("redis.call('SELECT', 3) redis.call('SET', 'here', 1)", "return redis.call('GET', 'here')"),
    ] {
        for text in [script, probe] {
            let request = args(&["EVAL", text, "1", "k", "v"]);
            let [real, embedded] = both.replies(&request);
            // The script may fail or not: the probe has to tell the same.
            if text == probe {
                assert_eq!(embedded, real, "{script}\n{probe}");
            }
        }
    }
    assert_eq!(both.difference(&args(&["GET", "here"])), None);
}
