//! One server behind a network that loses its replies.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use testkit::{Fault, FaultProxy, RedisServer};

use crate::counters::CLIENTS;
use crate::round::{ROUNDS, Round, alone, report, run};
use crate::site;

/// How long replies are lost: longer than a command waits for one.
const LOST: Duration = Duration::from_secs(2);

#[test]
fn replies_are_swallowed() {
    let _alone = alone();
    let redis = RedisServer::start().unwrap();
    let proxy = FaultProxy::start(&redis.address()).unwrap();
    let server = site::start(&format!("mode = \"standalone\"\naddress = \"{}\"", proxy.address()));
    let rounds: Vec<(Round, u64)> = (0..ROUNDS)
        .map(|number| {
            let keys: Vec<String> = (0..CLIENTS).map(|index| format!("round-{number}:{index}")).collect();
            let lifted = Arc::new(AtomicBool::new(false));
            let fault = || {
                proxy.set(Fault::SwallowReplies);
                thread::sleep(LOST);
                proxy.set(Fault::Pass);
                lifted.store(true, Ordering::Relaxed);
            };
            let is_lifted = Arc::clone(&lifted);
            let round = run(&server, &keys, "probe", fault, move || is_lifted.load(Ordering::Relaxed));
            let unknown: u64 = round.tallies.iter().map(|tally| tally.unknown).sum();
            assert!(unknown > 0, "no reply was lost");
            let missing = round.missing(&server, |_| true);
            assert_eq!(missing, 0, "acknowledged additions are missing");
            (round, missing)
        })
        .collect();
    report("standalone", "replies lost for 2 s", &rounds);
}
