//! Redis is not there yet, is killed, or stops in its tracks.

use testkit::RedisServer;

use crate::load::Load;
use crate::site::{COUNT, COUNT_BY_SCRIPT, ECHO, TIMEOUT, error_of, label, site_on, wait_until_it_works};

#[test]
fn a_server_that_starts_late_is_found() {
    let port = RedisServer::free_port().unwrap();
    let address = format!("127.0.0.1:{port}");
    let server = site_on(&address).start();
    for hook in [COUNT, COUNT_BY_SCRIPT, ECHO] {
        let (error, _) = error_of(&server, hook);
        assert!(error.starts_with(&label(&address)), "{error}");
        assert!(error.contains("Connection refused"), "{error}");
        assert!(error.ends_with("; nothing was sent"), "{error}");
    }
    let redis = RedisServer::start_on(port).unwrap();
    for hook in [COUNT, ECHO] {
        wait_until_it_works(&server, hook);
    }
    // The init script ran when there was nobody to upload to: the script is uploaded when it is needed.
    wait_until_it_works(&server, COUNT_BY_SCRIPT);
    server.log.wait_for("is back after");
    drop(redis);
}

#[test]
fn a_server_killed_under_load_is_used_again_when_it_is_back() {
    let mut redis = RedisServer::start().unwrap();
    let server = site_on(&redis.address()).start();
    let load = Load::start(&server, &redis.address());
    for _ in 0..3 {
        load.wait_for_good(300);
        redis.kill().unwrap();
        load.wait_for_failed(100);
        // It comes back without the uploaded script.
        redis.restart().unwrap();
        load.wait_for_good(300);
    }
    let tally = load.finish();
    let by_script = |id: u64| id % 3 == 1;
    assert!(tally.counted.iter().any(|outcome| by_script(outcome.id) && outcome.result.is_ok()));
    assert_eq!(server.get("/ping").text(), "pong");
}

#[test]
fn a_server_that_stops_answering_costs_a_deadline_and_no_more() {
    let redis = RedisServer::start().unwrap();
    // One worker, whose connection is known to be open when the server stops.
    let server = site_on(&redis.address()).server("workers = 1").start();
    let label = label(&redis.address());
    for _ in 0..3 {
        wait_until_it_works(&server, COUNT_BY_SCRIPT);
        redis.pause().unwrap();
        let (error, took) = error_of(&server, COUNT);
        assert_eq!(error, format!("{label}no reply within 500ms (read_timeout); the command may have run"));
        assert!(took >= TIMEOUT, "{took:?}");
        // What needs no Redis goes on.
        assert_eq!(server.get("/ping").text(), "pong");
        let (error, _) = error_of(&server, ECHO);
        let reason = "cannot connect: no answer within 500ms (connect_timeout); nothing was sent";
        assert_eq!(error, format!("{label}{reason}"));
        // Now that it is known, no request waits.
        let (error, took) = error_of(&server, ECHO);
        assert_eq!(error, format!("{label}{reason}"));
        assert!(took < TIMEOUT, "{took:?}");
        redis.resume().unwrap();
        wait_until_it_works(&server, COUNT);
    }
}

#[test]
fn a_server_that_stops_answering_under_load_leaves_nobody_waiting() {
    let redis = RedisServer::start().unwrap();
    let server = site_on(&redis.address()).start();
    let load = Load::start(&server, &redis.address());
    for _ in 0..2 {
        load.wait_for_good(300);
        redis.pause().unwrap();
        load.wait_for_failed(100);
        redis.resume().unwrap();
        load.wait_for_good(300);
    }
    load.finish();
}
