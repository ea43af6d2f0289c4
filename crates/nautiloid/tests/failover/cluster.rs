//! A cluster of three masters with a replica each.

use std::ops::RangeInclusive;
use std::thread;
use std::time::Duration;

use testkit::{Cluster, Connection};

use crate::counters::CLIENTS;
use crate::round::{ROUNDS, Round, alone, report, run};
use crate::site;
use crate::support::Server;

/// The slots that are moved while counters count.
const MOVED: RangeInclusive<u16> = 0..=1_999;
/// How long a master is stopped: long enough to lose its place.
const STOP: Duration = Duration::from_secs(5);

fn serve(cluster: &Cluster) -> Server {
    let addresses = cluster.addresses();
    site::start(&format!("mode = \"cluster\"\naddresses = [\"{}\", \"{}\"]", addresses[0], addresses[1]))
}

/// Names of counters, half of them in slots that `concerned` picks. The first is one of these.
fn keys(name: &str, concerned: impl Fn(u16) -> bool) -> Vec<String> {
    let named = |index: usize| format!("{name}:{index}");
    let is_concerned = |key: &String| concerned(testkit::slot(key.as_bytes()));
    let inside = (0..).map(named).filter(is_concerned).take(CLIENTS / 2);
    let outside = (0..).map(named).filter(|key| !is_concerned(key)).take(CLIENTS / 2);
    inside.chain(outside).collect()
}

/// The first slot of one of the three masters that there are at first.
fn first_slot(shard: usize) -> u16 {
    u16::try_from(shard * 16384 / 3).unwrap()
}

fn is_in(shard: usize, slot: u16) -> bool {
    slot >= first_slot(shard) && (shard == 2 || slot < first_slot(shard + 1))
}

/// Whether the server at `address` says that it is a master, in a cluster that works.
fn is_master(address: &str) -> bool {
    let Ok(mut connection) = Connection::open(address) else { return false };
    let mut says = |command: &[&str], word: &str| {
        connection.command(command).is_ok_and(|reply| format!("{reply:?}").contains(word))
    };
    says(&["ROLE"], "\"master\"") && says(&["CLUSTER", "INFO"], "cluster_state:ok")
}

/// Who has a master's slots after a fault.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heir {
    /// Its replica, as soon as that says so.
    Replica,
    /// A server that is there before the master goes.
    Newcomer,
}

/// A fault that takes a master's place away from it, another master's in each round: Redis 7.0 gets stuck for 5 s when
/// the same two servers change places three times in a few seconds.
fn lose_master(
    name: &str,
    heir: Heir,
    loses_data: bool,
    fault: impl Fn(&mut Cluster, usize, u16),
    mend: impl Fn(&mut Cluster, usize),
) {
    let _alone = alone();
    let mut cluster = Cluster::start().unwrap();
    let server = serve(&cluster);
    let rounds: Vec<(Round, u64)> = (0..ROUNDS)
        .map(|number| {
            let slot = first_slot(number);
            let master = cluster.master_of(slot).unwrap();
            let replica = cluster.node(cluster.replica_of(master).unwrap()).address();
            let ready = move || heir == Heir::Newcomer || is_master(&replica);
            let keys = keys(&format!("round-{number}"), |slot| is_in(number, slot));
            let probed = probed(&keys);
            let round = run(&server, &keys, &probed, || fault(&mut cluster, master, slot), ready);
            mend(&mut cluster, master);
            cluster.wait_until_ok().unwrap();
            let elsewhere = round.missing(&server, |key| !is_in(number, testkit::slot(key.as_bytes())));
            assert_eq!(elsewhere, 0, "additions on masters that live on are missing");
            let missing = round.missing(&server, |_| true);
            assert!(loses_data || missing == 0, "{missing} acknowledged additions are missing");
            (round, missing)
        })
        .collect();
    report("cluster", name, &rounds);
}

/// A counter beside the first of these, in the same slot.
fn probed(keys: &[String]) -> String {
    format!("probe:{{{}}}", keys[0])
}

#[test]
fn a_master_is_killed() {
    lose_master(
        "master killed",
        Heir::Replica,
        true,
        |cluster, master, slot| {
            cluster.node_mut(master).kill().unwrap();
            cluster.wait_for_master_other_than(master, slot).unwrap();
        },
        |cluster, master| cluster.node_mut(master).restart().unwrap(),
    );
}

#[test]
fn a_master_stops_for_a_while() {
    lose_master(
        "master stopped for 5 s",
        Heir::Replica,
        true,
        |cluster, master, _| {
            cluster.node(master).pause().unwrap();
            thread::sleep(STOP);
            cluster.node(master).resume().unwrap();
        },
        |_, _| {},
    );
}

#[test]
fn a_replica_takes_over() {
    lose_master(
        "`CLUSTER FAILOVER`",
        Heir::Replica,
        false,
        |cluster, master, _| cluster.failover(cluster.replica_of(master).unwrap()).unwrap(),
        |_, _| {},
    );
}

#[test]
fn a_node_is_replaced() {
    lose_master(
        "master replaced by a new node",
        Heir::Newcomer,
        false,
        |cluster, master, _| {
            cluster.replace(master).unwrap();
        },
        |_, _| {},
    );
}

#[test]
fn slots_move() {
    let _alone = alone();
    let cluster = Cluster::start().unwrap();
    let server = serve(&cluster);
    let rounds: Vec<(Round, u64)> = (0..ROUNDS)
        .map(|number| {
            let keys = keys(&format!("round-{number}"), |slot| MOVED.contains(&slot));
            let fault = || cluster.migrate_slots(number % 3, (number + 1) % 3, MOVED).unwrap();
            let round = run(&server, &keys, &probed(&keys), fault, || true);
            cluster.wait_until_ok().unwrap();
            let missing = round.missing(&server, |_| true);
            assert_eq!(missing, 0, "acknowledged additions are missing");
            (round, missing)
        })
        .collect();
    report("cluster", "2 000 slots moved", &rounds);
}
