//! A command that may have reached a node is not sent again, to it or to another.

use std::thread;
use std::time::Duration;

use serde_json::json;
use testkit::{Cluster, ClusterOptions, Fault, RedisServer};

use crate::nodes::{calls_of, keys_of, replicate, without_replicas};
use crate::site::{ask, error_of, label, serve, value_of, wait_for_value, wait_until};
use crate::support::Server;

/// How many requests are on their way when the master stops.
const IN_FLIGHT: usize = 8;

fn value_on(node: &RedisServer, key: &str) -> String {
    node.connect().unwrap().text(&["GET", key]).unwrap()
}

/// How errors of the first node begin.
fn label_of_first(cluster: &Cluster) -> String {
    format!("{} at {}: ", label(&cluster.addresses()), cluster.node(0).public_address())
}

/// Adds to each of the keys at the same time, on a node that does not answer.
fn lose_all(server: &Server, keys: &[String], label: &str) {
    thread::scope(|scope| {
        for key in keys {
            scope.spawn(move || {
                let error = ask(&mut server.connect(), &json!(["redis_incr", key])).result.expect_err("an error");
                assert!(error.starts_with(label) && error.ends_with("; the command may have run"), "{error}");
            });
        }
    });
}

#[test]
fn a_command_in_flight_runs_once_when_the_master_stops_and_goes_on() {
    let options = ClusterOptions { node_timeout: Duration::from_secs(60), ..without_replicas() };
    let cluster = Cluster::start_with(&options).unwrap();
    let server = serve(&cluster);
    let keys = keys_of(0, IN_FLIGHT);
    for key in &keys {
        assert_eq!(value_of(&server, json!(["redis_incr", key])), 1);
    }

    cluster.node(0).pause().unwrap();
    lose_all(&server, &keys, &label_of_first(&cluster));
    cluster.node(0).resume().unwrap();
    // It reads what had reached it.
    wait_until("the commands run", || match calls_of(cluster.node(0), "incr") {
        16 => Ok(()),
        calls => Err(format!("{calls} calls")),
    });
    for key in &keys {
        assert_eq!(value_on(cluster.node(0), key), "2");
        assert_eq!(wait_for_value(&server, json!(["redis_incr", key])), 3);
    }
    assert_eq!(calls_of(cluster.node(0), "incr"), 3 * u64::try_from(IN_FLIGHT).unwrap());
}

#[test]
fn a_command_in_flight_is_not_sent_to_the_replica_that_takes_over() {
    let mut cluster = Cluster::start().unwrap();
    let server = serve(&cluster);
    let keys = keys_of(0, IN_FLIGHT);
    for key in &keys {
        assert_eq!(value_of(&server, json!(["redis_incr", key])), 1);
    }
    replicate(&cluster, 0);

    cluster.node(0).pause().unwrap();
    lose_all(&server, &keys, &label_of_first(&cluster));
    cluster.node_mut(0).kill().unwrap();
    let heir = cluster.wait_for_master_other_than(0, testkit::slot(keys[0].as_bytes())).unwrap();
    for key in &keys {
        assert_eq!(value_on(cluster.node(heir), key), "1", "a command was kept and sent to the new master");
        assert_eq!(wait_for_value(&server, json!(["redis_incr", key])), 2);
    }
}

#[test]
fn a_command_whose_reply_is_lost_runs_once() {
    let options = ClusterOptions { proxies: true, ..without_replicas() };
    let cluster = Cluster::start_with(&options).unwrap();
    let server = serve(&cluster);
    let keys = keys_of(0, IN_FLIGHT);
    let node = cluster.node(0);
    let proxy = node.proxy().unwrap();
    for key in &keys {
        assert_eq!(value_of(&server, json!(["redis_incr", key])), 1);
    }
    proxy.set(Fault::SwallowReplies);
    lose_all(&server, &keys, &label_of_first(&cluster));
    proxy.set(Fault::Pass);
    proxy.close_connections();
    for key in &keys {
        assert_eq!(value_on(node, key), "2");
        assert_eq!(wait_for_value(&server, json!(["redis_incr", key])), 3);
    }
}

#[test]
fn a_script_that_answers_as_if_its_key_had_moved_runs_once() {
    let cluster = Cluster::start_with(&without_replicas()).unwrap();
    let server = serve(&cluster);
    let key = &keys_of(0, 1)[0];
    let elsewhere = testkit::slot(key.as_bytes()) + 1;
    for (times, kind) in ["MOVED", "ASK"].iter().enumerate() {
        let text = format!("{kind} {elsewhere} {}", cluster.node(1).public_address());
        let script = format!("redis.call('INCR', KEYS[1]) return redis.error_reply('{text}')");
        let (error, _) = error_of(&server, json!(["redis_run_script", script, "", [key], []]));
        assert_eq!(error, text);
        assert_eq!(value_on(cluster.node(0), key), (times + 1).to_string());
    }
    assert_eq!(calls_of(cluster.node(1), "eval"), 0);
}
