//! Scripts that the configuration names for Redis: remembered and uploaded at the start, run by name from everywhere.
#![allow(clippy::unwrap_used, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::path::Path;
use std::process::Output;

use nautiloid_resp::Value;
use support::{Site, nautiloid, stderr, stdout};
use testkit::RedisServer;

const COUNT: &str = "-- Counts, and lets the first count expire.
local count = redis.call('INCR', KEYS[1])
if count == 1 then
  redis.call('EXPIRE', KEYS[1], ARGV[1])
end
return count
";

/// Runs code with this configuration, beside a script `scripts/count.lua`.
fn run(config: &str, script: &str, code: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("scripts")).unwrap();
    std::fs::write(folder.path().join("scripts/count.lua"), script).unwrap();
    std::fs::write(
        folder.path().join("init.lua"),
        "require('nauthilus_redis').register_redis_pool('other', 'embedded', { db = 3 })",
    )
    .unwrap();
    let path = folder.path().join("nautiloid.toml");
    std::fs::write(&path, config).unwrap();
    nautiloid().args(["run", "-e", code, "--config"]).arg(path).output().unwrap()
}

const ENTRY: &str = "[[redis_scripts]]\nname = \"count\"\nfile = \"scripts/count.lua\"\n";

const CODE: &str = "local redis = require('nauthilus_redis')
    return assert(redis.redis_run_script('default', '', 'count', { 'k' }, { 60 }))";

#[test]
fn a_script_is_uploaded_before_anything_runs_it() {
    let redis = RedisServer::start().unwrap();
    for config in [ENTRY.to_owned(), format!("[redis]\naddress = \"{}\"\n{ENTRY}", redis.address())] {
        let output = run(&config, COUNT, CODE);
        assert_eq!(stdout(&output).trim(), "1", "{}", stderr(&output));
    }
    let mut direct = redis.connect().unwrap();
    assert_eq!(direct.command(&["TTL", "k"]).unwrap(), Value::Integer(60));
    // Only then was it run, by its SHA-1.
    let Value::Bulk(stats) = direct.command(&["INFO", "commandstats"]).unwrap() else { panic!("no text") };
    let stats = String::from_utf8_lossy(&stats).into_owned();
    assert!(stats.contains("cmdstat_script|load:calls=1,") && stats.contains("cmdstat_evalsha:calls=1,"), "{stats}");
    assert!(!stats.contains("cmdstat_eval:"), "{stats}");
}

#[test]
fn a_script_may_be_for_a_pool_that_an_init_script_registers() {
    let config = format!("[lua]\ninit_scripts = [\"init.lua\"]\n{ENTRY}pool = \"other\"\n");
    let code = "local redis = require('nauthilus_redis')
        local other = redis.get_redis_connection('other')
        return { other:run_script('', 'count', { 'k' }, { 60 }), other:pipeline('write', { { 'run_script', 'count', { 'k' }, { 60 } } }) }";
    let output = run(&config, COUNT, code);
    assert_eq!(stdout(&output).trim(), "[1,[{\"ok\":true,\"value\":2}]]", "{}", stderr(&output));

    let output = run(&format!("{ENTRY}pool = \"nobody\"\n"), COUNT, CODE);
    assert!(!output.status.success());
    let expected =
        "the Redis script \"count\" is for the pool \"nobody\", which nobody has registered; there are: default";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
}

#[test]
fn a_script_that_does_not_compile_ends_the_start() {
    let redis = RedisServer::start().unwrap();
    for redis in ["mode = \"embedded\"".to_owned(), format!("address = \"{}\"", redis.address())] {
        let output = run(&format!("[redis]\n{redis}\n{ENTRY}"), "local x = 1\nreturn x +\n", CODE);
        assert!(!output.status.success());
        let error = stderr(&output);
        assert!(
            error.contains("the Redis script \"count\" (scripts/count.lua) is refused by the pool \"default\": ERR "),
            "{error}"
        );
        assert!(error.contains("user_script:"), "the line is missing: {error}");
    }
}

#[test]
fn a_server_of_hooks_does_not_start_with_such_a_script() {
    let site = Site::new().file("scripts/count.lua", "return x +\n").section(ENTRY);
    let output = site.refused();
    let expected =
        "the Redis script \"count\" (scripts/count.lua) is refused by the pool \"default\": ERR Error compiling script";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
}

#[test]
fn the_example_does_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/redis-scripts");
    let redis = RedisServer::start().unwrap();
    for pool in ["embedded".to_owned(), format!("redis://{}", redis.address())] {
        let mut command = nautiloid();
        command.arg("run").arg(folder.join("lock.lua")).args(["--redis", &pool]);
        let output = command.arg("--config").arg(folder.join("nautiloid.toml")).output().unwrap();
        let expected = r#"{"ann_releases_it":true,"ann_takes_it":true,"bob_releases_it":false,"bob_takes_it":false}"#;
        assert_eq!(stdout(&output).trim(), expected, "{}", stderr(&output));
    }
}

#[test]
fn a_server_that_cannot_be_reached_is_no_reason_not_to_start() {
    let mut redis = RedisServer::start().unwrap();
    let hook = "local redis = require('nauthilus_redis')
        function nauthilus_run_hook()
          local count, err = redis.redis_run_script('default', '', 'count', { 'k' }, { 60 })
          return { count = count, err = err }
        end";
    redis.kill().unwrap();
    let site = Site::new()
        .section(&format!("[redis]\naddress = \"{}\"", redis.address()))
        .file("scripts/count.lua", COUNT)
        .section(ENTRY)
        .hook("GET", "/count", hook);
    let server = site.start();
    server.log.wait_for("the Redis script \"count\" is uploaded when it is first run");
    redis.restart().unwrap();
    let start = std::time::Instant::now();
    let text = loop {
        let response = server.connect().request("GET", "/api/v1/custom/count", &[], b"");
        let text = response.text().to_owned();
        if text.contains("count") || start.elapsed() > support::PATIENCE {
            break text;
        }
    };
    assert_eq!(text, "{\"count\":1}");
}

#[test]
fn mistakes_are_named_with_line_and_key() {
    for (config, problem) in [
        (
            "[[redis_scripts]]\nname = \"x\"\nfile = \"nowhere.lua\"\n",
            ":3: redis_scripts[0].file: cannot read the script",
        ),
        (
            "[[redis_scripts]]\nname = \"\"\nfile = \"scripts/count.lua\"\n",
            ":2: redis_scripts[0].name: a name is expected",
        ),
        ("[[redis_scripts]]\nname = \"x\"\n", "missing field `file`"),
        (
            "[[redis_scripts]]\nname = \"x\"\nfile = \"scripts/count.lua\"\npol = \"x\"\n",
            ":4: redis_scripts[0].pol: unknown field `pol`",
        ),
    ] {
        let error = stderr(&run(config, COUNT, CODE));
        assert!(error.contains(problem), "{config}: {error}");
    }
    let error = stderr(&run(&format!("{ENTRY}{ENTRY}"), COUNT, CODE));
    assert!(error.contains(":5: redis_scripts[1].name: a second script with the name \"count\""), "{error}");
}
