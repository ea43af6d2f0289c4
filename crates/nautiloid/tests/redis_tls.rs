//! Redis behind TLS: what works, and what each thing that can be wrong is told, within the deadline.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::thread;
use std::time::{Duration, Instant};

use support::{Site, nautiloid, stderr, stdout, text};
use testkit::{Certificates, Identity, RedisServer};

/// `connect_timeout` of pools whose server says at once what is wrong, with room for a busy machine.
const LONG: &str = "15s";
/// `connect_timeout` of pools whose server never says anything.
const SHORT: &str = "1s";
/// By then there is an error, whichever of the two was set.
const DEADLINE: Duration = Duration::from_secs(15);

const INCR: &str = "return { require('nauthilus_redis').redis_incr('default', 'n') }";

/// Runs code on a standalone pool with these keys.
fn run(address: &str, keys: &str, code: &str) -> Output {
    run_within(LONG, address, keys, code)
}

fn run_within(timeout: &str, address: &str, keys: &str, code: &str) -> Output {
    let site = Site::new().section(&format!(
        "[redis]\nmode = \"standalone\"\naddress = \"{address}\"\nconnect_timeout = \"{timeout}\"\n{keys}"
    ));
    run_in(&site, code)
}

fn run_in(site: &Site, code: &str) -> Output {
    site.command();
    nautiloid().args(["run", "-e", code, "--config", text(&site.path("nautiloid.toml"))]).output().unwrap()
}

fn works(address: &str, keys: &str) {
    let output = run(address, keys, INCR);
    assert!(stdout(&output).starts_with('['), "{keys}\n{}{}", stdout(&output), stderr(&output));
}

/// The reason of the error that a call gives, which begins with the pool and says that nothing was sent.
fn reason(address: &str, keys: &str) -> String {
    reason_within(LONG, address, keys)
}

fn reason_within(timeout: &str, address: &str, keys: &str) -> String {
    let start = Instant::now();
    let code = "return (select(2, require('nauthilus_redis').redis_incr('default', 'n')))";
    let output = run_within(timeout, address, keys, code);
    let took = start.elapsed();
    assert!(took < DEADLINE, "{took:?}");
    let message: String = serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("{}", stderr(&output)));
    let reason = message
        .strip_prefix(&format!("redis pool \"default\" (standalone {address}): "))
        .and_then(|rest| rest.strip_suffix("; nothing was sent"));
    reason.unwrap_or_else(|| panic!("{message}")).to_owned()
}

fn key(name: &str, path: &Path) -> String {
    format!("{name} = \"{}\"\n", path.display())
}

/// Keys of a pool that trusts this CA.
fn trusting(ca: &Path) -> String {
    format!("tls_enabled = true\n{}", key("tls_ca_file", ca))
}

/// Keys of a pool that shows this certificate.
fn showing(identity: &Identity) -> String {
    key("tls_cert_file", &identity.certificate) + &key("tls_key_file", &identity.key)
}

fn address(redis: &RedisServer) -> String {
    redis.tls_address().unwrap()
}

#[test]
fn commands_and_large_values_pass() {
    let certificates = Certificates::new().unwrap();
    let redis = RedisServer::start_tls(&certificates, &[]).unwrap();
    let code = r#"
local redis = require("nauthilus_redis")
local value = string.rep("0123456789abcdef", 512 * 1024)
assert(redis.redis_set("default", "large", value))
assert(redis.redis_get("default", "large") == value)
return #value
"#;
    let output = run(&address(&redis), &trusting(&certificates.ca()), code);
    assert_eq!(stdout(&output), "8388608\n", "{}", stderr(&output));
}

#[test]
fn a_server_answers_many_requests_at_once() {
    let certificates = Certificates::new().unwrap();
    let redis = RedisServer::start_tls(&certificates, &[]).unwrap();
    let server = Site::new()
        .section(&format!("[redis]\naddress = \"{}\"\n{}", address(&redis), trusting(&certificates.ca())))
        .hook(
            "GET",
            "/add",
            r#"
local redis = require("nauthilus_redis")
local padding = string.rep("x", 20000)
function nauthilus_run_hook()
    assert(redis.redis_hset("default", "h", padding, "1"))
    return redis.redis_incr("default", "n")
end
"#,
        )
        .start();
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let mut client = server.connect();
                for _ in 0..25 {
                    let response = client.request("GET", "/api/v1/custom/add", &[], b"");
                    assert_eq!(response.status, 200, "{}", response.text());
                }
            });
        }
    });
    let count = redis.connect().unwrap().text(&["GET", "n"]).unwrap();
    assert_eq!(count, "400");
}

