//! Commands reach the master that the Sentinels name, whoever wants a password or TLS.

use testkit::{Certificates, Credentials, SentinelOptions, Sentinels};

use crate::site::{GET, KEY, SCRIPT, SET, pool_of, site, value_of};

#[test]
fn the_master_is_found_and_the_database_selected() {
    let setup = Sentinels::start().unwrap();
    let server = site(&pool_of("sentinel", &setup, "db = 3\nmin_idle_conns = 2")).start();
    assert_eq!(value_of(&server, SET, 7), "OK");
    assert_eq!(value_of(&server, GET, 0), "7");
    assert_eq!(value_of(&server, SCRIPT, 0), "7");
    let mut master = setup.node(setup.master().unwrap()).connect().unwrap();
    master.succeed(&["SELECT", "3"]).unwrap();
    assert_eq!(master.text(&["GET", KEY]).unwrap(), "7");
}

#[test]
fn users_of_the_servers_and_of_the_sentinels_are_their_own() {
    let setup = Sentinels::start_with(&SentinelOptions {
        login: Some(Credentials::user("app", "of-the-data")),
        sentinel_login: Some(Credentials::user("watcher", "of-the-sentinels")),
        ..SentinelOptions::default()
    })
    .unwrap();
    let credentials = "username = \"app\"\npassword = \"of-the-data\"\n\
        sentinel_username = \"watcher\"\nsentinel_password = \"of-the-sentinels\"";
    let server = site(&pool_of("sentinel", &setup, credentials)).start();
    assert_eq!(value_of(&server, SET, 8), "OK");
    assert_eq!(value_of(&server, GET, 0), "8");
}

#[test]
fn a_user_of_the_sentinels_that_may_only_ask_for_the_address_is_enough() {
    let setup = Sentinels::start().unwrap();
    for sentinel in setup.sentinels() {
        let rules = ["on", ">peep", "-@all", "+auth", "+sentinel|get-master-addr-by-name"];
        sentinel.set_user("peeper", &rules).unwrap();
    }
    let credentials = "sentinel_username = \"peeper\"\nsentinel_password = \"peep\"";
    let server = site(&pool_of("sentinel", &setup, credentials)).start();
    assert_eq!(value_of(&server, SET, 9), "OK");
    server.log.wait_for("cannot listen: NOPERM");
}

#[test]
fn with_tls_servers_and_sentinels_are_reached_through_it() {
    let certificates = Certificates::new().unwrap();
    let setup =
        Sentinels::start_with(&SentinelOptions { tls: Some(certificates.clone()), ..SentinelOptions::default() })
            .unwrap();
    let tls = format!("tls_enabled = true\ntls_ca_file = {:?}", certificates.ca());
    let server = site(&pool_of("sentinel", &setup, &tls)).start();
    assert_eq!(value_of(&server, SET, 10), "OK");
    assert_eq!(value_of(&server, GET, 0), "10");
}
