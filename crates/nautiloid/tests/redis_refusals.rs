//! A standalone server that is there and refuses: it loads, cannot save, is full, or is a replica.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes a test's own functions for production code"
)]

mod support;

use std::thread;
use std::time::{Duration, Instant};

use nautiloid_resp::Value;
use support::{PATIENCE, Server, Site};
use testkit::RedisServer;

/// `connect_timeout` and `read_timeout` of the pool.
const TIMEOUT: Duration = Duration::from_millis(1000);
/// Longest a call may take: to find a server and to get a reply, and room for a busy machine.
const DEADLINE: Duration = Duration::from_millis(2 * 1000 + 1500);

const GET: &str = "/get";
const SET: &str = "/set";
const SCRIPT: &str = "/script";
const UPLOAD: &str = "/upload";
const RUN: &str = "/run";

/// The script of the last hook, which writes.
const SOURCE: &str = "return redis.call('SET', KEYS[1], 'v')";

fn serve(redis: &RedisServer) -> Server {
    let hook = |call: &str| {
        format!(
            "local redis = require('nauthilus_redis')\nfunction nauthilus_run_hook()\n    \
             local value, err = {call}\n    return {{ value = value, error = err }}\nend\n"
        )
    };
    let timeout = format!("\"{}ms\"", TIMEOUT.as_millis());
    Site::new()
        .server("workers = 1")
        .section(&format!(
            "[redis]\naddress = \"{}\"\nconnect_timeout = {timeout}\nread_timeout = {timeout}",
            redis.address()
        ))
        .hook("GET", GET, &hook("redis.redis_get('default', 'k')"))
        .hook("GET", SET, &hook("redis.redis_set('default', 'k', 'v')"))
        .hook("GET", SCRIPT, &hook(&format!("redis.redis_run_script('default', [[{SOURCE}]], '', {{ 'k' }}, {{}})")))
        .hook("GET", UPLOAD, &hook("redis.redis_upload_script('default', [[return 'ran']], 'named')"))
        .hook("GET", RUN, &hook("redis.redis_run_script('default', '', 'named', {}, {})"))
        .start()
}

/// That the log names the pool, its mode and address with what the server says of itself: once, however many commands it
/// refuses.
fn assert_told_once(server: &Server, redis: &RedisServer, state: &str) {
    let line = server.log.wait_for(&format!("a server refuses commands: {state} "));
    assert!(line.contains(&format!("redis pool \"default\" (standalone {})", redis.address())), "{line}");
    assert_eq!(server.log.text().matches(" a server refuses commands: ").count(), 1, "{}", server.log.text());
}

/// One request to a hook: what its call gave.
fn ask(server: &Server, hook: &str) -> Result<String, String> {
    let start = Instant::now();
    let response = server.hook(hook);
    let took = start.elapsed();
    assert_eq!(response.status, 200, "{}", response.text());
    assert!(took < DEADLINE, "{hook} took {took:?}: {}", response.text());
    let answer = response.json();
    match (answer["value"].as_str(), answer["error"].as_str()) {
        (Some(value), None) => Ok(value.to_owned()),
        (None, Some(error)) => Err(error.to_owned()),
        _ => panic!("neither a value nor an error: {}", response.text()),
    }
}

fn ok(value: &str) -> Result<String, String> {
    Ok(value.to_owned())
}

