//! Connections that nobody uses are closed, and nobody notices.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::thread;
use std::time::{Duration, Instant};

use support::{PATIENCE, Site};
use testkit::RedisServer;

/// Number of connections on which [`COUNT`] was the last command.
fn connections(redis: &RedisServer) -> usize {
    let clients = redis.connect().unwrap().text(&["CLIENT", "LIST"]).unwrap();
    clients.lines().filter(|client| client.contains(" cmd=incr ")).count()
}

const COUNT: &str =
    "function nauthilus_run_hook() return { require('nauthilus_redis').redis_incr('default', 'n') } end";

#[test]
fn an_unused_connection_is_closed_and_the_next_call_opens_another() {
    let redis = RedisServer::start().unwrap();
    let server = Site::new()
        .server("workers = 1")
        .section(&format!("[redis]\naddress = \"{}\"\nmax_idle_age = \"1s\"", redis.address()))
        .hook("GET", "/count", COUNT)
        .start();
    for answer in ["[1]", "[2]"] {
        assert_eq!(server.hook("/count").text(), answer);
        assert_eq!(connections(&redis), 1);
        let start = Instant::now();
        while connections(&redis) > 0 {
            assert!(start.elapsed() < PATIENCE, "the connection is still open");
            thread::sleep(Duration::from_millis(20));
        }
    }
    let log = server.log.text();
    assert!(!log.contains("redis pool"), "{log}");
}
