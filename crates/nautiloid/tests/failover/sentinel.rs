//! A master with two replicas and three Sentinels.

use std::thread;
use std::time::Duration;

use nautiloid_resp::Value;
use testkit::{Connection, Sentinels};

use crate::counters::CLIENTS;
use crate::round::{ROUNDS, Round, alone, report, run};
use crate::site;

/// How long the master is stopped: long enough to lose its place.
const STOP: Duration = Duration::from_secs(5);

/// Whether a Sentinel names another master than the server at `old`, and that one says so itself.
fn another_is_master(sentinels: &[String], old: &str) -> bool {
    sentinels.iter().any(|sentinel| {
        let named = || {
            let mut connection = Connection::open(sentinel).ok()?;
            match connection.command(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main"]).ok()? {
                Value::Array(parts) => match parts.as_slice() {
                    [Value::Bulk(host), Value::Bulk(port)] => {
                        Some(format!("{}:{}", String::from_utf8_lossy(host), String::from_utf8_lossy(port)))
                    }
                    _ => None,
                },
                _ => None,
            }
        };
        let Some(master) = named().filter(|master| master != old) else { return false };
        let role = Connection::open(&master).and_then(|mut connection| connection.command(&["ROLE"]));
        role.is_ok_and(|role| format!("{role:?}").contains("master"))
    })
}

/// A fault after which another server is master, unless `stays`.
fn fault(name: &str, stays: bool, fault: impl Fn(&mut Sentinels, usize), mend: impl Fn(&mut Sentinels, usize)) {
    let _alone = alone();
    let mut setup = Sentinels::start().unwrap();
    let sentinels = setup.sentinel_addresses();
    let server = site::start(&format!(
        "mode = \"sentinel\"\naddresses = [\"{}\"]\nmaster_name = \"{}\"",
        sentinels.join("\", \""),
        setup.master_name()
    ));
    let rounds: Vec<(Round, u64)> = (0..ROUNDS)
        .map(|number| {
            let master = setup.master().unwrap();
            let (sentinels, old) = (sentinels.clone(), setup.node(master).address());
            let keys: Vec<String> = (0..CLIENTS).map(|index| format!("round-{number}:{index}")).collect();
            let ready = move || stays || another_is_master(&sentinels, &old);
            let round = run(&server, &keys, "probe", || fault(&mut setup, master), ready);
            mend(&mut setup, master);
            setup.wait_until_ready().unwrap();
            let missing = round.missing(&server, |_| true);
            assert!(!stays || missing == 0, "{missing} acknowledged additions are missing");
            (round, missing)
        })
        .collect();
    report("sentinel", name, &rounds);
}

#[test]
fn the_master_is_killed() {
    fault(
        "master killed",
        false,
        |setup, master| {
            setup.node_mut(master).kill().unwrap();
            setup.wait_for_master_other_than(master).unwrap();
        },
        |setup, master| setup.node_mut(master).restart().unwrap(),
    );
}

#[test]
fn the_master_stops_for_a_while() {
    fault(
        "master stopped for 5 s",
        false,
        |setup, master| {
            setup.node(master).pause().unwrap();
            thread::sleep(STOP);
            setup.node(master).resume().unwrap();
        },
        |_, _| {},
    );
}

#[test]
fn an_operator_asks_for_a_failover() {
    fault(
        "`SENTINEL FAILOVER`",
        false,
        |setup, master| {
            setup.failover().unwrap();
            setup.wait_for_master_other_than(master).unwrap();
        },
        |_, _| {},
    );
}

#[test]
fn every_sentinel_is_restarted() {
    fault(
        "every Sentinel restarted",
        true,
        |setup, _| {
            for sentinel in setup.sentinels_mut() {
                sentinel.restart().unwrap();
            }
        },
        |_, _| {},
    );
}
