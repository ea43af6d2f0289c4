//! The keys of all masters, at once and step by step.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use testkit::Cluster;

use crate::nodes::{calls_of, keys_of, without_replicas};
use crate::site::{call_with, serve, value_of};
use crate::support::Server;

/// Goes over all keys, and gives how often each of them came and how many steps that took.
fn scan(server: &Server, arguments: &[Value]) -> (BTreeMap<String, usize>, usize) {
    let (mut seen, mut cursor, mut steps) = (BTreeMap::new(), json!(0), 0);
    loop {
        let call = [&[json!("redis_scan"), cursor], arguments].concat();
        let step = value_of(server, Value::Array(call));
        for key in step["keys"].as_array().into_iter().flatten() {
            *seen.entry(key.as_str().unwrap().to_owned()).or_default() += 1;
        }
        cursor = step["cursor"].clone();
        steps += 1;
        assert!(steps < 10_000, "the cursor never ends");
        if cursor == 0 {
            return (seen, steps);
        }
    }
}

#[test]
fn the_keys_of_all_masters_are_seen_once_each() {
    let cluster = Cluster::start_with(&without_replicas()).unwrap();
    let server = serve(&cluster);
    assert_eq!(scan(&server, &[]), (BTreeMap::new(), 3), "a step a master");

    // The last master has none at first: the cursor must not end before it, nor begin anew after it.
    let mut keys = [keys_of(0, 400), keys_of(1, 150)].concat();
    for last in [vec![], keys_of(2, 200)] {
        keys.extend(last);
        let pairs: Vec<String> = keys.iter().flat_map(|key| [key.clone(), "v".to_owned()]).collect();
        value_of(&server, call_with("redis_mset", &pairs));
        let expected: BTreeMap<String, usize> = keys.iter().map(|key| (key.clone(), 1)).collect();

        let (seen, steps) = scan(&server, &[]);
        assert_eq!(seen, expected);
        assert!(steps > 20, "{steps} steps of about ten keys");
        let (seen, steps) = scan(&server, &[json!("key:*"), json!(100_000)]);
        assert_eq!((seen, steps), (expected.clone(), 3));
        let (seen, _) = scan(&server, &[json!("nothing:*")]);
        assert_eq!(seen, BTreeMap::new());

        let listed = value_of(&server, json!(["redis_keys", "key:*"]));
        let mut listed: Vec<&str> = listed.as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
        listed.sort_unstable();
        assert_eq!(listed, expected.keys().collect::<Vec<_>>());
    }
    for master in 0..3 {
        assert_eq!(calls_of(cluster.node(master), "keys"), 2, "each master is asked once a call");
    }
}

#[test]
fn a_cursor_of_a_master_that_is_not_there_ends() {
    let cluster = Cluster::start_with(&without_replicas()).unwrap();
    let server = serve(&cluster);
    // The seventh of three masters: as when there were more before.
    let step = value_of(&server, json!(["redis_scan", 6]));
    assert_eq!(step["cursor"], 0);
}
