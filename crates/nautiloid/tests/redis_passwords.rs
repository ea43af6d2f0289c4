//! Where passwords come from: a file, which may change while the process runs, or the environment. No output ever
//! holds one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::process::Command;
use std::time::Instant;

use support::{PATIENCE, Server, Site, nautiloid, stderr, stdout, text};
use testkit::RedisServer;

const FIRST: &str = "first-8d2f";
const SECOND: &str = "second-77ab";
const VARIABLE: &str = "NAUTILOID_TEST_PASSWORD";

fn silent(output: &str) {
    for password in [FIRST, SECOND] {
        assert!(!output.contains(password), "a password is shown:\n{output}");
    }
}

/// What a call on [`ELSEWHERE`] gives the ACL user `policy`, and nobody else.
const LOGGED_IN: &str = "NOPERM ";
/// A call that everybody may do but `policy`.
const ELSEWHERE: &str = "select(2, require('nauthilus_redis').redis_get('default', 'elsewhere'))";

/// A server with the ACL user `policy`, who may not look elsewhere.
fn redis(password: &str) -> RedisServer {
    let password = format!(">{password}");
    RedisServer::start_with(&["--user", "policy", "on", &password, "~policy:*", "+@all"]).unwrap()
}

fn site(redis: &RedisServer, keys: &str) -> Site {
    Site::new()
        .section(&format!(
            "[redis]\nmode = \"standalone\"\naddress = \"{}\"\nusername = \"policy\"\nconnect_timeout = \"15s\"\n{keys}",
            redis.address()
        ))
        .section("[log]\nlevel = \"trace\"")
}

/// `nautiloid run` with a script that prints a handle and what a call gives, in the site's configuration.
fn call(site: &Site) -> Command {
    site.command();
    let code = format!("print(require('nauthilus_redis').get_redis_connection('default')) return ({ELSEWHERE})");
    let mut command = nautiloid();
    command.args(["run", "-e", &code, "--config", text(&site.path("nautiloid.toml"))]).env_remove(VARIABLE);
    command
}

/// All that a command wrote, in which there is no password.
fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let all = stdout(&output) + &stderr(&output);
    silent(&all);
    all
}

#[test]
fn a_password_can_be_in_a_file_beside_the_configuration() {
    let redis = redis(FIRST);
    for content in [FIRST.to_owned(), format!("{FIRST}\n"), format!("{FIRST}\r\n")] {
        let site = site(&redis, "password_file = \"secrets/redis\"").file("secrets/redis", &content);
        let all = output(&mut call(&site));
        assert!(all.contains(LOGGED_IN), "{all}");
    }
}

#[test]
fn a_password_can_be_in_the_environment() {
    let redis = redis(FIRST);
    let site = site(&redis, &format!("password_env = \"{VARIABLE}\""));
    let all = output(call(&site).env(VARIABLE, FIRST));
    assert!(all.contains(LOGGED_IN), "{all}");

    let all = output(call(&site).env(VARIABLE, SECOND));
    let label = format!("redis pool \\\"default\\\" (standalone {}): ", redis.address());
    assert!(all.contains(&format!("{label}the server refused the connection: WRONGPASS ")), "{all}");

    for (value, problem) in [(None, "not set"), (Some(""), "empty")] {
        let mut command = call(&site);
        let all = output(command.envs(value.map(|value| (VARIABLE, value))));
        let expected = format!("nautiloid: redis: password_env: the environment variable {VARIABLE} is {problem}");
        assert!(all.contains(&expected), "{all}");
    }
}

#[test]
fn a_wrong_password_in_a_file_is_told_and_not_shown() {
    let redis = redis(FIRST);
    let site = site(&redis, "password_file = \"redis.password\"").file("redis.password", SECOND);
    let all = output(&mut call(&site));
    assert!(all.contains("WRONGPASS") && all.contains("; check the pool's username and password"), "{all}");
}

#[test]
fn a_password_file_that_cannot_be_used_stops_the_start() {
    let redis = redis(FIRST);
    let site = site(&redis, "password_file = \"gone\"");
    let expected = format!("redis: password_file: cannot use {}: No such file", text(&site.path("gone")));
    let all = output(&mut call(&site));
    assert!(all.contains(&expected), "{all}");
    let refused = site.refused();
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains(&expected), "{}", stderr(&refused));
}

/// What the hook's call gives.
fn ask(server: &Server) -> String {
    let response = server.hook("/elsewhere");
    assert_eq!(response.status, 200, "{}", response.text());
    response.text().to_owned()
}

fn wait_for(server: &Server, answer: &str) {
    let start = Instant::now();
    loop {
        let said = ask(server);
        silent(&said);
        if said.contains(answer) {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "no {answer:?}: {said}");
        std::thread::yield_now();
    }
}

#[test]
fn a_rotated_password_is_used_without_a_restart() {
    let redis = redis(FIRST);
    let server = site(&redis, "password_file = \"redis.password\"")
        .file("redis.password", &format!("{FIRST}\n"))
        .hook("GET", "/elsewhere", &format!("function nauthilus_run_hook() return {{ ({ELSEWHERE}) }} end"))
        .start();
    wait_for(&server, LOGGED_IN);

    // The server's side first: connections of the user are closed, and the old password is wrong from now on.
    redis.set_user("policy", &["resetpass", &format!(">{SECOND}")]).unwrap();
    redis.connect().unwrap().succeed(&["CLIENT", "KILL", "USER", "policy"]).unwrap();
    wait_for(&server, "WRONGPASS");
    std::fs::write(server.site.path("redis.password"), format!("{SECOND}\n")).unwrap();
    wait_for(&server, LOGGED_IN);

    // A file that is gone is told in calls as long as it is.
    std::fs::remove_file(server.site.path("redis.password")).unwrap();
    redis.connect().unwrap().succeed(&["CLIENT", "KILL", "USER", "policy"]).unwrap();
    wait_for(&server, "password_file: cannot use ");
    std::fs::write(server.site.path("redis.password"), SECOND).unwrap();
    wait_for(&server, LOGGED_IN);
    silent(&server.log.text());
}
