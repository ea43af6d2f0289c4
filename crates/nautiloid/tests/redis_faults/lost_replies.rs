//! A command whose reply is lost has run or has not: either way it is not sent again.

use std::collections::HashMap;
use std::time::Instant;

use nautiloid_resp::Value;
use testkit::{At, Connection, Fault, FaultProxy, RedisServer, Way};

use crate::load::{Load, nothing_was_sent};
use crate::site::{ECHO, RUNS, site_on, wait_until_it_works};
use crate::support::PATIENCE;

/// How often the connection is lost in a test.
const CUTS: usize = 200;
/// Most pieces that a connection carries in a direction before it is lost.
const LONGEST: usize = 40;

/// How each connection is lost; that depends on its number alone, so every run sees the same mixture.
fn cut(number: usize) -> Fault {
    // The first piece of each direction sets the connection up.
    let last = 2 + number * 7 % LONGEST;
    match number % 4 {
        1 => Fault::Cut(Way::Requests, At::InsidePiece(last)),
        3 => Fault::Cut(Way::Replies, At::InsidePiece(last)),
        // The requests have run, and nothing of their replies arrives.
        _ => Fault::Cut(Way::Replies, At::Piece(last)),
    }
}

/// A bulk string as text.
pub(crate) fn text(value: Value) -> String {
    match value {
        Value::Bulk(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
        other => panic!("a string was expected: {other:?}"),
    }
}

/// How often the command of each request ran, by the request's id.
fn runs(redis: &mut Connection) -> HashMap<u64, u64> {
    let Value::Array(pairs) = redis.command(&["HGETALL", RUNS]).unwrap() else { panic!("no array") };
    let numbers: Vec<u64> = pairs.into_iter().map(|value| text(value).parse().unwrap()).collect();
    numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect()
}

/// `calls=` of a command in `INFO commandstats`.
fn calls(redis: &mut Connection, command: &str) -> usize {
    let info = text(redis.command(&["INFO", "commandstats"]).unwrap());
    let line = info.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:calls="))).unwrap();
    line.split(',').next().unwrap().parse().unwrap()
}

/// Waits until there is another client.
fn wait_until_it_connects(redis: &mut Connection) {
    let start = Instant::now();
    while text(redis.command(&["CLIENT", "LIST"]).unwrap()).lines().count() < 2 {
        assert!(start.elapsed() < PATIENCE, "nobody connects");
    }
}

#[test]
fn no_command_runs_twice_when_replies_are_lost() {
    let redis = RedisServer::start().unwrap();
    let proxy = FaultProxy::start(&redis.address()).unwrap();
    proxy.set_each(cut);
    let server = site_on(&proxy.address()).start();
    let mut direct = redis.connect().unwrap();

    let load = Load::start(&server, &proxy.address());
    while proxy.cuts() < CUTS {
        load.wait_for_good(20);
        // The way through NOSCRIPT and back is to be lost, too.
        direct.command(&["SCRIPT", "FLUSH"]).unwrap();
    }
    proxy.set(Fault::Pass);
    load.wait_for_good(100);
    let tally = load.finish();

    let runs = runs(&mut direct);
    let twice: Vec<_> = runs.iter().filter(|(_, times)| **times != 1).collect();
    assert!(twice.is_empty(), "request and number of runs: {twice:?}");
    // What Redis itself has counted: not one more than the traces that were left.
    assert_eq!(calls(&mut direct, "hincrby"), runs.len());

    let mut executed_and_lost = 0;
    for outcome in &tally.counted {
        let ran = runs.contains_key(&outcome.id);
        match &outcome.result {
            Ok(_) => assert!(ran, "request {} succeeded and left no trace", outcome.id),
            Err(error) if nothing_was_sent(error) => assert!(!ran, "request {} ran: {error}", outcome.id),
            Err(_) => executed_and_lost += usize::from(ran),
        }
    }
    // Nothing ran that no script has asked for.
    assert!(runs.len() <= tally.counted.len());
    // And the test has put all this to the test.
    assert!(executed_and_lost >= CUTS / 10, "only {executed_and_lost} replies were lost");
}

#[test]
fn a_reply_lost_by_a_kill_is_not_asked_for_again() {
    let mut redis = RedisServer::start().unwrap();
    let server = site_on(&redis.address()).start();
    for _ in 0..5 {
        let load = Load::start(&server, &redis.address());
        load.wait_for_good(200);
        redis.kill().unwrap();
        load.wait_for_failed(50);
        load.finish();
        // Nobody asks any more; a command that is sent now was kept from before.
        redis.restart().unwrap();
        let mut direct = redis.connect().unwrap();
        wait_until_it_connects(&mut direct);
        assert_eq!(runs(&mut direct).len(), 0, "commands were sent again after the restart");
        wait_until_it_works(&server, ECHO);
    }
}