#[test]
fn the_old_version_of_tls_passes() {
    let certificates = Certificates::new().unwrap();
    let redis = RedisServer::start_tls(&certificates, &["--tls-protocols", "TLSv1.2"]).unwrap();
    works(&address(&redis), &trusting(&certificates.ca()));
}

#[test]
fn a_name_is_verified_as_well_as_an_address() {
    let certificates = Certificates::new().unwrap();
    let redis = RedisServer::start_tls(&certificates, &[]).unwrap();
    let by_name = address(&redis).replace("127.0.0.1", "localhost");
    works(&by_name, &trusting(&certificates.ca()));
}

#[test]
fn paths_begin_in_the_folder_of_the_configuration() {
    let certificates = Certificates::new().unwrap();
    let redis = RedisServer::start_tls(&certificates, &[]).unwrap();
    let site = Site::new().file("tls/ca.pem", &fs::read_to_string(certificates.ca()).unwrap()).section(&format!(
        "[redis]\naddress = \"{}\"\n{}",
        address(&redis),
        trusting(&PathBuf::from("tls/ca.pem"))
    ));
    let code = format!(
        "local redis = require('nauthilus_redis')\n\
         local config = {{ address = '{}', tls_enabled = true, tls_ca_file = 'tls/ca.pem' }}\n\
         assert(redis.register_redis_pool('other', 'standalone', config))\n\
         local other = redis.get_redis_connection('other')\n\
         return {{ redis.redis_incr('default', 'n'), redis.redis_incr(other, 'n') }}",
        address(&redis)
    );
    let output = run_in(&site, &code);
    assert_eq!(stdout(&output), "[1,2]\n", "{}", stderr(&output));
}

#[test]
fn the_system_is_trusted_when_no_ca_is_named() {
    let certificates = Certificates::new().unwrap();
    let redis = RedisServer::start_tls(&certificates, &[]).unwrap();
    let url = format!("rediss://{}", address(&redis));
    let with_system = |roots: &Path| {
        let command =
            &["run", "-e", "return { require('nauthilus_redis').redis_incr('default', 'n') }", "--redis", &url];
        nautiloid().args(command).env("SSL_CERT_FILE", roots).env_remove("SSL_CERT_DIR").output().unwrap()
    };
    let output = with_system(&certificates.ca());
    assert_eq!(stdout(&output), "[1]\n", "{}", stderr(&output));

    let log = stderr(&with_system(&certificates.other_ca()));
    let expected =
        "TLS: the server's certificate is not signed by a CA that is trusted: set tls_ca_file to the CA that";
    assert!(log.contains(expected), "{log}");

    let log = stderr(&with_system(Path::new("/nonexistent")));
    assert!(log.contains("nautiloid: redis: tls_enabled: this system has no trusted CAs"), "{log}");
}

#[test]
fn a_certificate_of_another_ca_is_refused() {
    let certificates = Certificates::new().unwrap();
    let redis = RedisServer::start_tls(&certificates, &[]).unwrap();
    assert_eq!(
        reason(&address(&redis), &trusting(&certificates.other_ca())),
        "cannot connect: TLS: the server's certificate is not signed by a CA that is trusted: set tls_ca_file to the \
         CA that signed it; the one it names now did not"
    );
}

#[test]
fn an_expired_certificate_is_refused() {
    let certificates = Certificates::new().unwrap();
    let redis = RedisServer::start_tls_as(&certificates, certificates.expired(), &[]).unwrap();
    assert_eq!(
        reason(&address(&redis), &trusting(&certificates.ca())),
        "cannot connect: TLS: the server's certificate expired on 2002-01-01: renew it, or set this machine's clock"
    );
}

#[test]
fn a_certificate_for_another_name_is_refused_unless_the_name_is_given() {
    let certificates = Certificates::new().unwrap();
    let redis = RedisServer::start_tls_as(&certificates, certificates.wrong_name(), &[]).unwrap();
    let trusting = trusting(&certificates.ca());
    assert_eq!(
        reason(&address(&redis), &trusting),
        "cannot connect: TLS: the server's certificate is for redis.invalid and not for 127.0.0.1: set tls_server_name \
         to a name that it is for"
    );
    works(&address(&redis), &format!("{trusting}tls_server_name = \"redis.invalid\""));
    let other = reason(&address(&redis), &format!("{trusting}tls_server_name = \"redis.example.org\""));
    assert!(other.contains("is for redis.invalid and not for redis.example.org"), "{other}");
}

