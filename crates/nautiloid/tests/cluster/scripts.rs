//! Uploaded scripts: on all masters, and back on those that have forgotten them.

use nautiloid_resp::Value as Reply;
use serde_json::json;
use testkit::Cluster;

use crate::nodes::{calls_of, key_of, replicate, without_replicas};
use crate::site::{serve, value_of, wait_for_value};
use crate::support::Server;

const SOURCE: &str = "return redis.call('INCRBY', KEYS[1], ARGV[1])";

fn knows(cluster: &Cluster, node: usize, sha1: &str) -> bool {
    let reply = cluster.node(node).connect().unwrap().succeed(&["SCRIPT", "EXISTS", sha1]).unwrap();
    reply == Reply::Array(vec![Reply::Integer(1)])
}

fn upload(server: &Server) -> String {
    value_of(server, json!(["redis_upload_script", SOURCE, "add"])).as_str().unwrap().to_owned()
}

fn add(key: &str) -> serde_json::Value {
    json!(["redis_run_script", "", "add", [key], [5]])
}

#[test]
fn an_upload_goes_to_all_masters_and_survives_a_flush() {
    let cluster = Cluster::start_with(&without_replicas()).unwrap();
    let server = serve(&cluster);
    let sha1 = upload(&server);
    for master in 0..3 {
        assert!(knows(&cluster, master, &sha1), "master {master}");
        assert_eq!(value_of(&server, add(&key_of(master))), 5);
        assert_eq!(calls_of(cluster.node(master), "eval"), 0, "the source was sent though the server has it");
    }
    for master in 0..3 {
        cluster.node(master).connect().unwrap().succeed(&["SCRIPT", "FLUSH"]).unwrap();
        assert!(!knows(&cluster, master, &sha1));
    }
    for master in 0..3 {
        assert_eq!(value_of(&server, add(&key_of(master))), 10);
        assert!(knows(&cluster, master, &sha1), "master {master}");
        assert_eq!(value_of(&server, add(&key_of(master))), 15);
        assert_eq!(calls_of(cluster.node(master), "eval"), 1, "the source goes once");
    }
}

#[test]
fn a_script_runs_on_a_replica_that_took_over() {
    let mut cluster = Cluster::start().unwrap();
    let server = serve(&cluster);
    let sha1 = upload(&server);
    let key = key_of(0);
    assert_eq!(value_of(&server, add(&key)), 5);
    replicate(&cluster, 0);

    cluster.node_mut(0).kill().unwrap();
    let heir = cluster.wait_for_master_other_than(0, testkit::slot(key.as_bytes())).unwrap();
    assert!(!knows(&cluster, heir, &sha1), "replicas are told the effects of scripts and not the scripts");
    // What was on its way may have been lost: the first value tells.
    let value = wait_for_value(&server, add(&key));
    assert_eq!(value, 10);
    assert!(knows(&cluster, heir, &sha1));
}
