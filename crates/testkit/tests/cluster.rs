//! A Cluster does what the tests of its faults rely on.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

use std::process::Command;
use std::thread;

use nautiloid_resp::Value;
use testkit::{Certificates, Cluster, ClusterOptions, Connection, Credentials, Fault, slot};

#[test]
fn slots_are_those_of_the_specification() {
    assert_eq!(slot(b"123456789"), 0x31C3);
    assert_eq!(slot(b"{user1000}.following"), slot(b"user1000"));
    assert_ne!(slot(b"foo{}{bar}"), slot(b"bar"));
}

#[test]
fn a_killed_master_is_replaced_by_its_replica_and_comes_back_as_one() {
    let mut cluster = Cluster::start().unwrap();
    assert_eq!(cluster.masters().unwrap(), [0, 1, 2]);
    let slot = slot(b"k");
    let master = cluster.master_of(slot).unwrap();
    let replica = cluster.replica_of(master).unwrap();
    let mut connection = cluster.node(master).connect().unwrap();
    connection.succeed(&["SET", "k", "v"]).unwrap();
    assert_eq!(connection.succeed(&["WAIT", "1", "5000"]).unwrap(), Value::Integer(1));

    cluster.node_mut(master).kill().unwrap();
    assert_eq!(cluster.wait_for_master_other_than(master, slot).unwrap(), replica);
    cluster.node_mut(master).restart().unwrap();
    cluster.wait_until_ok().unwrap();
    assert_eq!(cluster.node(replica).connect().unwrap().text(&["GET", "k"]).unwrap(), "v");
    assert_eq!(cluster.replica_of(replica).unwrap(), master);

    cluster.failover(master).unwrap();
    cluster.wait_until_ok().unwrap();
    assert_eq!(cluster.master_of(slot).unwrap(), master);
}

#[test]
fn slots_move_under_load_and_a_new_node_takes_over() {
    let mut cluster = Cluster::start().unwrap();
    let mut first = cluster.node(0).connect().unwrap();
    let keys: Vec<String> =
        (0..).map(|n| format!("key:{n}")).filter(|key| slot(key.as_bytes()) < 200).take(50).collect();
    for key in &keys {
        first.succeed(&["SET", key, "v"]).unwrap();
    }
    thread::scope(|scope| {
        let migration = scope.spawn(|| cluster.migrate_slots(0, 1, 0..=199));
        while !migration.is_finished() {
            match first.command(&["GET", &keys[0]]).unwrap() {
                Value::Bulk(value) => assert_eq!(value, "v"),
                Value::Error(error) => assert!(error.starts_with(b"ASK") || error.starts_with(b"MOVED"), "{error:?}"),
                other => panic!("{other:?}"),
            }
        }
        migration.join().unwrap().unwrap();
    });
    let told = first.command(&["GET", &keys[0]]).unwrap();
    assert_eq!(told, Value::error(format!("MOVED {} {}", slot(keys[0].as_bytes()), cluster.addresses()[1])));
    // Replicas hear of it from the masters.
    cluster.wait_until_ok().unwrap();
    let mut second = cluster.node(1).connect().unwrap();
    for key in &keys {
        assert_eq!(second.text(&["GET", key]).unwrap(), "v");
    }
    assert_eq!(cluster.master_of(199).unwrap(), 1);
    assert_eq!(cluster.master_of(200).unwrap(), 0);

    let newcomer = cluster.replace(1).unwrap();
    assert_eq!(cluster.master_of(199).unwrap(), newcomer);
    assert_eq!(cluster.node(newcomer).connect().unwrap().text(&["GET", &keys[0]]).unwrap(), "v");
    assert!(cluster.node(1).connect().is_err());
    assert_eq!(cluster.addresses().len(), 6);
    assert!(!cluster.addresses().contains(&cluster.node(1).address()));
}

#[test]
fn with_a_user_and_tls_everything_asks_for_both() {
    let certificates = Certificates::new().unwrap();
    let options = ClusterOptions {
        login: Some(Credentials::user("app", "secret")),
        tls: Some(certificates.clone()),
        ..ClusterOptions::default()
    };
    let cluster = Cluster::start_with(&options).unwrap();
    let mut anonymous = Connection::open(&cluster.node(0).address()).unwrap();
    assert!(anonymous.succeed(&["GET", "k"]).unwrap_err().to_string().contains("NOAUTH"));

    // Also between nodes: keys are migrated with both.
    let key = (0..).map(|n| format!("key:{n}")).find(|key| slot(key.as_bytes()) == 7).unwrap();
    cluster.node(0).connect().unwrap().succeed(&["SET", &key, "v"]).unwrap();
    cluster.migrate_slots(0, 2, 7..=7).unwrap();

    // A client with TLS is sent on to a port with TLS.
    let ca = certificates.ca();
    let address = cluster.addresses()[0].clone();
    let (host, port) = address.split_once(':').unwrap();
    let output = Command::new("redis-cli")
        .args(["-h", host, "-p", port, "--tls", "--cacert", ca.to_str().unwrap()])
        .args(["--no-auth-warning", "--user", "app", "--pass", "secret", "GET", &key])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told.trim(), format!("MOVED 7 {}", cluster.addresses()[2]));
}

#[test]
fn nodes_behind_proxies_tell_the_proxies_addresses() {
    let certificates = Certificates::new().unwrap();
    for tls in [None, Some(certificates)] {
        let options = ClusterOptions { replicas_each: 0, proxies: true, tls, ..ClusterOptions::default() };
        let cluster = Cluster::start_with(&options).unwrap();
        let proxies: Vec<String> = (0..3).map(|index| cluster.node(index).proxy().unwrap().address()).collect();
        assert_eq!(cluster.addresses(), proxies);
        // Migration does not depend on them.
        cluster.node(0).proxy().unwrap().set(Fault::BlackHole);
        let key = (0..).map(|n| format!("key:{n}")).find(|key| slot(key.as_bytes()) == 7).unwrap();
        cluster.node(0).connect().unwrap().succeed(&["SET", &key, "v"]).unwrap();
        cluster.migrate_slots(0, 1, 7..=7).unwrap();
        // The plain port tells plain ports, and those have a proxy only without TLS.
        let told = if options.tls.is_some() { cluster.node(1).address() } else { cluster.addresses()[1].clone() };
        let reply = cluster.node(0).connect().unwrap().command(&["GET", &key]).unwrap();
        assert_eq!(reply, Value::error(format!("MOVED 7 {told}")));
        if options.tls.is_none() {
            assert_eq!(Connection::open(&told).unwrap().text(&["GET", &key]).unwrap(), "v");
        }
    }
}
