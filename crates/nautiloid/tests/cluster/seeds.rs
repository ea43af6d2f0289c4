//! The addresses of the configuration: some dead, all dead, and servers of another kind.

use serde_json::json;
use testkit::{Certificates, Cluster, ClusterOptions, Credentials, RedisServer};

use crate::nodes::{key_of, without_replicas};
use crate::site::{AT_ONCE, error_of, label, pool, site, value_of, wait_for_value};

fn dead() -> String {
    format!("127.0.0.1:{}", RedisServer::free_port().unwrap())
}

#[test]
fn one_address_that_works_is_enough() {
    let cluster = Cluster::start_with(&without_replicas()).unwrap();
    // Before and after; one that takes connections and says nothing keeps nobody waiting either.
    let silent = RedisServer::start().unwrap();
    silent.pause().unwrap();
    let addresses = [dead(), silent.address(), cluster.addresses().remove(1), dead()];
    let server = site(&pool(&addresses, "")).start();
    for master in 0..3 {
        assert_eq!(value_of(&server, json!(["redis_incr", key_of(master)])), 1);
    }
    silent.resume().unwrap();
}

#[test]
fn when_the_only_address_dies_the_masters_that_it_named_are_asked() {
    // Nothing has been asked of the other masters: no connection to them is open.
    for stopped in [false, true] {
        let mut cluster = Cluster::start().unwrap();
        let server = site(&pool(&[cluster.node(0).address()], "")).start();
        let key = key_of(0);
        assert_eq!(value_of(&server, json!(["redis_incr", key])), 1);
        if stopped {
            cluster.node(0).pause().unwrap();
        } else {
            cluster.node_mut(0).kill().unwrap();
        }
        cluster.wait_for_master_other_than(0, testkit::slot(key.as_bytes())).unwrap();
        wait_for_value(&server, json!(["redis_incr", key]));
        if stopped {
            cluster.node(0).resume().unwrap();
        }
    }
}

#[test]
fn addresses_that_are_all_dead_are_named() {
    let addresses = [dead(), dead(), dead()];
    let server = site(&pool(&addresses, "")).start();
    for attempt in 0..20 {
        let (error, took) = error_of(&server, json!(["redis_get", "k"]));
        assert!(error.starts_with(&format!("{}: ", label(&addresses))), "{error}");
        assert!(error.ends_with("; nothing was sent"), "{error}");
        let refused = |address: &String| error.contains(&format!("{address}: cannot connect: Connection refused"));
        assert!(addresses.iter().all(refused), "{error}");
        assert!(took < AT_ONCE, "attempt {attempt} took {took:?}");
    }
}

#[test]
fn addresses_that_take_connections_and_say_nothing() {
    let silent = RedisServer::start().unwrap();
    silent.pause().unwrap();
    let server = site(&pool(&[silent.address()], "")).start();
    let (error, _) = error_of(&server, json!(["redis_get", "k"]));
    assert!(error.starts_with(&format!("{}: ", label(&[silent.address()]))), "{error}");
    assert!(error.contains("no answer within 1s (connect_timeout)"), "{error}");
    silent.resume().unwrap();
}

#[test]
fn a_standalone_server_is_told_by_its_mode() {
    let redis = RedisServer::start().unwrap();
    let server = site(&pool(&[redis.address()], "")).start();
    let expected = format!(
        "{}: {}: the server refused CLUSTER SLOTS: ERR This instance has cluster support disabled; use mode \
         standalone; nothing was sent",
        label(&[redis.address()]),
        redis.address()
    );
    assert_eq!(error_of(&server, json!(["redis_get", "k"])).0, expected);
}

#[test]
fn a_wrong_password() {
    let login = Some(Credentials::user("app", "right-secret"));
    let cluster = Cluster::start_with(&ClusterOptions { login, ..without_replicas() }).unwrap();
    let addresses = &cluster.addresses()[..2];
    for (keys, code) in [
        ("", "NOAUTH"),
        ("username = \"app\"\npassword = \"wrong-secret\"", "WRONGPASS"),
        ("password = \"right-secret\"", "WRONGPASS"),
    ] {
        let server = site(&pool(addresses, keys)).start();
        let (error, _) = error_of(&server, json!(["redis_get", "k"]));
        assert!(error.starts_with(&format!("{}: 127.0.0.1:", label(addresses))), "{error}");
        assert!(error.contains(&format!(": the server refused the connection: {code}")), "{error}");
        assert!(error.contains("the pool's "), "{error}");
        assert!(!error.contains("secret") && !server.log.text().contains("secret"), "{error}");
    }
    let server = site(&pool(addresses, "username = \"app\"\npassword = \"right-secret\"")).start();
    assert_eq!(value_of(&server, json!(["redis_incr", key_of(2)])), 1);
}

#[test]
fn a_certificate_of_another_ca() {
    let certificates = Certificates::new().unwrap();
    let options = ClusterOptions { tls: Some(certificates.clone()), ..without_replicas() };
    let cluster = Cluster::start_with(&options).unwrap();
    let trusting = |ca: std::path::PathBuf| {
        pool(&cluster.addresses(), &format!("tls_enabled = true\ntls_ca_file = \"{}\"", ca.display()))
    };
    let server = site(&trusting(certificates.other_ca())).start();
    let (error, _) = error_of(&server, json!(["redis_get", "k"]));
    assert!(error.starts_with(&format!("{}: 127.0.0.1:", label(&cluster.addresses()))), "{error}");
    assert!(error.contains("the server's certificate is not signed by a CA that is trusted"), "{error}");

    let server = site(&trusting(certificates.ca())).start();
    for master in 0..3 {
        assert_eq!(value_of(&server, json!(["redis_incr", key_of(master)])), 1);
    }
}