/// Looks until there is an answer.
fn wait_until<T>(what: &str, mut look: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match look() {
            Ok(answer) => return answer,
            Err(reason) => assert!(start.elapsed() < PATIENCE, "{what}, not yet: {reason}"),
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// What the server itself answers to a command that it refuses.
fn own_text(redis: &RedisServer, command: &[&str]) -> String {
    match redis.connect().unwrap().command(command).unwrap() {
        Value::Error(text) => String::from_utf8_lossy(&text).into_owned(),
        other => panic!("{command:?} gives {other:?}"),
    }
}

fn info(redis: &RedisServer, section: &str, field: &str) -> String {
    let info = redis.connect().unwrap().text(&["INFO", section]).unwrap();
    let value = info.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    value.unwrap_or_else(|| panic!("no {field} in {info}")).to_owned()
}

/// A server that takes 20 ms for each key when it loads, and answers in between, with a file that takes longer to load
/// than any test waits. [`let_it_load`] ends that.
fn slow_to_load() -> RedisServer {
    let redis = RedisServer::start_with(&[
        "--key-load-delay",
        "20000",
        "--loading-process-events-interval-bytes",
        "1024",
        "--rdbcompression",
        "no",
        "--enable-debug-command",
        "yes",
    ])
    .unwrap();
    let mut direct = redis.connect().unwrap();
    let value = "x".repeat(2048);
    direct.succeed(&["SET", "k", "loaded"]).unwrap();
    for number in 0..2_000 {
        direct.succeed(&["SET", &format!("filler:{number}"), &value]).unwrap();
    }
    direct.succeed(&["SAVE"]).unwrap();
    redis
}

fn let_it_load(redis: &RedisServer) {
    redis.connect().unwrap().succeed(&["CONFIG", "SET", "key-load-delay", "0"]).unwrap();
}

const LOADING: &str = "LOADING Redis is loading the dataset in memory";

#[test]
fn a_server_that_starts_and_loads() {
    let mut redis = slow_to_load();
    redis.restart().unwrap();
    assert_eq!(info(&redis, "persistence", "loading"), "1");
    let server = serve(&redis);
    let expected = format!(
        "redis pool \"default\" (standalone {}): the server refused the connection: {LOADING}; nothing was sent",
        redis.address()
    );
    for hook in [GET, SET, SCRIPT, GET] {
        assert_eq!(ask(&server, hook), Err(expected.clone()));
    }
    assert_eq!(info(&redis, "persistence", "loading"), "1", "it has not been put to the test");
    let_it_load(&redis);
    assert_eq!(wait_until("it has loaded", || ask(&server, GET)), "loaded");
    assert_eq!(ask(&server, SET), ok("OK"));
    let log = server.log.text();
    assert_eq!((log.matches(" is down: ").count(), log.matches(" is back after ").count()), (1, 1), "{log}");
}

#[test]
fn a_server_that_loads_while_it_is_connected() {
    let redis = slow_to_load();
    let server = serve(&redis);
    assert_eq!(ask(&server, GET), ok("loaded"));
    thread::scope(|scope| {
        let reload = scope.spawn(|| redis.connect().unwrap().command(&["DEBUG", "RELOAD", "NOSAVE"]));
        wait_until("it loads", || match info(&redis, "persistence", "loading").as_str() {
            "1" => Ok(()),
            other => Err(other.to_owned()),
        });
        assert_eq!(ask(&server, SET), Err(LOADING.to_owned()));
        // One that the server refuses at first is sent again as long as there is time.
        let refused = info(&redis, "stats", "total_error_replies");
        let call = scope.spawn(|| ask(&server, GET));
        wait_until("it is refused", || match info(&redis, "stats", "total_error_replies") {
            now if now == refused => Err(now),
            _ => Ok(()),
        });
        let_it_load(&redis);
        assert_eq!(call.join().unwrap(), ok("loaded"));
        reload.join().unwrap().unwrap();
    });
    assert_told_once(&server, &redis, "LOADING");
}

#[test]
fn a_server_that_cannot_save_is_read_and_refuses_writes() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_str().unwrap().to_owned();
    let redis = RedisServer::start_with(&["--dir", &dir, "--save", "3600 1"]).unwrap();
    redis.connect().unwrap().succeed(&["SET", "k", "kept"]).unwrap();
    let server = serve(&redis);
    assert_eq!(ask(&server, GET), ok("kept"));
    // Not even root can write to a folder that is gone.
    folder.close().unwrap();
    redis.connect().unwrap().command(&["BGSAVE"]).unwrap();
    wait_until("a snapshot has failed", || match info(&redis, "persistence", "rdb_last_bgsave_status").as_str() {
        "err" => Ok(()),
        other => Err(other.to_owned()),
    });
    let refused = own_text(&redis, &["SET", "k", "v"]);
    assert!(refused.starts_with("MISCONF "), "{refused}");
    let refused_in_script = own_text(&redis, &["EVAL", SOURCE, "1", "k"]);
    for _ in 0..3 {
        assert_eq!(ask(&server, SET), Err(refused.clone()));
        assert_eq!(ask(&server, SCRIPT), Err(refused_in_script.clone()));
        assert_eq!(ask(&server, GET), ok("kept"));
    }
    // Redis refuses PING, too, by which new connections are tried.
    let after = serve(&redis);
    assert_eq!(ask(&after, GET), ok("kept"));
    assert_eq!(ask(&after, SET), Err(refused));
    assert_told_once(&server, &redis, "MISCONF");
}

#[test]
fn a_server_that_is_full_is_read_and_refuses_writes() {
    let redis = RedisServer::start().unwrap();
    redis.connect().unwrap().succeed(&["SET", "k", "kept"]).unwrap();
    for setting in [["maxmemory-policy", "noeviction"], ["maxmemory", "100kb"]] {
        redis.connect().unwrap().succeed(&["CONFIG", "SET", setting[0], setting[1]]).unwrap();
    }
    let refused = own_text(&redis, &["SET", "k", "v"]);
    assert_eq!(refused, "OOM command not allowed when used memory > 'maxmemory'.");
    let refused_in_script = own_text(&redis, &["EVAL", SOURCE, "1", "k"]);
    assert!(refused_in_script.starts_with("OOM "), "{refused_in_script}");
    let server = serve(&redis);
    for _ in 0..3 {
        assert_eq!(ask(&server, SET), Err(refused.clone()));
        assert_eq!(ask(&server, SCRIPT), Err(refused_in_script.clone()));
        assert_eq!(ask(&server, GET), ok("kept"));
    }
    redis.connect().unwrap().succeed(&["CONFIG", "SET", "maxmemory", "0"]).unwrap();
    assert_eq!(ask(&server, SET), ok("OK"));
    assert_told_once(&server, &redis, "OOM");
}

#[test]
fn a_replica_under_the_address_of_a_master_is_read_and_refuses_writes() {
    let master = RedisServer::start().unwrap();
    master.connect().unwrap().succeed(&["SET", "k", "kept"]).unwrap();
    let replica = RedisServer::start_with(&["--replicaof", &format!("127.0.0.1 {}", master.port())]).unwrap();
    wait_until("the replica is in sync", || match info(&replica, "replication", "master_link_status").as_str() {
        "up" => Ok(()),
        other => Err(other.to_owned()),
    });
    let server = serve(&replica);
    let refused = own_text(&replica, &["SET", "k", "v"]);
    assert!(refused.starts_with("READONLY "), "{refused}");
    let refused_in_script = own_text(&replica, &["EVAL", SOURCE, "1", "k"]);

    let connections = || info(&replica, "stats", "total_connections_received").parse::<u64>().unwrap();
    let (before, start) = (connections(), Instant::now());
    for _ in 0..100 {
        assert_eq!(ask(&server, SET), Err(refused.clone()));
        assert_eq!(ask(&server, SCRIPT), Err(refused_in_script.clone()));
        assert_eq!(ask(&server, GET), ok("kept"));
    }
    // A second is how long a connection to a replica is kept. One more is the test's own.
    let (opened, seconds) = (connections() - before, start.elapsed().as_secs());
    assert!(opened <= 2 + seconds, "{opened} connections in {seconds} s");

    // The address leads to a master again: the pool finds out by itself.
    replica.connect().unwrap().succeed(&["REPLICAOF", "NO", "ONE"]).unwrap();
    assert_eq!(ask(&server, SET), ok("OK"));
}

#[test]
fn a_script_that_meets_a_busy_server_is_remembered() {
    let redis = RedisServer::start_with(&["--busy-reply-threshold", "1"]).unwrap();
    let server = serve(&redis);
    assert_eq!(ask(&server, SET), ok("OK"));
    let mut endless = redis.connect().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| endless.command(&["EVAL", "while true do end", "0"]));
        wait_until("the server is busy", || match redis.connect().unwrap().command(&["GET", "k"]) {
            Ok(Value::Error(text)) if text.starts_with(b"BUSY ") => Ok(()),
            other => Err(format!("{other:?}")),
        });
        let refused = ask(&server, UPLOAD);
        redis.connect().unwrap().succeed(&["SCRIPT", "KILL"]).unwrap();
        assert!(matches!(&refused, Err(text) if text.starts_with("BUSY ")), "{refused:?}");
    });
    assert_eq!(ask(&server, RUN), ok("ran"));
}