#[test]
fn nothing_is_verified_on_request_and_the_log_warns_of_it() {
    let certificates = Certificates::new().unwrap();
    for identity in [certificates.server(), certificates.expired(), certificates.wrong_name()] {
        let redis = RedisServer::start_tls_as(&certificates, identity, &[]).unwrap();
        let output = run(&address(&redis), "tls_enabled = true\ntls_insecure_skip_verify = true", INCR);
        assert_eq!(stdout(&output), "[1]\n", "{}", stderr(&output));
        let log = stderr(&output);
        let warning =
            format!("redis pool \"default\" (standalone {}): tls_insecure_skip_verify is on", address(&redis));
        assert_eq!(log.replace("\\\"", "\"").matches(&warning).count(), 1, "{log}");
        assert_eq!(log.matches("WARN").count(), 1, "{log}");
    }
}

#[test]
fn a_server_that_wants_a_client_certificate_takes_only_the_right_one() {
    let certificates = Certificates::new().unwrap();
    let trusting = trusting(&certificates.ca());
    for (version, without) in [
        ("TLSv1.3", "cannot connect: TLS: the server wants a client certificate: set tls_cert_file and tls_key_file"),
        (
            "TLSv1.2",
            "cannot connect: TLS: the server refused the handshake (HandshakeFailure); if it wants a client \
             certificate, set tls_cert_file and tls_key_file",
        ),
    ] {
        let arguments = ["--tls-auth-clients", "yes", "--tls-protocols", version];
        let redis = RedisServer::start_tls(&certificates, &arguments).unwrap();
        works(&address(&redis), &format!("{trusting}{}", showing(&certificates.client())));
        // Whether the first bytes find the connection closed already is a matter of luck: both ways are told.
        for _ in 0..5 {
            assert_eq!(reason(&address(&redis), &trusting), without, "{version}");
        }
        let other = reason(&address(&redis), &format!("{trusting}{}", showing(&certificates.other_client())));
        let expected = "cannot connect: TLS: the server does not accept the certificate in tls_cert_file (";
        assert!(other.starts_with(expected), "{version}: {other}");
    }
}

/// What a port says of itself that does not answer a handshake.
const UNANSWERED: &str =
    "cannot connect: no answer to the handshake of TLS (is this the server's TLS port?) within 1s (connect_timeout)";

#[test]
fn plain_and_tls_ports_are_told_apart() {
    let certificates = Certificates::new().unwrap();
    let redis = RedisServer::start_tls(&certificates, &[]).unwrap();
    // Redis takes the handshake for the beginning of a long line.
    assert_eq!(reason_within(SHORT, &redis.address(), &trusting(&certificates.ca())), UNANSWERED);
    assert_eq!(
        reason(&address(&redis), ""),
        "cannot connect: the server closed the connection; if it speaks TLS on this port, set tls_enabled = true"
    );
}

/// Accepts connections and sends each these bytes, if any.
fn listener(says: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            // It may hang up before: then there is nobody to answer.
            if matches!(stream.read(&mut [0; 4096]), Ok(1..)) {
                let _ = stream.write_all(says);
            }
        }
    });
    address
}

#[test]
fn servers_of_another_kind_are_told() {
    let certificates = Certificates::new().unwrap();
    let trusting = trusting(&certificates.ca());
    assert_eq!(
        reason(&listener(b"HTTP/1.1 400 Bad Request\r\n\r\n"), &trusting),
        "cannot connect: TLS: the server does not speak TLS on this port: dial its TLS port, or set tls_enabled = false"
    );
    assert_eq!(
        reason(&listener(b""), &trusting),
        "cannot connect: TLS: the server closed the connection; does it speak TLS on this port?"
    );
    // The system completes the connections; nobody ever takes them.
    let black_hole = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = black_hole.local_addr().unwrap().to_string();
    assert_eq!(reason_within(SHORT, &address, &trusting), UNANSWERED);
}

#[test]
fn files_that_cannot_be_used_stop_the_start() {
    let certificates = Certificates::new().unwrap();
    let (client, other) = (certificates.client(), certificates.other_client());
    let mixed = Identity { certificate: client.certificate.clone(), key: other.key };
    for (keys, message) in [
        (trusting(Path::new("gone.pem")), "redis: tls_ca_file: cannot use "),
        (trusting(&client.key), "redis: tls_ca_file: cannot use "),
        (trusting(&certificates.ca()) + &showing(&mixed), "redis: tls_key_file: cannot use "),
    ] {
        let site = Site::new().section(&format!("[redis]\naddress = \"127.0.0.1:1\"\n{keys}"));
        let output = site.refused();
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
        let run = run_in(&site, "return 1");
        assert_eq!((run.status.code(), stderr(&run)), (Some(1), stderr(&output)));
    }
}
