//! Another server becomes the master.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use testkit::{RedisServer, SentinelOptions, Sentinels};

use crate::liar::Liar;
use crate::load::{Call, Load, runs};
use crate::site::{COUNT, GET, SET, ask, pool, pool_of, site, value_of, wait_for_value};

/// Long enough for a busy machine, on which a Sentinel takes a live server for dead sooner than one thinks.
fn options() -> SentinelOptions {
    SentinelOptions { down_after: Duration::from_secs(2), ..SentinelOptions::default() }
}

/// One failover at a time: Sentinels that do not get the processor vote and promote at cross-purposes.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The calls that were acknowledged and are not on the server; fails when one ran twice.
fn lost(setup: &Sentinels, master: usize, calls: &[Call]) -> Vec<Call> {
    let runs = runs(setup.node(master));
    let twice: Vec<_> = runs.iter().filter(|(_, runs)| **runs > 1).collect();
    assert!(twice.is_empty(), "ran twice: {twice:?}");
    for call in calls {
        let may_not_have_run = call.result.as_ref().is_err_and(|error| !error.ends_with("the command may have run"));
        assert!(!may_not_have_run || !runs.contains_key(&call.id), "ran all the same: {call:?}");
    }
    calls.iter().filter(|call| call.result.is_ok() && !runs.contains_key(&call.id)).cloned().collect()
}

#[test]
fn a_failover_on_request_is_followed_at_once() {
    let _alone = alone();
    let setup = Sentinels::start_with(&options()).unwrap();
    let server = site(&pool_of("sentinel", &setup, "")).start();
    let load = Load::start(&server);
    load.wait_for_good(300);
    let first = setup.master().unwrap();
    setup.failover().unwrap();
    let second = setup.wait_for_master_other_than(first).unwrap();
    let named = Instant::now();
    server.log.wait_for(&format!("the master is now {}", setup.node(second).address()));
    assert!(named.elapsed() < Duration::from_secs(1), "{:?}", named.elapsed());
    load.wait_for_good(300);
    setup.wait_until_ready().unwrap();
    let calls = load.finish();
    // What the old master acknowledges while both are masters is lost, since that is how Redis replicates; it is over
    // when the leader of the failover has told the replica, long before the Sentinels name it.
    let lost = lost(&setup, second, &calls);
    if let (Some(begin), Some(end)) = (lost.iter().map(|call| call.at).min(), lost.iter().map(|call| call.at).max()) {
        eprintln!("{} calls lost within {:?}, {:?} before the master was named", lost.len(), end - begin, named - end);
    }
    assert!(lost.iter().all(|call| call.at < named), "{lost:?}");
}

#[test]
fn a_killed_master_is_replaced() {
    let _alone = alone();
    let mut setup = Sentinels::start_with(&options()).unwrap();
    let server = site(&pool_of("sentinel", &setup, "")).start();
    let load = Load::start(&server);
    load.wait_for_good(300);
    let first = setup.master().unwrap();
    let killed = Instant::now();
    setup.node_mut(first).kill().unwrap();
    let second = setup.wait_for_master_other_than(first).unwrap();
    let named = Instant::now();
    load.wait_for_good(300);
    let calls = load.since(killed);
    // The end of the longest time without success.
    let mut good: Vec<Instant> = calls.iter().filter(|call| call.result.is_ok()).map(|call| call.at).collect();
    good.sort();
    let back = good.windows(2).max_by_key(|pair| pair[1] - pair[0]).unwrap()[1];
    eprintln!("named {:?} after the kill, used again after {:?}", named - killed, back - killed);
    assert!(back < named + Duration::from_secs(1), "{:?} after it was named", back - named);
    server.log.wait_for("is down: ");
    server.log.wait_for("is back after");

    // What was a master comes back as one, and is not used.
    setup.node_mut(first).restart().unwrap();
    load.wait_for_good(300);
    setup.wait_until_ready().unwrap();
    let calls = load.finish();
    let lost = lost(&setup, second, &calls);
    assert!(lost.iter().all(|call| call.at < killed + Duration::from_millis(50)), "{lost:?}");
}

#[test]
fn a_master_that_stops_answering_is_replaced() {
    let _alone = alone();
    let setup = Sentinels::start_with(&options()).unwrap();
    let server = site(&pool_of("sentinel", &setup, "")).start();
    assert_eq!(value_of(&server, SET, 1), "OK");
    let first = setup.master().unwrap();
    setup.node(first).pause().unwrap();
    setup.wait_for_master_other_than(first).unwrap();
    let named = Instant::now();
    assert_eq!(wait_for_value(&server, SET, 2), "OK");
    // A command that was on its way may have had to wait for its deadline first.
    assert!(named.elapsed() < Duration::from_secs(2), "{:?}", named.elapsed());
    setup.node(first).resume().unwrap();
    assert_eq!(value_of(&server, GET, 0), "2");
}

#[test]
fn sentinels_are_learned() {
    let _alone = alone();
    let mut setup = Sentinels::start_with(&options()).unwrap();
    let first = setup.master().unwrap();
    let configured = &setup.sentinel_addresses()[..1];
    let server = site(&pool("sentinel", configured, setup.master_name(), "")).server("workers = 1").start();
    assert_eq!(value_of(&server, SET, 1), "OK");
    // It knows the others when it has asked for the first time, which took no longer than the answer.
    assert_eq!(value_of(&server, SET, 2), "OK");
    setup.sentinels_mut()[0].kill().unwrap();
    setup.node_mut(first).kill().unwrap();
    setup.wait_for_master_other_than(first).unwrap();
    let named = Instant::now();
    assert_eq!(wait_for_value(&server, SET, 3), "OK");
    assert!(named.elapsed() < Duration::from_secs(1), "{:?}", named.elapsed());
}

#[test]
fn a_master_that_takes_no_writes_any_more_is_left_and_the_command_runs_on_the_new_one() {
    let (first, second) = (RedisServer::start().unwrap(), RedisServer::start().unwrap());
    let sentinel = Liar::start(&first.address(), 1);
    let server =
        site(&pool("sentinel", std::slice::from_ref(&sentinel.address), "main", "")).server("workers = 1").start();
    let mut client = server.connect();
    assert_eq!(ask(&mut client, COUNT, 0).unwrap(), "1");
    // The connection stays, and no event tells: the next write finds out.
    first.connect().unwrap().succeed(&["REPLICAOF", "127.0.0.1", &second.port().to_string()]).unwrap();
    sentinel.name(&second.address());
    for id in 1..20 {
        assert_eq!(ask(&mut client, COUNT, id).unwrap(), "1");
    }
    let errors = first.connect().unwrap().text(&["INFO", "errorstats"]).unwrap();
    assert!(errors.contains("errorstat_READONLY:count=1"), "{errors}");
    let runs = runs(&second);
    assert!((1..20).all(|id| runs.get(&id) == Some(&1)), "{runs:?}");
}
