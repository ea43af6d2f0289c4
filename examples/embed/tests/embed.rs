//! The example, as a program of its own: against the embedded store and a real Redis.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

use std::process::Command;

use testkit::RedisServer;

/// The lines that it prints.
fn run(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_example-embed")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

/// What the first of the two calls prints.
fn script(code: &str) -> String {
    let mut lines = run(&["embedded", code]);
    assert_eq!(lines.len(), 2, "{lines:?}");
    lines.remove(0)
}

#[test]
fn it_runs_on_the_embedded_store() {
    let lines = run(&[]);
    assert!(lines[0].starts_with("ann ") && lines[1].starts_with("bob "), "{lines:?}");
    let mut counts: Vec<&str> = lines.iter().map(|line| line.split(' ').nth(1).unwrap()).collect();
    counts.sort_unstable();
    assert_eq!(counts, ["1", "2"]);
}

#[test]
fn it_runs_on_redis() {
    let server = RedisServer::start().unwrap();
    let url = format!("redis://{}", server.address());
    run(&[&url]);
    let lines = run(&[&url]);
    assert!(lines.iter().all(|line| line.ends_with(" 2")), "the counts of the first run are there: {lines:?}");
    let visits = server.connect().unwrap().text(&["HGET", "visits:ann", "who"]).unwrap();
    assert_eq!(visits, "ann");
}

#[test]
fn errors_and_limits_are_told() {
    for (code, line) in [
        ("return function() error('no') end", "error: visit:1: no"),
        (
            "return function() require('nauthilus_redis').redis_get('default') end",
            "error: visit:1: bad argument #2 to 'redis_get' (string expected, got no value)",
        ),
        ("return function() return require('nauthilus_redis').redis_get('default', 'nobody') end", "nil redis: nil"),
        (
            "return function() for key in require('nauthilus_redis').redis_scan_iter('default') do end return 'over' end",
            "over",
        ),
        ("return function() return pcall(require('nauthilus_redis').redis_set, 'default', 'k', 'v') end", "true OK"),
    ] {
        assert_eq!(script(code), line, "{code}");
    }
    for inside in ["coroutine.wrap(f)()", "('x'):gsub('x', f)"] {
        let code = format!(
            "return function() local function f() require('nauthilus_redis').redis_get('default', 'k') end {inside} end"
        );
        assert!(script(&code).contains("'redis_get' cannot wait for an answer here"), "{}", script(&code));
    }
}

#[test]
fn the_state_stays_as_it_was() {
    // The sandbox of this project's own host takes `string.dump` away and closes the metatable of strings.
    let code = "return function() return type(string.dump), type(getmetatable('')), type(io) end";
    assert_eq!(script(code), "function table table");
}
