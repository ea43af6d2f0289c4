//! `redis-cli` as a client of the store.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::embedded::Embedded;

/// Runs `redis-cli` with arguments, and lines of commands for its input.
fn redis_cli(store: &Embedded, arguments: &[&str], input: &str) -> String {
    let mut process = Command::new("redis-cli")
        .args(["-p", &store.port().to_string()])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("redis-cli is needed; install it: apt-get install redis-tools");
    process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn redis_cli_works() {
    let store = Embedded::start();
    assert_eq!(redis_cli(&store, &["PING"], ""), "PONG\n");
    assert_eq!(redis_cli(&store, &["SET", "k", "a b"], ""), "OK\n");
    assert_eq!(redis_cli(&store, &[], "GET k\nINCR n\nHSET h f v\nSELECT 3\nGET k\n"), "a b\n1\n1\nOK\n\n");
    assert_eq!(redis_cli(&store, &["-n", "3", "SET", "there", "v"], ""), "OK\n");
    let keys = redis_cli(&store, &["--scan"], "");
    let mut keys: Vec<_> = keys.lines().collect();
    keys.sort_unstable();
    assert_eq!(keys, ["h", "k", "n"]);
    assert_eq!(redis_cli(&store, &["KEYS", "[hk]"], "").lines().count(), 2);
    assert_eq!(redis_cli(&store, &["-3", "HGETALL", "h"], ""), "f v\n");
    assert_eq!(redis_cli(&store, &["--no-raw", "-3", "HGETALL", "h"], ""), "1# \"f\" => \"v\"\n");
    assert_eq!(redis_cli(&store, &["--eval", "/dev/stdin", "k", ",", "x"], "return {KEYS[1], ARGV[1]}"), "k\nx\n");
    assert_eq!(redis_cli(&store, &["COMMAND", "DOCS"], ""), "\n");
    let info = redis_cli(&store, &["INFO"], "");
    for line in
        ["redis_version:7.0.15", "nautiloid_embedded:1", "persistence:none", "role:master", "db0:keys=3,expires=0"]
    {
        assert!(info.contains(line), "{line} is missing in\n{info}");
    }
    for section in ["Server", "Clients", "Memory", "Stats", "Replication", "Keyspace"] {
        assert!(info.contains(&format!("# {section}\r\n")), "{section} is missing in\n{info}");
    }
    assert_eq!(redis_cli(&store, &["INFO", "replication"], "").lines().next(), Some("# Replication"));
}
