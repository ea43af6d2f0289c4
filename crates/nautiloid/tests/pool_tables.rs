//! Tables for `register_redis_pool` that cannot be used: `nil` and a message that names the key.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use support::{Site, nautiloid, stderr, stdout};

/// Mode, table and message of pools that are refused. `@` stands for the pool's name.
const REFUSED: &[(&str, &str, &str)] = &[
    // Unknown keys and types.
    ("standalone", "{ adress = 'a:1' }", "unknown field `adress`, expected one of `mode`, `address`, `addresses`, "),
    ("standalone", "{ address = 'a:1', tls = true }", "unknown field `tls`, expected one of `mode`, `address`, "),
    ("standalone", "{ address = 6379 }", "address: invalid type: integer `6379`, expected a string"),
    ("standalone", "{ address = 'a:1', password = 424242 }", "password: a string in quotes is expected"),
    (
        "standalone",
        "{ address = 'a:1', tls_enabled = 'yes' }",
        "tls_enabled: invalid type: string \"yes\", expected a bool",
    ),
    ("standalone", "{ address = 'a:1', password_file = {} }", "password_file: invalid type: "),
    ("cluster", "{ addresses = 'a:1' }", "addresses: invalid type: string, expected table"),
    ("cluster", "{ addresses = { 'a:1', {} } }", "addresses[2]: "),
    // Address and addresses.
    ("standalone", "{}", "@address is missing: mode standalone needs the server's host:port"),
    (
        "standalone",
        "{ addresses = { 'a:1' } }",
        "@addresses has no meaning in mode standalone: write address, a single host:port",
    ),
    (
        "standalone",
        "{ addresses = { 'a:1', 'b:1' } }",
        "@addresses has no meaning in mode standalone: write address for one server, or choose mode sentinel or cluster",
    ),
    (
        "sentinel",
        "{ address = 'a:1', master_name = 'm' }",
        "@address has no meaning in mode sentinel: write addresses, a",
    ),
    (
        "sentinel_replica",
        "{ address = 'a:1' }",
        "@address has no meaning in mode sentinel_replica: write addresses, a list",
    ),
    ("cluster", "{ address = 'a:1' }", "@address has no meaning in mode cluster: write addresses, a list"),
    ("embedded", "{ address = 'a:1' }", "@address has no meaning in mode embedded: remove it"),
    (
        "sentinel",
        "{ addresses = { 'a:1' } }",
        "@master_name is missing: mode sentinel needs the name that the Sentinels",
    ),
    ("cluster", "{ addresses = {} }", "@addresses is missing: mode cluster needs a list of host:port"),
    // Ports and addresses that are none.
    (
        "standalone",
        "{ address = 'a:70000' }",
        "address: the port of address \"a:70000\" is not a number from 1 to 65535",
    ),
    ("standalone", "{ address = 'a:0' }", "address: the port of address \"a:0\" is not a number from 1 to 65535"),
    ("standalone", "{ address = 'a:-1' }", "address: the port of address \"a:-1\" is not a number from 1 to 65535"),
    ("cluster", "{ addresses = { 'a:1', 'b:port' } }", "addresses[2]: the port of address \"b:port\" is not a number"),
    ("standalone", "{ address = 'redis://a:1' }", "address: address \"redis://a:1\" is not of the form host:port, "),
    // Numbers and durations.
    ("standalone", "{ address = 'a:1', pool_size = -1 }", "pool_size: -1 is negative: write a whole number, 0 or more"),
    ("standalone", "{ address = 'a:1', pool_size = 0 }", "@pool_size must be at least 1 and at most 10000"),
    ("standalone", "{ address = 'a:1', pool_size = 1e9 }", "@pool_size must be at least 1 and at most 10000"),
    (
        "standalone",
        "{ address = 'a:1', pool_size = '5' }",
        "pool_size: invalid type: string \"5\", expected a whole number",
    ),
    ("standalone", "{ address = 'a:1', pool_size = 1.5 }", "pool_size: 1.5 is not a whole number"),
    ("standalone", "{ address = 'a:1', min_idle_conns = -1 }", "min_idle_conns: -1 is negative: write a whole number"),
    ("standalone", "{ address = 'a:1', min_idle_conns = 11 }", "@min_idle_conns must be at most pool_size"),
    ("standalone", "{ address = 'a:1', db = -1 }", "db: -1 is negative: write a whole number, 0 or more"),
    ("standalone", "{ address = 'a:1', db = 65536 }", "db: 65536 is too large"),
    (
        "standalone",
        "{ address = 'a:1', read_timeout = 5 }",
        "read_timeout: invalid type: integer `5`, expected a duration",
    ),
    ("standalone", "{ address = 'a:1', read_timeout = '-5s' }", "read_timeout: a duration cannot be negative"),
    (
        "standalone",
        "{ address = 'a:1', write_timeout = '0s' }",
        "@write_timeout must be more than zero and at most one",
    ),
    (
        "standalone",
        "{ address = 'a:1', connect_timeout = '2h' }",
        "@connect_timeout must be more than zero and at most one",
    ),
    (
        "standalone",
        "{ address = 'a:1', max_idle_age = '1ms' }",
        "@max_idle_age must be at least one second and at most",
    ),
    // Keys that mean nothing here, or not alone.
    ("cluster", "{ addresses = { 'a:1' }, db = 1 }", "@db has no meaning in mode cluster: remove it"),
    (
        "standalone",
        "{ address = 'a:1', master_name = 'm' }",
        "@master_name has no meaning in mode standalone: remove it",
    ),
    (
        "standalone",
        "{ address = 'a:1', replicas = { 'b:1' } }",
        "@replicas has no meaning without read_from_replicas = true",
    ),
    (
        "standalone",
        "{ address = 'a:1', read_from_replicas = true }",
        "@read_from_replicas has no meaning without replicas, a list of host:port",
    ),
    (
        "sentinel_replica",
        "{ addresses = { 'a:1' }, master_name = 'm', read_from_replicas = true }",
        "@read_from_replicas has no meaning in mode sentinel_replica: remove it",
    ),
    // Passwords.
    (
        "standalone",
        "{ address = 'a:1', password = 'sesame', password_file = 'f' }",
        "@password and password_file exclude each other: keep one",
    ),
    ("standalone", "{ address = 'a:1', password_file = 'gone' }", "@password_file: cannot use gone: No such file"),
    ("standalone", "{ address = 'a:1', password_file = '.' }", "@password_file: cannot use .: Is a directory"),
    ("standalone", "{ address = 'a:1', password_file = 'empty' }", "@password_file: cannot use empty: it is empty"),
    (
        "standalone",
        "{ address = 'a:1', password_env = 'NAUTILOID_NOT_SET' }",
        "@password_env: the environment variable NAUTILOID_NOT_SET is not set",
    ),
    (
        "sentinel",
        "{ addresses = { 'a' }, master_name = 'm', sentinel_password_file = '/gone' }",
        "@sentinel_password_file: cannot use /gone: No such file",
    ),
    ("standalone", "{ address = 'a:1', sentinel_password_env = 'X' }", "@sentinel_password_env has no meaning in mode"),
    // TLS.
    ("embedded", "{ tls_enabled = true }", "@tls_enabled has no meaning in mode embedded: remove it"),
    ("standalone", "{ address = 'a:1', tls_ca_file = 'x' }", "@tls_ca_file has no meaning without tls_enabled = true"),
    (
        "standalone",
        "{ address = 'a:1', tls_server_name = 'x' }",
        "@tls_server_name has no meaning without tls_enabled = ",
    ),
    (
        "standalone",
        "{ address = 'a:1', tls_enabled = true, tls_ca_file = 'gone' }",
        "@tls_ca_file: cannot use gone: No such file or directory",
    ),
    (
        "standalone",
        "{ address = 'a:1', tls_enabled = true, tls_ca_file = 'empty' }",
        "@tls_ca_file: cannot use empty: there is no certificate in it",
    ),
    (
        "standalone",
        "{ address = 'a:1', tls_enabled = true, tls_cert_file = 'x' }",
        "@tls_cert_file has no meaning without tls_key_file",
    ),
    (
        "standalone",
        "{ address = 'a:1', tls_enabled = true, tls_insecure_skip_verify = true, tls_server_name = 'a:1' }",
        "@tls_server_name: \"a:1\" is neither a host name nor an IP address",
    ),
    (
        "standalone",
        "{ address = 'unix:/redis.sock', tls_enabled = true }",
        "@tls_enabled: there is no TLS over a Unix socket: remove it, or write host:port",
    ),
    // The mode itself.
    ("Standalone", "{ address = 'a:1' }", "Unknown mode: Standalone"),
];

/// Registers each of the pools and gives the second results.
fn messages(site: &Site) -> Vec<String> {
    let calls: Vec<String> = REFUSED
        .iter()
        .map(|(mode, table, _)| format!("second(redis.register_redis_pool('p', '{mode}', {table}))"))
        .collect();
    let code = format!(
        "local redis = require('nauthilus_redis')\n\
         local function second(result, err) assert(result == nil, result) return err end\n\
         return {{ {} }}",
        calls.join(",\n")
    );
    let output = nautiloid().args(["run", "-e", &code]).current_dir(site.path("")).output().unwrap();
    serde_json::from_str(&stdout(&output)).unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)))
}

#[test]
fn every_bad_table_is_refused_with_its_key() {
    let site = Site::new().file("empty", "");
    let messages = messages(&site);
    assert_eq!(messages.len(), REFUSED.len());
    for ((mode, table, expected), message) in REFUSED.iter().zip(messages) {
        let expected = expected.replace('@', "redis pool 'p': ");
        assert!(message.starts_with(&expected), "{mode} {table}\nsaid:     {message}\nexpected: {expected}");
        assert!(!message.contains("sesame") && !message.contains("424242"), "{message}");
    }
}
