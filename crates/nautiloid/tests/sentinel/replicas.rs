//! Reading from replicas.

use nautiloid_resp::Value;
use testkit::{RedisServer, Sentinels};

use crate::site::{GET, KEY, SCRIPT, SET, ask, error_of, pool_of, site, value_of, wait_for_value, wait_until};
use crate::support::Server;

const READ_ONLY: &str = "READONLY You can't write against a read only replica.";

/// How often a server has run a command.
fn calls_of(server: &RedisServer, command: &str) -> u64 {
    let stats = server.connect().unwrap().text(&["INFO", "commandstats"]).unwrap();
    let line = stats.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:calls=")));
    line.map_or(0, |rest| rest.split(',').next().unwrap().parse().unwrap())
}

/// Sets the key on a master, and waits until its replicas have it.
fn prepare(master: &RedisServer, value: &str, replicas: i64) {
    let mut connection = master.connect().unwrap();
    connection.succeed(&["SET", KEY, value]).unwrap();
    assert_eq!(connection.succeed(&["WAIT", &replicas.to_string(), "5000"]).unwrap(), Value::Integer(replicas));
}

/// Reads many times on one connection.
fn read(server: &Server, times: u64, expected: &str) {
    let mut client = server.connect();
    for _ in 0..times {
        assert_eq!(ask(&mut client, GET, 0).as_deref(), Ok(expected));
    }
}

/// Reads until each of the servers has answered some.
fn read_until_all_answer(server: &Server, replicas: &[&RedisServer], expected: &str) {
    let before: Vec<u64> = replicas.iter().map(|replica| calls_of(replica, "get")).collect();
    wait_until("all replicas answer", || {
        read(server, 20, expected);
        let now: Vec<u64> = replicas.iter().map(|replica| calls_of(replica, "get")).collect();
        let all = before.iter().zip(&now).all(|(before, now)| now > before);
        if all { Ok(()) } else { Err(format!("{before:?} {now:?}")) }
    });
}

#[test]
fn a_pool_of_replicas_reads_and_does_not_write() {
    let setup = Sentinels::start().unwrap();
    prepare(setup.node(0), "5", 2);
    let server = site(&pool_of("sentinel_replica", &setup, "")).start();
    assert_eq!(value_of(&server, GET, 0), "5");
    read_until_all_answer(&server, &[setup.node(1), setup.node(2)], "5");
    assert_eq!(value_of(&server, SCRIPT, 0), "5");
    assert_eq!(calls_of(setup.node(0), "get"), 0, "the master was asked");
    assert_eq!(error_of(&server, SET), READ_ONLY);
    assert_eq!(value_of(&server, GET, 0), "5");
    assert!(!server.log.text().contains("no replica"), "{}", server.log.text());
}

#[test]
fn without_a_replica_the_master_is_read_and_never_written() {
    let mut setup = Sentinels::start().unwrap();
    prepare(setup.node(0), "6", 2);
    let server = site(&pool_of("sentinel_replica", &setup, "")).start();
    assert_eq!(value_of(&server, GET, 0), "6");
    for replica in [1, 2] {
        setup.node_mut(replica).kill().unwrap();
    }
    let mut client = server.connect();
    // What was on its way to a replica may be lost with it, and nothing after that.
    wait_for_value(&server, GET, 0);
    server.log.wait_for("no replica to read from, reading from the master");
    read(&server, 50, "6");
    assert_eq!(error_of(&server, SET), READ_ONLY);
    assert_eq!(ask(&mut client, SCRIPT, 0).as_deref(), Ok("6"));

    for replica in [1, 2] {
        setup.node_mut(replica).restart().unwrap();
    }
    setup.wait_until_ready().unwrap();
    read_until_all_answer(&server, &[setup.node(1), setup.node(2)], "6");
    server.log.wait_for("reading from replicas again");
    let log = server.log.text();
    assert_eq!(log.matches("no replica to read from").count(), 1, "{log}");
}

#[test]
fn a_replica_that_dies_is_left_out_and_taken_back() {
    let mut setup = Sentinels::start().unwrap();
    prepare(setup.node(0), "7", 2);
    let server = site(&pool_of("sentinel_replica", &setup, "")).start();
    read_until_all_answer(&server, &[setup.node(1), setup.node(2)], "7");
    let in_use = calls_of(setup.node(0), "get");
    setup.node_mut(1).kill().unwrap();
    wait_for_value(&server, GET, 0);
    read(&server, 50, "7");
    setup.node_mut(1).restart().unwrap();
    setup.wait_until_ready().unwrap();
    read_until_all_answer(&server, &[setup.node(1), setup.node(2)], "7");
    assert_eq!(calls_of(setup.node(0), "get"), in_use, "the master was asked");
}

#[test]
fn a_pool_of_replicas_follows_a_failover() {
    let mut setup = Sentinels::start().unwrap();
    prepare(setup.node(0), "8", 2);
    let server = site(&pool_of("sentinel_replica", &setup, "")).start();
    read_until_all_answer(&server, &[setup.node(1), setup.node(2)], "8");
    setup.node_mut(0).kill().unwrap();
    let master = setup.wait_for_master_other_than(0).unwrap();
    let replica = 3 - master;
    wait_for_value(&server, GET, 0);
    setup.wait_until_ready().unwrap();
    read_until_all_answer(&server, &[setup.node(replica)], "8");
    let before = calls_of(setup.node(master), "get");
    read(&server, 50, "8");
    assert_eq!(calls_of(setup.node(master), "get"), before, "the new master is still read as a replica");
    assert_eq!(error_of(&server, SET), READ_ONLY);
}

#[test]
fn a_pool_of_the_master_reads_from_replicas_when_told_to() {
    let setup = Sentinels::start().unwrap();
    let server = site(&pool_of("sentinel", &setup, "read_from_replicas = true\nmin_idle_conns = 2")).start();
    assert_eq!(value_of(&server, SET, 9), "OK");
    prepare(setup.node(0), "9", 2);
    read_until_all_answer(&server, &[setup.node(1), setup.node(2)], "9");
    assert_eq!(calls_of(setup.node(0), "get"), 0, "the master was asked");
    // Scripts may write: they go to the master.
    assert_eq!(value_of(&server, SCRIPT, 0), "9");
    assert_eq!(calls_of(setup.node(0), "get"), 1);
}

#[test]
fn replicas_of_a_standalone_server_are_read_and_done_without() {
    let master = RedisServer::start_with(&["--repl-diskless-sync-delay", "0"]).unwrap();
    let port = master.port().to_string();
    let mut replica = RedisServer::start_with(&["--replicaof", "127.0.0.1", &port]).unwrap();
    let absent = format!("127.0.0.1:{}", RedisServer::free_port().unwrap());
    prepare(&master, "10", 1);
    let pool = format!(
        "mode = \"standalone\"\naddress = \"{}\"\nreplicas = [\"{}\", \"{absent}\"]\nread_from_replicas = true",
        master.address(),
        replica.address()
    );
    let server = site(&pool).start();
    assert_eq!(value_of(&server, GET, 0), "10");
    read_until_all_answer(&server, &[&replica], "10");
    assert_eq!(calls_of(&master, "get"), 0, "the master was asked");
    assert_eq!(value_of(&server, SET, 11), "OK");

    replica.kill().unwrap();
    wait_for_value(&server, GET, 0);
    read(&server, 50, "11");
    server.log.wait_for("no replica to read from, reading from the master");
    replica.restart().unwrap();
    prepare(&master, "12", 1);
    read_until_all_answer(&server, &[&replica], "12");
    server.log.wait_for("reading from replicas again");
}
