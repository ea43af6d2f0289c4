//! What cannot work gives one error that names pool, mode, addresses and reason, in time.

use testkit::{Credentials, RedisServer, SentinelOptions, Sentinels};

use crate::site::{GET, SET, error_of, pool, pool_of, site, value_of, wait_for_value};

/// How errors of the default pool begin.
fn label(setup: &Sentinels) -> String {
    format!(
        "redis pool \"default\" (sentinel {} master {}): ",
        setup.sentinel_addresses().join(","),
        setup.master_name()
    )
}

fn small() -> SentinelOptions {
    SentinelOptions { replicas: 0, sentinels: 1, ..SentinelOptions::default() }
}

#[test]
fn a_name_that_no_sentinel_knows() {
    let setup = Sentinels::start_with(&small()).unwrap();
    let server = site(&pool("sentinel", &setup.sentinel_addresses(), "mian", "")).start();
    let error = error_of(&server, GET);
    let expected = format!(
        "redis pool \"default\" (sentinel {} master mian): no Sentinel knows a master \"mian\": check master_name; \
         nothing was sent",
        setup.sentinel_addresses().join(",")
    );
    assert_eq!(error, expected);
}

#[test]
fn sentinels_that_are_all_down_are_named_and_found_when_they_are_back() {
    let mut setup = Sentinels::start_with(&SentinelOptions { sentinels: 2, ..small() }).unwrap();
    for sentinel in setup.sentinels_mut() {
        sentinel.kill().unwrap();
    }
    let server = site(&pool_of("sentinel", &setup, "")).start();
    let error = error_of(&server, GET);
    assert!(error.starts_with(&format!("{}no Sentinel can be asked: ", label(&setup))), "{error}");
    for address in setup.sentinel_addresses() {
        assert!(error.contains(&format!("{address}: cannot connect: Connection refused")), "{error}");
    }
    assert!(error.ends_with("; nothing was sent"), "{error}");
    for sentinel in setup.sentinels_mut() {
        sentinel.restart().unwrap();
    }
    assert_eq!(wait_for_value(&server, SET, 1), "OK");
    server.log.wait_for("is back after");
}

#[test]
fn sentinels_that_go_away_take_nothing_with_them_that_works() {
    let mut setup = Sentinels::start_with(&small()).unwrap();
    let server = site(&pool_of("sentinel", &setup, "")).server("workers = 1").start();
    assert_eq!(value_of(&server, SET, 1), "OK");
    setup.sentinels_mut()[0].kill().unwrap();
    server.log.wait_for("the Sentinel at");
    assert_eq!(value_of(&server, GET, 0), "1");
}

#[test]
fn a_wrong_password_of_the_sentinels() {
    let login = Credentials::password("of-the-sentinels");
    let setup = Sentinels::start_with(&SentinelOptions { sentinel_login: Some(login), ..small() }).unwrap();
    for (given, code) in [("", "NOAUTH"), ("sentinel_password = \"wrong\"", "WRONGPASS")] {
        let server = site(&pool_of("sentinel", &setup, given)).start();
        let error = error_of(&server, GET);
        assert!(error.starts_with(&label(&setup)), "{error}");
        assert!(error.contains(code) && error.contains("sentinel_password"), "{error}");
        assert!(error.contains(&setup.sentinel_addresses()[0]), "{error}");
    }
}

#[test]
fn a_wrong_password_of_the_master() {
    let setup =
        Sentinels::start_with(&SentinelOptions { login: Some(Credentials::password("right")), ..small() }).unwrap();
    let server = site(&pool_of("sentinel", &setup, "password = \"wrong\"")).start();
    let error = error_of(&server, GET);
    let refused = format!("{}{}: the server refused the connection: WRONGPASS", label(&setup), setup.node(0).address());
    assert!(error.starts_with(&refused), "{error}");
}

#[test]
fn a_master_that_is_down_is_named() {
    let options = SentinelOptions { down_after: std::time::Duration::from_secs(60), ..small() };
    let mut setup = Sentinels::start_with(&options).unwrap();
    let address = setup.node(0).address();
    setup.node_mut(0).kill().unwrap();
    let server = site(&pool_of("sentinel", &setup, "")).start();
    let error = error_of(&server, GET);
    assert!(error.starts_with(&format!("{}{address}: cannot connect: Connection refused", label(&setup))), "{error}");
    setup.node_mut(0).restart().unwrap();
    assert_eq!(wait_for_value(&server, SET, 1), "OK");
}

#[test]
fn sentinels_that_take_connections_and_say_nothing() {
    let silent = RedisServer::start().unwrap();
    silent.pause().unwrap();
    let server = site(&pool("sentinel", &[silent.address()], "main", "")).start();
    let error = error_of(&server, GET);
    assert!(error.contains(&format!("{}: no answer within 1s (connect_timeout)", silent.address())), "{error}");
    silent.resume().unwrap();
}
