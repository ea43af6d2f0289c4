//! A network that loses replies: what was asked has run, and nobody hears of it. On every topology.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use testkit::{Cluster, ClusterOptions, Fault, FaultProxy, RedisServer, SentinelOptions, Sentinels};

use crate::counters::CLIENTS;
use crate::round::{ROUNDS, Round, alone, report, run};
use crate::site;

/// How long replies are lost: longer than a command waits for one.
const LOST: Duration = Duration::from_secs(2);

/// Loses the replies that `proxy` carries. All keys share the hash tag, so all of them are concerned.
fn lose_replies(topology: &str, redis: &str, tag: &str, proxy: &FaultProxy) {
    let server = site::start(redis);
    let rounds: Vec<(Round, u64)> = (0..ROUNDS)
        .map(|number| {
            let keys: Vec<String> = (0..CLIENTS).map(|index| format!("{{{tag}}}:round-{number}:{index}")).collect();
            let lifted = Arc::new(AtomicBool::new(false));
            let fault = || {
                proxy.set(Fault::SwallowReplies);
                thread::sleep(LOST);
                proxy.set(Fault::Pass);
                lifted.store(true, Ordering::Relaxed);
            };
            let is_lifted = Arc::clone(&lifted);
            let probed = format!("{{{tag}}}:probe");
            let round = run(&server, &keys, &probed, fault, move || is_lifted.load(Ordering::Relaxed));
            let unknown: u64 = round.tallies.iter().map(|tally| tally.unknown).sum();
            assert!(unknown > 0, "no reply was lost");
            let missing = round.missing(&server, |_| true);
            assert_eq!(missing, 0, "acknowledged additions are missing");
            (round, missing)
        })
        .collect();
    report(topology, "replies lost for 2 s", &rounds);
}

#[test]
fn of_one_server() {
    let _alone = alone();
    let redis = RedisServer::start().unwrap();
    let proxy = FaultProxy::start(&redis.address()).unwrap();
    lose_replies("standalone", &format!("mode = \"standalone\"\naddress = \"{}\"", proxy.address()), "a", &proxy);
}

#[test]
fn of_a_master_behind_sentinel() {
    let _alone = alone();
    // The Sentinels go through the proxy, too, and are not to take the master for dead.
    let patient = SentinelOptions { proxies: true, down_after: 10 * LOST, ..SentinelOptions::default() };
    let setup = Sentinels::start_with(&patient).unwrap();
    let (addresses, name) = (setup.sentinel_addresses(), setup.master_name());
    let redis = format!("mode = \"sentinel\"\naddresses = {addresses:?}\nmaster_name = \"{name}\"");
    let master = setup.node(setup.master().unwrap());
    lose_replies("sentinel", &redis, "a", master.proxy().unwrap());
}

#[test]
fn of_a_master_in_a_cluster() {
    let _alone = alone();
    let cluster = Cluster::start_with(&ClusterOptions { proxies: true, ..ClusterOptions::default() }).unwrap();
    let redis = format!("mode = \"cluster\"\naddresses = {:?}", cluster.addresses());
    let master = cluster.node(cluster.master_of(testkit::slot(b"a")).unwrap());
    lose_replies("cluster", &redis, "a", master.proxy().unwrap());
}
