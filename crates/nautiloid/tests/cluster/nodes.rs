//! What the nodes themselves say, and keys that are on them.

use nautiloid_resp::Value;
use testkit::{Cluster, ClusterOptions, RedisServer};

use crate::site::wait_until;

/// Three masters without replicas.
pub(crate) fn without_replicas() -> ClusterOptions {
    ClusterOptions { replicas_each: 0, ..ClusterOptions::default() }
}

/// How often a node has run a command: `get`, `script|load`.
pub(crate) fn calls_of(node: &RedisServer, command: &str) -> u64 {
    let stats = node.connect().unwrap().text(&["INFO", "commandstats"]).unwrap();
    let line = stats.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:calls=")));
    line.map_or(0, |rest| rest.split(',').next().unwrap().parse().unwrap())
}

/// The same of all masters together; there are as many as shards.
pub(crate) fn calls_of_masters(cluster: &Cluster, command: &str) -> u64 {
    cluster.masters().unwrap().into_iter().map(|master| calls_of(cluster.node(master), command)).sum()
}

/// Names of keys whose slots one of the three masters has, as the testkit deals them out.
pub(crate) fn keys_of(master: usize, count: usize) -> Vec<String> {
    let slots = master * 16384 / 3..(master + 1) * 16384 / 3;
    let names = (0..).map(|number| format!("key:{number}"));
    names.filter(|key| slots.contains(&usize::from(testkit::slot(key.as_bytes())))).take(count).collect()
}

/// One of these keys.
pub(crate) fn key_of(master: usize) -> String {
    keys_of(master, 1).remove(0)
}

/// Waits until the replica of a master has all that the master has by now. Only the writes of its own connection are what
/// `WAIT` waits for.
pub(crate) fn replicate(cluster: &Cluster, master: usize) {
    let mut connection = cluster.node(master).connect().unwrap();
    connection.succeed(&["SET", &format!("{{{}}}:last", key_of(master)), "written"]).unwrap();
    assert_eq!(connection.command(&["WAIT", "1", "5000"]).unwrap(), Value::Integer(1));
}

/// Waits until a node says that the cluster is in this state: `ok`, `fail`.
pub(crate) fn wait_for_state(node: &RedisServer, state: &str) {
    wait_until(&format!("the cluster is {state}"), || {
        let info = node.connect().unwrap().text(&["CLUSTER", "INFO"]).unwrap();
        if info.contains(&format!("cluster_state:{state}")) { Ok(()) } else { Err(info) }
    });
}
