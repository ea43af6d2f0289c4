//! One Sentinel that is wrong does no harm as long as another one is right.

use std::net::TcpListener;

use nautiloid_resp::Value;
use testkit::{RedisServer, Sentinels};

use crate::liar::Liar;
use crate::site::{COUNT, KEY, SET, ask, pool, site, value_of, wait_for_value};

/// Far in the future of every true Sentinel.
const EPOCH: u64 = 1000;

/// A pool whose first Sentinel names `master`.
fn pool_with_liar(setup: &Sentinels, master: &str, epoch: u64) -> String {
    let sentinels = [vec![Liar::start(master, epoch).address], setup.sentinel_addresses()].concat();
    pool("sentinel", &sentinels, setup.master_name(), "min_idle_conns = 2")
}

fn is_on_master(setup: &Sentinels, value: &str) {
    let mut master = setup.node(setup.master().unwrap()).connect().unwrap();
    assert_eq!(master.text(&["GET", KEY]).unwrap(), value);
}

#[test]
fn a_liar_that_names_a_replica_a_dead_server_or_a_silent_one() {
    let setup = Sentinels::start().unwrap();
    let dead = format!("127.0.0.1:{}", RedisServer::free_port().unwrap());
    // It takes connections and answers nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = silent.local_addr().map(|address| (silent, address.to_string())).unwrap();
    for (id, master) in (1..).zip([&setup.node(1).address(), &dead, &silent.1]) {
        let server = site(&pool_with_liar(&setup, master, EPOCH)).start();
        assert_eq!(value_of(&server, SET, id), "OK", "{master}");
        is_on_master(&setup, &id.to_string());
        // Nor does it hop while it works.
        let mut client = server.connect();
        for id in 0..500 {
            ask(&mut client, COUNT, id).unwrap();
        }
        assert!(!server.log.text().contains("the master is now"), "{}", server.log.text());
    }
}

#[test]
fn a_liar_is_outvoted_when_it_names_the_master_of_others() {
    let setup = Sentinels::start().unwrap();
    let other = RedisServer::start().unwrap();
    let server = site(&pool_with_liar(&setup, &other.address(), 0)).start();
    assert_eq!(value_of(&server, SET, 1), "OK");
    is_on_master(&setup, "1");
    assert_eq!(other.connect().unwrap().succeed(&["DBSIZE"]).unwrap(), Value::Integer(0));
}

#[test]
fn a_liar_does_not_hide_a_failover() {
    let mut setup = Sentinels::start().unwrap();
    let first = setup.master().unwrap();
    let server = site(&pool_with_liar(&setup, &setup.node(first).address(), EPOCH)).start();
    assert_eq!(value_of(&server, SET, 1), "OK");
    setup.node_mut(first).kill().unwrap();
    setup.wait_for_master_other_than(first).unwrap();
    assert_eq!(wait_for_value(&server, SET, 2), "OK");
    is_on_master(&setup, "2");
}
