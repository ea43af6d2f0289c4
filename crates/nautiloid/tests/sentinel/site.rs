//! A server with hooks that call one function of Redis each, and tell what it gave.

use std::thread;
use std::time::{Duration, Instant};

use testkit::Sentinels;

use crate::support::http::Client;
use crate::support::{PATIENCE, Server, Site};

/// `connect_timeout` and `read_timeout` of the pool.
pub(crate) const TIMEOUT: Duration = Duration::from_millis(1000);

/// Longest a call may take: to find a server and to get a reply, and room for a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_millis(2 * 1000 + 1500);

/// The hash that [`COUNT`] counts in: a field a request, so that its value tells how often the request's command ran.
pub(crate) const RUNS: &str = "sentinel:runs";

/// Runs one command that must not run twice.
pub(crate) const COUNT: &str = "/count";
/// Reads the key.
pub(crate) const GET: &str = "/get";
/// Sets the key to `id`.
pub(crate) const SET: &str = "/set";
/// Reads the key in a script.
pub(crate) const SCRIPT: &str = "/script";

/// The key of the hooks.
pub(crate) const KEY: &str = "sentinel:key";

/// The table of a pool.
pub(crate) fn pool(mode: &str, sentinels: &[String], master_name: &str, more: &str) -> String {
    format!("mode = \"{mode}\"\naddresses = {sentinels:?}\nmaster_name = \"{master_name}\"\n{more}")
}

/// The same for a setup of the testkit.
pub(crate) fn pool_of(mode: &str, setup: &Sentinels, more: &str) -> String {
    pool(mode, &setup.sentinel_addresses(), setup.master_name(), more)
}

/// A site with the hooks, whose default pool has these keys besides its timeouts.
pub(crate) fn site(pool: &str) -> Site {
    let hook = |call: String| {
        format!(
            r#"
local redis, request = require("nauthilus_redis"), require("nauthilus_http_request")
function nauthilus_run_hook()
    local id = request.get_http_query_param("id")
    local value, err = {call}
    return {{ value = value and tostring(value), error = err }}
end
"#
        )
    };
    let timeout = format!("\"{}ms\"", TIMEOUT.as_millis());
    Site::new()
        .section(&format!("[redis]\n{pool}\nconnect_timeout = {timeout}\nread_timeout = {timeout}"))
        .hook("GET", COUNT, &hook(format!("redis.redis_hincrby('default', '{RUNS}', id, 1)")))
        .hook("GET", GET, &hook(format!("redis.redis_get('default', '{KEY}')")))
        .hook("GET", SET, &hook(format!("redis.redis_set('default', '{KEY}', id)")))
        .hook(
            "GET",
            SCRIPT,
            &hook(format!(
                "redis.redis_run_script('default', 'return redis.call(\"GET\", KEYS[1])', '', {{ '{KEY}' }}, {{}})"
            )),
        )
}

/// One request to a hook: what its call gave.
pub(crate) fn ask(client: &mut Client, hook: &str, id: u64) -> Result<String, String> {
    let start = Instant::now();
    let response = client.request("GET", &format!("/api/v1/custom{hook}?id={id}"), &[], b"");
    let took = start.elapsed();
    assert_eq!(response.status, 200, "{}", response.text());
    assert!(took < DEADLINE, "{hook} took {took:?}: {}", response.text());
    let answer = response.json();
    let text = |name: &str| answer.get(name).and_then(|value| value.as_str()).map(ToOwned::to_owned);
    match (text("value"), text("error")) {
        (Some(value), None) => Ok(value),
        (None, Some(error)) => Err(error),
        _ => panic!("neither a value nor an error: {}", response.text()),
    }
}

/// One request that is expected to work.
pub(crate) fn value_of(server: &Server, hook: &str, id: u64) -> String {
    ask(&mut server.connect(), hook, id).unwrap_or_else(|error| panic!("{hook}: {error}"))
}

/// One request that is expected to fail.
pub(crate) fn error_of(server: &Server, hook: &str) -> String {
    ask(&mut server.connect(), hook, 0).expect_err("an error")
}

/// Asks until there is a value, and gives it.
pub(crate) fn wait_for_value(server: &Server, hook: &str, id: u64) -> String {
    wait_until(hook, || ask(&mut server.connect(), hook, id))
}

/// Looks until there is an answer.
pub(crate) fn wait_until<T>(what: &str, mut look: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match look() {
            Ok(answer) => return answer,
            Err(reason) => assert!(start.elapsed() < PATIENCE, "{what}, not yet: {reason}"),
        }
        thread::sleep(Duration::from_millis(5));
    }
}
