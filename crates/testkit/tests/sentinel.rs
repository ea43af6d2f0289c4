//! Sentinels do what the tests of failovers rely on.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

use std::process::Command;
use std::time::Duration;

use nautiloid_resp::Value;
use testkit::{Certificates, Connection, Credentials, Fault, RedisServer, SentinelOptions, Sentinels};

fn role(node: &RedisServer) -> String {
    let info = node.connect().unwrap().text(&["INFO", "replication"]).unwrap();
    info.lines().find_map(|line| line.strip_prefix("role:")).unwrap().to_owned()
}

#[test]
fn a_killed_master_is_replaced_and_comes_back_as_a_replica() {
    let options = SentinelOptions { down_after: Duration::from_millis(500), ..SentinelOptions::default() };
    let mut setup = Sentinels::start_with(&options).unwrap();
    let first = setup.master().unwrap();
    assert_eq!(first, 0);
    let mut connection = setup.node(first).connect().unwrap();
    connection.succeed(&["SET", "k", "v"]).unwrap();
    assert_eq!(connection.succeed(&["WAIT", "2", "5000"]).unwrap(), Value::Integer(2));

    setup.node_mut(first).kill().unwrap();
    let second = setup.wait_for_master_other_than(first).unwrap();
    setup.wait_until_ready().unwrap();
    assert_eq!(role(setup.node(second)), "master");
    assert_eq!(setup.node(second).connect().unwrap().text(&["GET", "k"]).unwrap(), "v");

    setup.node_mut(first).restart().unwrap();
    setup.wait_until_ready().unwrap();
    assert_eq!(role(setup.node(first)), "slave");
    assert_eq!(setup.node(first).connect().unwrap().text(&["GET", "k"]).unwrap(), "v");
}

#[test]
fn a_failover_on_request_and_a_new_sentinel() {
    let mut setup = Sentinels::start().unwrap();
    setup.failover().unwrap();
    setup.wait_for_master_other_than(0).unwrap();
    setup.wait_until_ready().unwrap();
    assert_eq!(role(setup.node(0)), "slave");

    for sentinel in setup.sentinels_mut() {
        sentinel.restart().unwrap();
    }
    setup.add_sentinel().unwrap();
    assert_eq!(setup.sentinel_addresses().len(), 4);
    let mut newcomer = Connection::open(&setup.sentinel_addresses()[3]).unwrap();
    assert!(newcomer.text(&["SENTINEL", "CKQUORUM", setup.master_name()]).unwrap().contains("4 usable Sentinels"));
}

#[test]
fn with_users_and_tls_everything_asks_for_both() {
    let certificates = Certificates::new().unwrap();
    let setup = Sentinels::start_with(&SentinelOptions {
        login: Some(Credentials::user("app", "of-the-data")),
        sentinel_login: Some(Credentials::user("watcher", "of-the-sentinels")),
        tls: Some(certificates.clone()),
        ..SentinelOptions::default()
    })
    .unwrap();
    setup.failover().unwrap();
    let master = setup.wait_for_master_other_than(0).unwrap();
    setup.wait_until_ready().unwrap();

    let mut anonymous = Connection::open(&setup.node(master).address()).unwrap();
    assert!(anonymous.succeed(&["GET", "k"]).unwrap_err().to_string().contains("NOAUTH"));
    let mut anonymous = Connection::open(&setup.sentinels()[0].address()).unwrap();
    assert!(anonymous.succeed(&["SENTINEL", "MASTERS"]).unwrap_err().to_string().contains("NOAUTH"));

    // What a Sentinel tells over TLS is the master's port with TLS.
    let ask = |address: &str, user: &str, password: &str, command: &[&str]| {
        let (host, port) = address.split_once(':').unwrap();
        let output = Command::new("redis-cli")
            .args(["-h", host, "-p", port, "--tls", "--cacert", certificates.ca().to_str().unwrap()])
            .args(["--no-auth-warning", "--user", user, "--pass", password])
            .args(command)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let command = ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", setup.master_name()];
    let told = ask(&setup.sentinel_addresses()[1], "watcher", "of-the-sentinels", &command);
    let told = told.trim().replace('\n', ":");
    assert_eq!(told, setup.node(master).public_address());
    assert!(ask(&told, "app", "of-the-data", &["INFO", "replication"]).contains("role:master"));
}

#[test]
fn nodes_behind_proxies_are_told_by_the_proxies_addresses() {
    let options = SentinelOptions { replicas: 1, proxies: true, ..SentinelOptions::default() };
    let setup = Sentinels::start_with(&options).unwrap();
    setup.failover().unwrap();
    assert_eq!(setup.wait_for_master_other_than(0).unwrap(), 1);
    setup.wait_until_ready().unwrap();
    let proxy = setup.node(1).proxy().unwrap();
    assert_eq!(setup.node(1).public_address(), proxy.address());
    let mut client = Connection::open(&proxy.address()).unwrap();
    client.succeed(&["SET", "k", "v"]).unwrap();
    proxy.set(Fault::Refuse);
    assert!(client.command(&["PING"]).is_err());
    // The Sentinels come through it as well, and take the master for dead.
    assert_eq!(setup.wait_for_master_other_than(1).unwrap(), 0);
}
