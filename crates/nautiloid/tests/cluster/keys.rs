//! Commands with several keys: split where the result stays exact, refused with advice where it cannot.

use serde_json::{Value, json};
use testkit::Cluster;

use crate::nodes::{calls_of, calls_of_masters, key_of, keys_of, without_replicas};
use crate::site::{AT_ONCE, ask, call_with, error_of, label, serve, value_of};

/// What the script is told about keys of several slots.
fn refusal(cluster: &Cluster, keys: [&str; 2]) -> String {
    format!(
        "{}: the keys \"{}\" and \"{}\" are in different hash slots of the cluster, and one command or script can use \
         only keys of one slot: give keys that belong together a common hash tag, as in \"{{tag}}:a\" and \
         \"{{tag}}:b\"; nothing was sent",
        label(&cluster.addresses()),
        keys[0],
        keys[1]
    )
}

#[test]
fn keys_of_several_slots_are_refused_where_one_server_must_have_them_all() {
    let cluster = Cluster::start_with(&without_replicas()).unwrap();
    let server = serve(&cluster);
    let (one, two) = (key_of(0), key_of(1));
    value_of(&server, json!(["redis_set", one, "1"]));
    let source = "return redis.call('SET', KEYS[1], KEYS[2])";
    value_of(&server, json!(["redis_upload_script", source, "two-keys"]));

    // Also two slots of one server: a cluster can be dealt out anew at any time.
    let same_server = keys_of(0, 2).remove(1);
    for other in [&two, &same_server] {
        for call in [
            json!(["redis_rename", one, other]),
            json!(["redis_run_script", source, "", [one, other], []]),
            json!(["redis_run_script", "", "two-keys", [one, other], []]),
        ] {
            let (error, took) = error_of(&server, call);
            assert_eq!(error, refusal(&cluster, [&one, other]));
            assert!(took < AT_ONCE, "{took:?}");
        }
    }
    let rename = json!(["redis_run_script", source, "", [one, one, two], []]);
    assert_eq!(error_of(&server, rename).0, refusal(&cluster, [&one, &two]), "the two that differ are named");
    for command in ["rename", "eval", "evalsha"] {
        assert_eq!(calls_of_masters(&cluster, command), 0, "{command} reached a server");
    }

    // What the advice says works.
    value_of(&server, json!(["redis_set", "{tag}:a", "7"]));
    assert_eq!(value_of(&server, json!(["redis_rename", "{tag}:a", "{tag}:b"])), "OK");
    assert_eq!(value_of(&server, json!(["redis_get", "{tag}:b"])), "7");
    assert_eq!(value_of(&server, json!(["redis_run_script", "", "two-keys", ["{tag}:a", "{tag}:b"], []])), "OK");
    assert_eq!(value_of(&server, json!(["redis_get", "{tag}:a"])), "{tag}:b");
}

#[test]
fn commands_over_many_slots_are_split_and_joined() {
    let cluster = Cluster::start_with(&without_replicas()).unwrap();
    let server = serve(&cluster);
    // In turn on all masters, so that an answer in the order of the parts would be a wrong one.
    let by_master: Vec<_> = (0..3).map(|master| keys_of(master, 20)).collect();
    let keys: Vec<String> = (0..20).flat_map(|i| by_master.iter().map(move |keys| keys[i].clone())).collect();
    let pairs: Vec<String> = keys.iter().flat_map(|key| [key.clone(), format!("value of {key}")]).collect();

    assert_eq!(value_of(&server, call_with("redis_mset", &pairs)), "OK");
    for (master, keys) in by_master.iter().enumerate() {
        assert_eq!(calls_of(cluster.node(master), "mset"), 20, "one a slot");
        let mut direct = cluster.node(master).connect().unwrap();
        for key in keys {
            assert_eq!(direct.text(&["GET", key]).unwrap(), format!("value of {key}"));
        }
    }
    let missing = ["missing:1", "missing:2", "missing:3"].map(str::to_owned);
    let values = value_of(&server, call_with("redis_mget", keys.iter().chain(&missing)));
    let expected: serde_json::Map<String, Value> =
        keys.iter().map(|key| (key.clone(), json!(format!("value of {key}")))).collect();
    assert_eq!(values, Value::Object(expected));

    // One key twice counts twice for EXISTS, and once for DEL.
    let twice = [keys[0].clone(), keys[1].clone()];
    let named = keys.iter().chain(&twice).chain(&missing);
    assert_eq!(value_of(&server, call_with("redis_exists", named.clone())), 62);
    let answer = ask(&mut server.connect(), &call_with("redis_del", named.clone()));
    assert_eq!((answer.result, answer.more), (Ok(json!("OK")), json!(60)));
    assert_eq!(value_of(&server, call_with("redis_exists", named)), 0);
}

#[test]
fn an_error_says_how_many_parts_have_run() {
    let mut cluster = Cluster::start_with(&testkit::ClusterOptions {
        require_full_coverage: false,
        // The cluster is not to notice: what is looked at is one call in the middle of an outage.
        node_timeout: std::time::Duration::from_secs(60),
        ..without_replicas()
    })
    .unwrap();
    let server = serve(&cluster);
    let keys = [key_of(0), key_of(1), key_of(2)];
    let pairs = |value: &str| -> Vec<String> { keys.iter().flat_map(|key| [key.clone(), value.to_owned()]).collect() };
    assert_eq!(value_of(&server, call_with("redis_mset", &pairs("1"))), "OK");

    // One that says nothing: its part may have run.
    cluster.node(1).pause().unwrap();
    let addresses = cluster.addresses();
    let at = format!("{} at {}: ", label(&addresses), addresses[1]);
    let parts = "of 3 parts that the command was split into, one a hash slot or node, 2 have run";
    let (error, _) = error_of(&server, call_with("redis_mset", &pairs("2")));
    assert!(error.starts_with(&at), "{error}");
    assert!(error.ends_with(&format!("; the command may have run; {parts}")), "{error}");

    // One that is gone: its part has not.
    cluster.node_mut(1).kill().unwrap();
    let error = crate::site::wait_until("the connection is known to be broken", || {
        let (error, _) = error_of(&server, call_with("redis_mset", &pairs("3")));
        if error.contains("cannot connect: ") { Ok(error) } else { Err(error) }
    });
    assert!(error.starts_with(&at), "{error}");
    assert!(error.ends_with(&format!("; nothing was sent; {parts}")), "{error}");
    for master in [0, 2] {
        assert_eq!(cluster.node(master).connect().unwrap().text(&["GET", &keys[master]]).unwrap(), "3");
    }
    // Also a command that reads: it gives no half of a result.
    let (error, _) = error_of(&server, call_with("redis_mget", &keys));
    assert!(error.starts_with(&at) && error.ends_with(parts), "{error}");
    // No part has run: there is nothing to say about parts.
    let (error, _) = error_of(&server, call_with("redis_del", &keys_of(1, 2)));
    assert!(error.starts_with(&at) && error.ends_with("; nothing was sent"), "{error}");
}
