//! `read_from_replicas`

use nautiloid_resp::Value as Reply;
use serde_json::json;
use testkit::Cluster;

use crate::nodes::{calls_of, key_of};
use crate::site::{ask, pool, serve, site, value_of, wait_for_value, wait_until};
use crate::support::Server;

/// Sets a key on each master and waits until the replicas have them.
fn fill(cluster: &Cluster) -> Vec<String> {
    let keys: Vec<String> = (0..3).map(key_of).collect();
    for (master, key) in keys.iter().enumerate() {
        let mut direct = cluster.node(master).connect().unwrap();
        direct.succeed(&["SET", key, "v"]).unwrap();
        assert_eq!(direct.command(&["WAIT", "1", "5000"]).unwrap(), Reply::Integer(1));
    }
    keys
}

fn read(server: &Server, keys: &[String], times: usize) {
    let mut client = server.connect();
    for _ in 0..times {
        for key in keys {
            assert_eq!(ask(&mut client, &json!(["redis_get", key])).result, Ok(json!("v")));
        }
    }
}

fn gets(cluster: &Cluster, nodes: impl IntoIterator<Item = usize>) -> Vec<u64> {
    nodes.into_iter().map(|node| calls_of(cluster.node(node), "get")).collect()
}

#[test]
fn reads_go_to_replicas_and_writes_to_masters() {
    let cluster = Cluster::start().unwrap();
    let server = site(&pool(&cluster.addresses(), "read_from_replicas = true")).start();
    let keys = fill(&cluster);
    // The first reads connect the replicas; masters answer until then.
    wait_until("all replicas answer", || {
        read(&server, &keys, 1);
        let gets = gets(&cluster, 3..6);
        if gets.iter().all(|count| *count > 0) { Ok(()) } else { Err(format!("{gets:?}")) }
    });
    let (masters, replicas) = (gets(&cluster, 0..3), gets(&cluster, 3..6));
    read(&server, &keys, 20);
    assert_eq!(gets(&cluster, 0..3), masters, "masters were asked");
    assert_eq!(gets(&cluster, 3..6), replicas.iter().map(|count| count + 20).collect::<Vec<_>>());
    // Commands that are split, too.
    let several = value_of(&server, json!(["redis_mget", keys[0], keys[1], keys[2]]));
    assert_eq!(several.as_object().unwrap().len(), 3);
    for node in 0..6 {
        assert_eq!(calls_of(cluster.node(node), "mget"), u64::from(node >= 3), "node {node}");
    }

    // A cursor means something only to the server that gave it.
    for _ in 0..4 {
        value_of(&server, json!(["redis_hscan", "{other}h", 0]));
        value_of(&server, json!(["redis_command", "SSCAN", "{other}s", 0]));
    }
    for replica in 3..6 {
        assert_eq!(calls_of(cluster.node(replica), "hscan") + calls_of(cluster.node(replica), "sscan"), 0);
    }

    for key in &keys {
        assert_eq!(value_of(&server, json!(["redis_set", key, "w"])), "OK");
        let script = json!(["redis_run_script", "return redis.call('GET', KEYS[1])", "", [key], []]);
        assert_eq!(value_of(&server, script), "w", "a script runs where the writes go");
    }
    for master in 0..3 {
        // The test's own, and this one.
        assert_eq!(calls_of(cluster.node(master), "set"), 2);
        assert_eq!(calls_of(cluster.node(master), "eval"), 1);
    }
    for replica in 3..6 {
        assert!(
            !cluster.node(replica).connect().unwrap().text(&["INFO", "commandstats"]).unwrap().contains("cmdstat_eval")
        );
    }
}

#[test]
fn without_replicas_the_masters_are_read() {
    let mut cluster = Cluster::start().unwrap();
    let server = site(&pool(&cluster.addresses(), "read_from_replicas = true")).start();
    let keys = fill(&cluster);
    wait_until("all replicas answer", || {
        read(&server, &keys, 1);
        let gets = gets(&cluster, 3..6);
        if gets.iter().all(|count| *count > 0) { Ok(()) } else { Err(format!("{gets:?}")) }
    });
    for replica in 3..6 {
        cluster.node_mut(replica).kill().unwrap();
    }
    // What was on its way to a replica may be lost with it, and nothing after that.
    for key in &keys {
        assert_eq!(wait_for_value(&server, json!(["redis_get", key])), "v");
    }
    let masters = gets(&cluster, 0..3);
    read(&server, &keys, 30);
    assert_eq!(gets(&cluster, 0..3), masters.iter().map(|count| count + 30).collect::<Vec<_>>());

    for replica in 3..6 {
        cluster.node_mut(replica).restart().unwrap();
    }
    cluster.wait_until_ok().unwrap();
    wait_until("all replicas answer again", || {
        read(&server, &keys, 1);
        let gets = gets(&cluster, 3..6);
        if gets.iter().all(|count| *count > 0) { Ok(()) } else { Err(format!("{gets:?}")) }
    });
}

#[test]
fn replicas_are_left_alone_unless_told() {
    let cluster = Cluster::start().unwrap();
    let server = serve(&cluster);
    let keys = fill(&cluster);
    read(&server, &keys, 10);
    assert_eq!(gets(&cluster, 3..6), [0, 0, 0]);
    assert_eq!(gets(&cluster, 0..3), [10, 10, 10]);
}
