//! Many clients at once, each counting something of its own, so that what is lost or done twice shows.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use nautiloid_resp::Value;
use testkit::RedisServer;

use crate::site::{COUNT, RUNS, ask, wait_until};
use crate::support::Server;
use crate::support::http::Client;

const CLIENTS: usize = 12;
/// After a call that failed.
const PAUSE: Duration = Duration::from_millis(5);

/// Clients that count until they are stopped.
pub(crate) struct Load {
    shared: Arc<Shared>,
    clients: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    stopped: AtomicBool,
    next_id: AtomicU64,
    calls: Mutex<Vec<Call>>,
}

/// One increment of a field of its own.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) id: u64,
    /// When it was answered.
    pub(crate) at: Instant,
    pub(crate) result: Result<(), String>,
}

impl Load {
    pub(crate) fn start(server: &Server) -> Self {
        let shared = Arc::new(Shared::default());
        let clients = (0..CLIENTS).map(|_| {
            let (shared, client) = (Arc::clone(&shared), server.connect());
            thread::spawn(move || shared.work(client))
        });
        Load { clients: clients.collect(), shared }
    }

    /// The calls that were answered after `start`.
    pub(crate) fn since(&self, start: Instant) -> Vec<Call> {
        let calls = self.shared.calls.lock().unwrap();
        calls.iter().filter(|call| call.at > start).cloned().collect()
    }

    /// Waits until this many calls have worked from now on.
    pub(crate) fn wait_for_good(&self, wanted: usize) {
        let start = Instant::now();
        wait_until("calls that work", || {
            assert!(!self.shared.stopped.load(Ordering::Relaxed), "a client has failed");
            let calls = self.since(start);
            let good = calls.iter().filter(|call| call.result.is_ok()).count();
            if good >= wanted { Ok(()) } else { Err(format!("{good} good, the last: {:?}", calls.last())) }
        });
    }

    /// Stops the clients and gives all calls; fails if a client has.
    pub(crate) fn finish(self) -> Vec<Call> {
        self.shared.stopped.store(true, Ordering::Relaxed);
        for client in self.clients {
            if let Err(panic) = client.join() {
                std::panic::resume_unwind(panic);
            }
        }
        std::mem::take(&mut self.shared.calls.lock().unwrap())
    }
}

/// Lets nobody wait for what will not come.
struct StopOnFailure<'a>(&'a Shared);

impl Drop for StopOnFailure<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stopped.store(true, Ordering::Relaxed);
        }
    }
}

impl Shared {
    fn work(&self, mut client: Client) {
        let _guard = StopOnFailure(self);
        while !self.stopped.load(Ordering::Relaxed) {
            let id = self.next_id.fetch_add(1, Ordering::Relaxed);
            let result = ask(&mut client, COUNT, id);
            let at = Instant::now();
            let result = result.map(|value| assert_eq!(value, "1", "request {id} ran more than once"));
            if let Err(error) = &result {
                let clear = error.ends_with("; nothing was sent")
                    || error.ends_with("; the command may have run")
                    || error.starts_with("READONLY ");
                assert!(clear, "{error}");
            }
            let failed = result.is_err();
            self.calls.lock().unwrap().push(Call { id, at, result });
            if failed {
                // Errors come at once, and clients that do nothing but fail leave the Sentinels no processor.
                thread::sleep(PAUSE);
            }
        }
    }
}

/// How often each call's command ran on a server, by the call's id.
pub(crate) fn runs(server: &RedisServer) -> HashMap<u64, u64> {
    let Value::Array(items) = server.connect().unwrap().succeed(&["HGETALL", RUNS]).unwrap() else {
        panic!("HGETALL is no array");
    };
    let number = |value: &Value| match value {
        Value::Bulk(digits) => std::str::from_utf8(digits).unwrap().parse().unwrap(),
        other => panic!("{other:?}"),
    };
    items.chunks_exact(2).map(|pair| (number(&pair[0]), number(&pair[1]))).collect()
}
