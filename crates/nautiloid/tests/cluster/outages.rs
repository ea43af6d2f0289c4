//! Masters that are gone and have no replica.

use serde_json::json;
use testkit::{Cluster, ClusterOptions};

use crate::nodes::{key_of, wait_for_state, without_replicas};
use crate::site::{AT_ONCE, ask, error_of, label, serve, value_of, wait_for_value, wait_until};

#[test]
fn keys_of_other_masters_go_on_working() {
    let options = ClusterOptions { require_full_coverage: false, ..without_replicas() };
    let mut cluster = Cluster::start_with(&options).unwrap();
    let server = serve(&cluster);
    let keys = [key_of(0), key_of(1), key_of(2)];
    for key in &keys {
        assert_eq!(value_of(&server, json!(["redis_set", key, "v"])), "OK");
    }
    let at = format!("{} at {}: cannot connect: ", label(&cluster.addresses()), cluster.node(1).address());
    cluster.node_mut(1).kill().unwrap();
    wait_until("the connection is known to be broken", || {
        let (error, _) = error_of(&server, json!(["redis_get", keys[1]]));
        if error.starts_with(&at) { Ok(()) } else { Err(error) }
    });
    // Before the cluster has noticed, and after.
    for noticed in [false, true] {
        if noticed {
            wait_until("the others take it for dead", || {
                let nodes = cluster.node(0).connect().unwrap().text(&["CLUSTER", "NODES"]).unwrap();
                if nodes.contains("master,fail ") { Ok(()) } else { Err(nodes) }
            });
        }
        let mut client = server.connect();
        for _ in 0..50 {
            for master in [0, 2] {
                let answer = ask(&mut client, &json!(["redis_get", keys[master]]));
                assert_eq!(answer.result, Ok(json!("v")));
                assert!(answer.took < AT_ONCE, "{:?}", answer.took);
            }
            let (error, took) = error_of(&server, json!(["redis_incr", keys[1]]));
            assert!(error.starts_with(&at) && error.ends_with("; nothing was sent"), "{error}");
            assert!(took < AT_ONCE, "{took:?}");
        }
    }
    cluster.node_mut(1).restart().unwrap();
    assert_eq!(wait_for_value(&server, json!(["redis_incr", keys[1]])), 1);
}

#[test]
fn a_cluster_that_is_down_says_so_and_is_back() {
    let mut cluster = Cluster::start_with(&without_replicas()).unwrap();
    let server = serve(&cluster);
    let keys = [key_of(0), key_of(1), key_of(2)];
    for key in &keys {
        assert_eq!(value_of(&server, json!(["redis_set", key, "v"])), "OK");
    }
    cluster.node_mut(1).kill().unwrap();
    for master in [0, 2] {
        wait_for_state(cluster.node(master), "fail");
    }
    for master in [0, 2] {
        let (error, _) = error_of(&server, json!(["redis_set", keys[master], "w"]));
        assert_eq!(error, "CLUSTERDOWN The cluster is down");
    }
    cluster.node_mut(1).restart().unwrap();
    cluster.wait_until_ok().unwrap();
    assert_eq!(wait_for_value(&server, json!(["redis_incr", keys[1]])), 1);
    for master in [0, 2] {
        assert_eq!(value_of(&server, json!(["redis_get", keys[master]])), "v");
    }
}

#[test]
fn a_call_that_meets_a_cluster_that_is_down_waits_for_it_within_its_deadline() {
    let cluster = Cluster::start_with(&without_replicas()).unwrap();
    let server = serve(&cluster);
    let key = key_of(0);
    assert_eq!(value_of(&server, json!(["redis_incr", key])), 1);
    // A slot without a master, as for a moment when slots are dealt out anew.
    let slot = testkit::slot(key_of(1).as_bytes()).to_string();
    for node in 0..3 {
        cluster.node(node).connect().unwrap().succeed(&["CLUSTER", "DELSLOTS", &slot]).unwrap();
    }
    wait_for_state(cluster.node(0), "fail");
    std::thread::scope(|scope| {
        let call = scope.spawn(|| ask(&mut server.connect(), &json!(["redis_incr", key])));
        wait_until("it is refused", || {
            let stats = cluster.node(0).connect().unwrap().text(&["INFO", "errorstats"]).unwrap();
            if stats.contains("errorstat_CLUSTERDOWN:count=") { Ok(()) } else { Err(stats) }
        });
        for node in 0..3 {
            let owner = cluster.node(1).connect().unwrap().text(&["CLUSTER", "MYID"]).unwrap();
            let mut direct = cluster.node(node).connect().unwrap();
            direct.succeed(&["CLUSTER", "SETSLOT", &slot, "NODE", &owner]).unwrap();
        }
        assert_eq!(call.join().unwrap().result, Ok(json!(2)), "it was refused, and ran once");
    });
}
