//! Redis is there and wants another user or password. Whatever happens, no output ever holds the password.

use std::fs::File;
use std::process::Stdio;

use testkit::RedisServer;

use crate::site::{COUNT, ECHO, ask, error_of, label, site, wait_until_it_works};
use crate::support::{Log, Server, Site, nautiloid, stderr, stdout};

/// What must never be seen. The parts of longer passwords, so that a shortened one is found, too.
const RIGHT: &str = "right-f3c1a9";
const WRONG: &str = "wrong-77e0bd";
/// One that somebody may write without quotes.
const DIGITS: &str = "906714";

fn standalone(redis: &RedisServer, more: &str) -> String {
    format!("mode = \"standalone\"\naddress = \"{}\"\n{more}", redis.address())
}

/// A server that writes all the lines it can.
fn chatty(redis: &RedisServer, more: &str) -> Server {
    site(&standalone(redis, more)).section("[log]\nlevel = \"trace\"").start()
}

fn assert_silent_about_passwords(text: &str) {
    for secret in [RIGHT, WRONG, DIGITS] {
        assert!(!text.contains(secret), "a password was shown:\n{text}");
    }
}

/// That a call fails with `message`, and that neither it nor the log shows a password.
fn assert_refused(server: &Server, redis: &RedisServer, message: &str) {
    let (error, _) = error_of(server, COUNT);
    assert!(error.starts_with(&label(&redis.address())), "{error}");
    assert!(error.contains(message), "{error}");
    assert!(error.ends_with("; nothing was sent"), "{error}");
    assert_silent_about_passwords(&error);
    server.log.wait_for("is down");
    assert_silent_about_passwords(&server.log.text());
}

#[test]
fn a_missing_password_is_named() {
    let redis = RedisServer::start_with(&["--requirepass", RIGHT]).unwrap();
    assert_refused(&chatty(&redis, ""), &redis, "NOAUTH Authentication required.");
    // An empty one is none.
    assert_refused(&chatty(&redis, "password = \"\""), &redis, "NOAUTH Authentication required.");
}

#[test]
fn a_wrong_password_is_named_and_the_right_one_works() {
    let redis = RedisServer::start_with(&["--requirepass", RIGHT]).unwrap();
    let wrong = chatty(&redis, &format!("password = \"{WRONG}\""));
    assert_refused(&wrong, &redis, "WRONGPASS invalid username-password pair or user is disabled.");
    let right = chatty(&redis, &format!("password = \"{RIGHT}\""));
    wait_until_it_works(&right, COUNT);
    assert_silent_about_passwords(&right.log.text());
}

#[test]
fn a_password_that_is_changed_while_it_runs_is_no_reason_to_restart() {
    let redis = RedisServer::start().unwrap();
    let server = chatty(&redis, &format!("password = \"{RIGHT}\""));
    // Redis 7 refuses a password where none is set.
    assert_refused(&server, &redis, "without any password configured");
    redis.connect().unwrap().command(&["CONFIG", "SET", "requirepass", RIGHT]).unwrap();
    wait_until_it_works(&server, COUNT);
}

#[test]
fn a_user_of_an_acl_is_let_in_and_held_to_it() {
    let password = format!(">{RIGHT}");
    let acl = ["--user", "worker", "on", &password, "~faults:*", "+@all", "-eval"];
    let redis = RedisServer::start_with(&acl).unwrap();
    let user = |name: &str, password: &str| format!("username = \"{name}\"\npassword = \"{password}\"");

    let worker = chatty(&redis, &user("worker", RIGHT));
    wait_until_it_works(&worker, COUNT);
    // The server's own words, for what it refuses to do.
    let (error, _) = error_of(&worker, ECHO);
    assert!(error.starts_with("NOPERM "), "{error}");
    assert_silent_about_passwords(&worker.log.text());

    assert_refused(&chatty(&redis, &user("worker", WRONG)), &redis, "WRONGPASS");
    assert_refused(&chatty(&redis, &user("nobody", RIGHT)), &redis, "WRONGPASS");
}

#[test]
fn a_user_that_may_not_select_the_database_writes_to_no_other() {
    let password = format!(">{RIGHT}");
    let redis = RedisServer::start_with(&["--user", "worker", "on", &password, "~*", "+@all", "-select"]).unwrap();
    let server = chatty(&redis, &format!("db = 3\nusername = \"worker\"\npassword = \"{RIGHT}\""));
    let (error, _) = error_of(&server, COUNT);
    assert!(error.starts_with(&format!("redis pool \"default\" (standalone {} db 3): ", redis.address())), "{error}");
    assert!(error.contains("NOPERM ") && error.ends_with("; nothing was sent"), "{error}");
    let size = redis.connect().unwrap().command(&["DBSIZE"]).unwrap();
    assert_eq!(size, nautiloid_resp::Value::Integer(0), "it was written to database 0");
}

