//! A server with one hook, which calls the function that the test names and tells what it gave.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::Cluster;

use crate::support::http::Client;
use crate::support::{PATIENCE, Server, Site};

/// `connect_timeout` and `read_timeout` of the pool.
pub(crate) const TIMEOUT: Duration = Duration::from_millis(1000);

/// Longest a call may take: to find a server and to get a reply, and room for a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_millis(2 * 1000 + 1500);

/// Longest a call may take that has nothing to wait for, on a busy machine.
pub(crate) const AT_ONCE: Duration = Duration::from_millis(500);

const CALL: &str = r#"
local redis, request, json = require("nauthilus_redis"), require("nauthilus_http_request"), require("json")
function nauthilus_run_hook()
    local call = json.decode(request.get_http_request_body())
    local value, err, more = redis[call[1]]("default", unpack(call, 2))
    return { value = value, error = err, more = more }
end
"#;

/// The keys of a pool with these addresses.
pub(crate) fn pool(addresses: &[String], more: &str) -> String {
    format!("mode = \"cluster\"\naddresses = {addresses:?}\n{more}")
}

/// A site with the hook, whose default pool has these keys besides its timeouts. One worker, so that what one call
/// learns of the cluster, the next one knows.
pub(crate) fn site(pool: &str) -> Site {
    let timeout = format!("\"{}ms\"", TIMEOUT.as_millis());
    Site::new()
        .server("workers = 1")
        .section(&format!("[redis]\n{pool}\nconnect_timeout = {timeout}\nread_timeout = {timeout}"))
        .hook("POST", "/call", CALL)
}

/// A server whose default pool is this cluster.
pub(crate) fn serve(cluster: &Cluster) -> Server {
    site(&pool(&cluster.addresses(), "")).start()
}

/// How errors of the default pool begin.
pub(crate) fn label(addresses: &[String]) -> String {
    format!("redis pool \"default\" (cluster {})", addresses.join(","))
}

/// What a call gave.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) result: Result<Value, String>,
    /// The third result.
    pub(crate) more: Value,
    pub(crate) took: Duration,
}

/// One call of a function: `["redis_get", "key"]`, the handle left out.
pub(crate) fn ask(client: &mut Client, call: &Value) -> Answer {
    let start = Instant::now();
    let response = client.request("POST", "/api/v1/custom/call", &[], call.to_string().as_bytes());
    let took = start.elapsed();
    assert_eq!(response.status, 200, "{call}: {}", response.text());
    assert!(took < DEADLINE, "{call} took {took:?}: {}", response.text());
    let answer = response.json();
    let (value, error) = (answer["value"].clone(), &answer["error"]);
    let result = match error {
        Value::Null => Ok(value),
        Value::String(error) if value.is_null() => Err(error.clone()),
        _ => panic!("{call}: a value and an error: {}", response.text()),
    };
    Answer { result, more: answer["more"].clone(), took }
}

/// One call that is expected to work.
pub(crate) fn value_of(server: &Server, call: Value) -> Value {
    ask(&mut server.connect(), &call).result.unwrap_or_else(|error| panic!("{call}: {error}"))
}

/// One call that is expected to fail, and how long that took.
pub(crate) fn error_of(server: &Server, call: Value) -> (String, Duration) {
    let answer = ask(&mut server.connect(), &call);
    let Err(error) = answer.result else { panic!("{call} gives {:?}", answer.result) };
    (error, answer.took)
}

/// Calls until there is a value, and gives it.
pub(crate) fn wait_for_value(server: &Server, call: Value) -> Value {
    wait_until(&call.to_string(), || ask(&mut server.connect(), &call).result)
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

/// `["redis_mget", keys…]` and the like.
pub(crate) fn call_with<'a>(function: &str, arguments: impl IntoIterator<Item = &'a String>) -> Value {
    let mut call = vec![json!(function)];
    call.extend(arguments.into_iter().map(|argument| json!(argument)));
    Value::Array(call)
}
