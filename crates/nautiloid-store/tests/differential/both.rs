//! The two servers of a test, asked in turn.

use std::time::{Duration, Instant};

use nautiloid_resp::Value;
use testkit::{Connection, RedisServer};

use crate::embedded::Embedded;

/// Longest wait for something that will happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A Redis and a store, with a connection to each.
pub(crate) struct Both {
    pub(crate) redis: Connection,
    pub(crate) store: Connection,
    _servers: (RedisServer, Embedded),
}

impl Both {
    pub(crate) fn start() -> Self {
        Self::of(RedisServer::start().unwrap(), Embedded::start())
    }

    /// Both without the sweep of expired keys: one goes when a command looks at it, and not before.
    pub(crate) fn start_without_sweep() -> Self {
        let redis = RedisServer::start_with(&["--enable-debug-command", "yes"]).unwrap();
        let mut both = Self::of(redis, Embedded::start_without_sweep());
        assert_eq!(ask(&mut both.redis, "DEBUG SET-ACTIVE-EXPIRE 0"), Value::OK);
        both
    }

    fn of(redis: RedisServer, store: Embedded) -> Self {
        Both { redis: redis.connect().unwrap(), store: store.connect(), _servers: (redis, store) }
    }

    pub(crate) fn each(&mut self) -> [(&'static str, &mut Connection); 2] {
        [("Redis", &mut self.redis), ("the store", &mut self.store)]
    }

    /// The reply of both, which is the same.
    pub(crate) fn ask(&mut self, command: &str) -> Value {
        let [redis, store] = self.each().map(|(_, connection)| ask(connection, command));
        assert_eq!(redis, store, "{command}");
        store
    }

    /// Asks until both answer as expected.
    pub(crate) fn await_reply(&mut self, command: &str, expected: &Value) {
        for (name, connection) in self.each() {
            let deadline = Instant::now() + PATIENCE;
            loop {
                let reply = sorted(ask(connection, command));
                if reply == *expected {
                    break;
                }
                assert!(Instant::now() < deadline, "{command}: {name} still answers {reply:?}");
                std::thread::sleep(Duration::from_millis(5));
            }
        }
    }
}

/// Sends the words of a command.
pub(crate) fn ask(connection: &mut Connection, command: &str) -> Value {
    connection.command(&command.split(' ').collect::<Vec<_>>()).unwrap()
}

/// An array of strings.
pub(crate) fn strings<'a>(items: impl IntoIterator<Item = &'a str>) -> Value {
    Value::Array(items.into_iter().map(|item| Value::bulk(item.to_owned())).collect())
}

/// The strings of an array.
pub(crate) fn texts(reply: &Value) -> Vec<String> {
    let (Value::Array(items) | Value::Set(items)) = reply else { panic!("no array: {reply:?}") };
    items.iter().map(text).collect()
}

pub(crate) fn text(reply: &Value) -> String {
    let Value::Bulk(text) = reply else { panic!("no string: {reply:?}") };
    String::from_utf8(text.to_vec()).unwrap()
}

fn sorted(reply: Value) -> Value {
    match reply {
        Value::Array(mut items) => {
            items.sort_by_cached_key(|item| format!("{item:?}"));
            Value::Array(items)
        }
        other => other,
    }
}
