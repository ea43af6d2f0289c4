//! The server under test: one hook that counts, and what it answers.

use serde::Deserialize;

use crate::support::http::Client;
use crate::support::{Server, Site};

const COUNT: &str = r#"
local redis, request = require("nauthilus_redis"), require("nauthilus_http_request")
function nauthilus_run_hook()
    local value, err = redis.redis_incr("default", request.get_http_query_param("key"))
    return { value = value, error = err }
end
"#;

const READ: &str = r#"
local redis, request = require("nauthilus_redis"), require("nauthilus_http_request")
function nauthilus_run_hook()
    local value, err = redis.redis_get("default", request.get_http_query_param("key"), "number")
    return { value = value, error = err }
end
"#;

/// A server whose default pool has these keys besides its timeouts.
pub(crate) fn start(redis: &str) -> Server {
    Site::new()
        .section(&format!("[redis]\n{redis}\nconnect_timeout = \"1s\"\nread_timeout = \"1s\"\nwrite_timeout = \"1s\""))
        .hook("GET", "/count", COUNT)
        .hook("GET", "/read", READ)
        .start()
}

/// What a call gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The counter's value.
    Value(u64),
    /// The command did not run: nothing was sent, or the server refused it.
    NotRun(String),
    /// The command may have run.
    Unknown(String),
}

/// Adds one to a counter.
pub(crate) fn count(client: &mut Client, key: &str) -> Outcome {
    ask(client, "count", key)
}

/// The value of a counter.
pub(crate) fn read(client: &mut Client, key: &str) -> Outcome {
    ask(client, "read", key)
}

fn ask(client: &mut Client, hook: &str, key: &str) -> Outcome {
    #[derive(Deserialize)]
    struct Answer {
        value: Option<u64>,
        error: Option<String>,
    }
    let response = client.request("GET", &format!("/api/v1/custom/{hook}?key={key}"), &[], b"");
    assert_eq!(response.status, 200, "{}", response.text());
    match serde_json::from_slice(&response.body).unwrap() {
        Answer { value: Some(value), error: None } => Outcome::Value(value),
        Answer { value: None, error: Some(error) } if error == "redis: nil" => Outcome::Value(0),
        Answer { value: None, error: Some(error) } if error.ends_with("; the command may have run") => {
            assert!(error.starts_with("redis pool \"default\" ("), "{error}");
            Outcome::Unknown(error)
        }
        Answer { value: None, error: Some(error) } => {
            // Redis' own texts begin with a word in capitals.
            let clear = error.ends_with("; nothing was sent") || error.starts_with(|c: char| c.is_ascii_uppercase());
            assert!(clear, "{error}");
            Outcome::NotRun(error)
        }
        Answer { .. } => panic!("neither a value nor an error: {}", response.text()),
    }
}