#[test]
fn a_user_that_may_not_ping_is_let_in() {
    let password = format!(">{RIGHT}");
    let redis = RedisServer::start_with(&["--user", "worker", "on", &password, "~*", "+@all", "-ping"]).unwrap();
    let server = chatty(&redis, &format!("username = \"worker\"\npassword = \"{RIGHT}\""));
    wait_until_it_works(&server, COUNT);
}

#[test]
fn a_server_that_repeats_the_password_is_not_quoted() {
    let redis = RedisServer::start_with(&["--rename-command", "AUTH", ""]).unwrap();
    assert_refused(&chatty(&redis, &format!("password = \"{WRONG}\"")), &redis, "unknown command 'AUTH'");
}

#[test]
fn standard_output_of_the_server_shows_no_password() {
    let redis = RedisServer::start_with(&["--requirepass", RIGHT]).unwrap();
    for password in [RIGHT, WRONG] {
        let site = site(&standalone(&redis, &format!("password = \"{password}\"")))
            .section("[log]\nlevel = \"trace\"\nformat = \"json\"");
        let output = site.path("stdout");
        let mut command = site.command();
        let mut child = command.stdout(File::create(&output).unwrap()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Log::default();
        log.follow(child.stderr.take().unwrap());
        let line = log.wait_for("serving HTTP");
        let start: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = start["address"].as_str().unwrap();
        let _ = ask(&mut crate::support::http::Client::connect(address), COUNT, 0);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_silent_about_passwords(&log.text());
        assert_silent_about_passwords(&std::fs::read_to_string(output).unwrap());
    }
}

/// Runs code and gives all that it wrote.
fn run(code: &str, arguments: &[&str]) -> String {
    let output = nautiloid().args(["run", "--log-level", "trace", "-e", code]).args(arguments).output().unwrap();
    stdout(&output) + &stderr(&output)
}

#[test]
fn run_shows_no_password() {
    let redis = RedisServer::start_with(&["--requirepass", RIGHT]).unwrap();
    let code = r#"
local redis = require("nauthilus_redis")
local default = redis.get_redis_connection("default")
print(default, redis.redis_get(default, "k"))
local _, problem = redis.register_redis_pool("other", "standalone", { address = arg[1], password = arg[2], db = "x" })
print(problem)
redis.register_redis_pool("other", "standalone", { address = arg[1], password = arg[2] })
local other = redis.get_redis_connection("other")
print(other, redis.redis_get(other, "k"))
for _, config in ipairs({
    { address = arg[1], password = tonumber("906714") },
    { address = "redis://:" .. arg[2] .. "@" .. arg[1] },
    { address = arg[1], password = { arg[2] } },
}) do
    local result, problem = redis.register_redis_pool("third", "standalone", config)
    print(problem)
    assert(result == nil)
end
error(other)
"#;
    for password in [RIGHT, WRONG] {
        let url = format!("redis://:{password}@{}", redis.address());
        let output = run(code, &["--redis", &url, &redis.address(), password]);
        assert!(output.contains("redis_pool(\"other\", standalone)"), "{output}");
        assert_silent_about_passwords(&output);

        for broken in [
            format!("redis://:{password}@"),
            format!("redis://:{password}@[::1:6379"),
            format!("redis://:{password}@{}/db", redis.address()),
            format!("redis://:{password}@{}?x={password}", redis.address()),
            format!("valkey://:{password}@{}", redis.address()),
            format!(":{password}@{}", redis.address()),
            format!("unix://:{password}@/redis.sock?db=x"),
        ] {
            let output = run("return 1", &["--redis", &broken]);
            assert!(output.contains("--redis"), "{output}");
            assert_silent_about_passwords(&output);
        }
    }
}

#[test]
fn a_configuration_error_shows_no_password() {
    let lines = [
        format!("password = \"{RIGHT}\"\nadress = \"127.0.0.1:6379\""),
        format!("password = \"{RIGHT}\""),
        format!("password = [\"{RIGHT}\"]"),
        format!("password = \"{RIGHT}"),
        format!("password = {RIGHT}"),
        format!("password = {DIGITS}\naddress = \"127.0.0.1:6379\""),
        format!("password = {DIGITS}.5\naddress = \"127.0.0.1:6379\""),
        format!("address = \"redis://:{RIGHT}@127.0.0.1:6379\""),
        format!("address = \"worker:{RIGHT}@127.0.0.1\""),
        format!("mode = \"cluster\"\naddresses = [\"redis://:{RIGHT}@127.0.0.1:6379\"]"),
    ];
    for lines in lines {
        let output = Site::new().section(&format!("[redis]\nmode = \"standalone\"\n{lines}")).refused();
        assert!(!output.status.success(), "{lines}");
        let text = stdout(&output) + &stderr(&output);
        assert!(text.contains("nautiloid.toml:"), "{text}");
        assert_silent_about_passwords(&text);
    }
}
