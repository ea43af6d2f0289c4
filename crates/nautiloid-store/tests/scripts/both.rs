//! The embedded store and a real Redis side by side.

use std::thread::{self, JoinHandle};

use nautiloid_resp::Value;
use nautiloid_store::Store;
use testkit::{Connection, RedisServer};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Arguments as owned strings.
pub(crate) fn args(args: &[&str]) -> Vec<String> {
    args.iter().map(ToString::to_string).collect()
}

pub(crate) struct Both {
    pub(crate) embedded: Connection,
    real: Connection,
    _server: RedisServer,
    // Dropping the sender stops the store.
    stop: Option<oneshot::Sender<()>>,
    store: Option<JoinHandle<()>>,
}

impl Both {
    /// Starts them, with the same few keys.
    pub(crate) fn start() -> Self {
        let server = RedisServer::start().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        listener.set_nonblocking(true).unwrap();
        let store = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            tokio::task::LocalSet::new().block_on(&runtime, async {
                let listener = TcpListener::from_std(listener).unwrap();
                let stopped = async {
                    let _ = stopped.await;
                };
                Store::new().listen(listener, stopped).await.unwrap();
            });
        });
        let mut both = Both {
            embedded: Connection::open(&address).unwrap(),
            real: server.connect().unwrap(),
            _server: server,
            stop: Some(stop),
            store: Some(store),
        };
        for command in [&["SET", "text", "abc"][..], &["HSET", "hash", "f", "v"], &["SADD", "set", "m"]] {
            assert_eq!(both.difference(&args(command)), None);
        }
        both
    }

    /// Both replies to a command, the real one's first.
    pub(crate) fn replies(&mut self, command: &[String]) -> [String; 2] {
        [&mut self.real, &mut self.embedded].map(|connection| format!("{:?}", connection.command(command).unwrap()))
    }

    /// What the embedded store answers otherwise than Redis.
    pub(crate) fn difference(&mut self, command: &[String]) -> Option<String> {
        let [real, embedded] = self.replies(command);
        (real != embedded).then(|| format!("{command:?}\n  redis:    {real}\n  embedded: {embedded}"))
    }

    /// The embedded store's reply, for reading.
    pub(crate) fn embedded_reply(&mut self, command: &[&str]) -> String {
        show(&self.embedded.command(command).unwrap())
    }
}

fn show(value: &Value) -> String {
    match value {
        Value::Nil => "nil".into(),
        Value::Integer(n) => n.to_string(),
        Value::Bulk(text) | Value::Status(text) | Value::Error(text) => String::from_utf8_lossy(text).into_owned(),
        Value::Array(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        other => format!("{other:?}"),
    }
}

impl Drop for Both {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(store) = self.store.take() {
            // A panic there has shown itself already.
            let _ = store.join();
        }
    }
}
