//! A server with hooks that tell what their calls gave.

use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::support::http::Client;
use crate::support::{PATIENCE, Server, Site};

/// `connect_timeout`, `read_timeout` and `write_timeout` of the pool.
pub(crate) const TIMEOUT: Duration = Duration::from_millis(500);

/// Longest a call may take: to connect and to get a reply, each of them twice at worst, and room for a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_millis(4 * 500 + 1500);

/// The hash that [`COUNT`] and [`COUNT_BY_SCRIPT`] count in: a field a request, so that its value tells how often the
/// request's command ran.
pub(crate) const RUNS: &str = "faults:runs";

/// Runs one command that must not run twice.
pub(crate) const COUNT: &str = "/count";
/// The same by the script that the init script has uploaded.
pub(crate) const COUNT_BY_SCRIPT: &str = "/count-by-script";
/// The same as one command of a pipeline, with others around it.
pub(crate) const COUNT_IN_PIPELINE: &str = "/count-in-pipeline";
/// The same in a transaction.
pub(crate) const COUNT_IN_TRANSACTION: &str = "/count-in-transaction";
/// The same in a transaction that watches a key.
pub(crate) const COUNT_WATCHING: &str = "/count-watching";
/// Every hook that counts.
pub(crate) const COUNTING: [&str; 5] =
    [COUNT, COUNT_BY_SCRIPT, COUNT_IN_PIPELINE, COUNT_IN_TRANSACTION, COUNT_WATCHING];
/// Gives the request's own id back, from Redis.
pub(crate) const ECHO: &str = "/echo";

const INIT: &str = r#"
local redis = require("nauthilus_redis")
redis.redis_upload_script("default", "return redis.call('HINCRBY', KEYS[1], ARGV[1], 1)", "count")
"#;

/// A site with the hooks, whose pool has these keys besides its timeouts.
pub(crate) fn site(redis: &str) -> Site {
    let hook = |call: &str| {
        format!(
            r#"
local redis, request = require("nauthilus_redis"), require("nauthilus_http_request")
function nauthilus_run_hook()
    local id = request.get_http_query_param("id")
    local value, err = {call}
    return {{ value = value, error = err }}
end
"#
        )
    };
    let timeout = format!("\"{}ms\"", TIMEOUT.as_millis());
    Site::new()
        .section(&format!(
            "[redis]\n{redis}\nconnect_timeout = {timeout}\nread_timeout = {timeout}\nwrite_timeout = {timeout}"
        ))
        .file("init.lua", INIT)
        .section("[lua]\ninit_scripts = [\"init.lua\"]")
        .hook("GET", COUNT, &hook(&format!("redis.redis_hincrby('default', '{RUNS}', id, 1)")))
        .hook(
            "GET",
            COUNT_BY_SCRIPT,
            &hook(&format!("redis.redis_run_script('default', '', 'count', {{ '{RUNS}' }}, {{ id }})")),
        )
        .hook("GET", COUNT_IN_PIPELINE, &hook(&second("redis.redis_pipeline('default', 'write', commands)")))
        .hook("GET", COUNT_IN_TRANSACTION, &hook(&second("redis.redis_transaction('default', commands)")))
        .hook(
            "GET",
            COUNT_WATCHING,
            &hook(&second("redis.redis_transaction('default', { 'watched:' .. id }, function() return commands end)")),
        )
        .hook("GET", ECHO, &hook("redis.redis_run_script('default', 'return tonumber(ARGV[1])', '', {}, { id })"))
}

/// What the second of three commands gave, the one that counts.
fn second(call: &str) -> String {
    format!(
        "(function() \
            local commands = {{ {{ 'ping' }}, {{ 'hincrby', '{RUNS}', id, 1 }}, {{ 'ping' }} }} \
            local replies, err = {call} \
            if not replies then return nil, err end \
            return replies[2].value, replies[2].err \
        end)()"
    )
}

/// [`site`] with a standalone server that wants no password.
pub(crate) fn site_on(address: &str) -> Site {
    site(&format!("mode = \"standalone\"\naddress = \"{address}\""))
}

/// How errors of the default pool begin.
pub(crate) fn label(address: &str) -> String {
    format!("redis pool \"default\" (standalone {address}): ")
}

/// What a hook's call to Redis gave.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The request's id.
    pub(crate) id: u64,
    pub(crate) result: Result<u64, String>,
    pub(crate) took: Duration,
}

/// One request to a hook.
pub(crate) fn ask(client: &mut Client, hook: &str, id: u64) -> Outcome {
    #[derive(Deserialize)]
    struct Answer {
        value: Option<u64>,
        error: Option<String>,
    }
    let start = Instant::now();
    let response = client.request("GET", &format!("/api/v1/custom{hook}?id={id}"), &[], b"");
    let took = start.elapsed();
    assert_eq!(response.status, 200, "{}", response.text());
    assert!(took < DEADLINE, "{hook} took {took:?}: {}", response.text());
    let result = match serde_json::from_slice(&response.body).unwrap() {
        Answer { value: Some(value), error: None } => Ok(value),
        Answer { value: None, error: Some(error) } => Err(error),
        Answer { .. } => panic!("neither a value nor an error: {}", response.text()),
    };
    Outcome { id, result, took }
}

/// One request on a connection of its own that is expected to fail: its error, and how long that took.
pub(crate) fn error_of(server: &Server, hook: &str) -> (String, Duration) {
    let outcome = ask(&mut server.connect(), hook, 0);
    (outcome.result.expect_err("an error"), outcome.took)
}

/// Between two looks at whether Redis is back.
const LOOK: Duration = Duration::from_millis(5);

/// Asks until Redis answers.
pub(crate) fn wait_until_it_works(server: &Server, hook: &str) {
    let start = Instant::now();
    loop {
        match ask(&mut server.connect(), hook, 0).result {
            Ok(_) => return,
            Err(error) => assert!(start.elapsed() < PATIENCE, "{hook} still fails: {error}"),
        }
        thread::sleep(LOOK);
    }
}
