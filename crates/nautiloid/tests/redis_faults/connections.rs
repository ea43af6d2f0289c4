//! How many connections there are: opened ahead, and bounded for the whole process.

use std::time::Instant;

use testkit::{Connection, RedisServer};

use crate::lost_replies::text;
use crate::site::site;
use crate::support::{PATIENCE, Site};

/// Calls at the same time: enough for a worker to want more connections than it may have.
const CALLS: usize = 600;

fn site_with(redis: &RedisServer, more: &str) -> Site {
    site(&format!("mode = \"standalone\"\naddress = \"{}\"\n{more}", redis.address()))
}

/// Connections to Redis, but for the one that asks.
fn connections(direct: &mut Connection) -> usize {
    text(direct.command(&["CLIENT", "LIST"]).unwrap()).lines().count() - 1
}

fn wait_for_connections(direct: &mut Connection, wanted: usize) {
    let start = Instant::now();
    loop {
        let now = connections(direct);
        if now == wanted {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{now} connections rather than {wanted}");
    }
}

#[test]
fn connections_are_opened_ahead_and_no_more() {
    let redis = RedisServer::start().unwrap();
    let mut direct = redis.connect().unwrap();
    let _server = site_with(&redis, "pool_size = 8\nmin_idle_conns = 4").server("workers = 2").start();
    // The init script's own connection is gone by then.
    wait_for_connections(&mut direct, 4);
}

#[test]
fn a_pool_of_the_init_script_is_opened_ahead_too() {
    let redis = RedisServer::start().unwrap();
    let mut direct = redis.connect().unwrap();
    let init = format!(
        "local redis = require('nauthilus_redis') assert(redis.register_redis_pool('ahead', 'standalone', \
         {{ address = '{}', min_idle_conns = 3 }}))",
        redis.address()
    );
    let _server = Site::new()
        .server("workers = 3")
        .section("[redis]\nmode = \"embedded\"\n[lua]\ninit_scripts = [\"init.lua\"]")
        .file("init.lua", &init)
        .start();
    wait_for_connections(&mut direct, 3);
}

#[test]
fn a_pool_smaller_than_the_number_of_workers_is_raised_and_the_log_says_so() {
    let redis = RedisServer::start().unwrap();
    let server = site_with(&redis, "pool_size = 2\nmin_idle_conns = 2").server("workers = 3").start();
    server.log.wait_for("pool_size 2 is raised to 3, one connection for each worker");
}

#[test]
fn a_worker_opens_more_when_commands_pile_up_and_the_process_never_more_than_pool_size() {
    // A worker alone opens all that it may; of two that share three, each may open one.
    for (workers, pool_size, wanted) in [(1, 2, 2), (2, 3, 2)] {
        let redis = RedisServer::start().unwrap();
        let server = Site::new()
            .server(&format!("workers = {workers}"))
            .section(&format!(
                "[redis]\naddress = \"{}\"\npool_size = {pool_size}\nread_timeout = \"1m\"\nconnect_timeout = \"1m\"",
                redis.address()
            ))
            .hook(
                "GET",
                "/incr",
                "local redis = require('nauthilus_redis') \
                 function nauthilus_run_hook() return assert(redis.redis_incr('default', 'n')) end",
            )
            .start();
        for _ in 0..workers {
            server.hook("/incr");
        }
        // What arrives while Redis stands still piles up.
        redis.pause().unwrap();
        let mut clients: Vec<_> = (0..CALLS).map(|_| server.connect()).collect();
        for client in &mut clients {
            client.send_request("GET", "/api/v1/custom/incr", &[], b"");
        }
        let start = Instant::now();
        while established(&redis) < wanted {
            assert!(start.elapsed() < PATIENCE, "{} connections rather than {wanted}", established(&redis));
        }
        redis.resume().unwrap();
        let mut numbers: Vec<u64> = clients.iter_mut().map(|client| client.read().text().parse().unwrap()).collect();
        numbers.sort_unstable();
        let expected: Vec<u64> = (1..=u64::try_from(CALLS).unwrap()).map(|n| n + workers).collect();
        assert_eq!(numbers, expected, "each call runs once and gets its own reply");
        // None is closed before the server stops: this is the most there were.
        assert_eq!(connections(&mut redis.connect().unwrap()), wanted, "{workers} workers");
    }
}

/// Connections to a Redis that may stand still: as the system sees them.
fn established(redis: &RedisServer) -> usize {
    const ESTABLISHED: &str = "01";
    let remote = format!("0100007F:{:04X}", redis.port());
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let lines = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    lines.filter(|fields| fields[2] == remote && fields[3] == ESTABLISHED).count()
}
