//! Many clients at once.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};

use crate::site::{COUNTING, ECHO, Outcome, ask, label};
use crate::support::http::Client;
use crate::support::{PATIENCE, Server};

/// Enough for several commands to be on the way at any time.
const CLIENTS: usize = 12;

/// Clients that call the hooks in turn until they are stopped, each request with an id of its own.
pub(crate) struct Load {
    shared: Arc<Shared>,
    clients: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    stopped: AtomicBool,
    next_id: AtomicU64,
    tally: Mutex<Tally>,
    changed: Condvar,
}

/// What the requests so far gave.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) good: usize,
    pub(crate) failed: usize,
    /// The outcomes of the hooks that count, which leave a trace in Redis.
    pub(crate) counted: Vec<Outcome>,
}

impl Load {
    /// Starts the clients. `redis` is the address that errors have to name.
    pub(crate) fn start(server: &Server, redis: &str) -> Self {
        let shared = Arc::new(Shared::default());
        let clients = (0..CLIENTS).map(|_| {
            let (shared, client, label) = (Arc::clone(&shared), server.connect(), label(redis));
            thread::spawn(move || shared.work(client, &label))
        });
        Load { clients: clients.collect(), shared }
    }

    /// Waits until `condition` holds.
    pub(crate) fn wait_until(&self, what: &str, condition: impl Fn(&Tally) -> bool) {
        let tally = self.shared.tally.lock().unwrap();
        let waiting = |tally: &mut Tally| !condition(tally) && !self.shared.stopped.load(Ordering::Relaxed);
        let (tally, _) = self.shared.changed.wait_timeout_while(tally, PATIENCE, waiting).unwrap();
        assert!(
            condition(&tally),
            "{what}: not within {PATIENCE:?}, or a client has failed; {} good, {} failed",
            tally.good,
            tally.failed
        );
    }

    /// Waits for this many more requests that work.
    pub(crate) fn wait_for_good(&self, more: usize) {
        let wanted = self.shared.tally.lock().unwrap().good + more;
        self.wait_until("requests that work", |tally| tally.good >= wanted);
    }

    /// Waits for this many more requests that fail.
    pub(crate) fn wait_for_failed(&self, more: usize) {
        let wanted = self.shared.tally.lock().unwrap().failed + more;
        self.wait_until("requests that fail", |tally| tally.failed >= wanted);
    }

    /// Stops the clients and gives what they have seen; fails if one of them has.
    pub(crate) fn finish(self) -> Tally {
        self.shared.stopped.store(true, Ordering::Relaxed);
        for client in self.clients {
            if let Err(panic) = client.join() {
                std::panic::resume_unwind(panic);
            }
        }
        std::mem::take(&mut self.shared.tally.lock().unwrap())
    }
}

/// Stops the others when one client fails, so that nobody waits for what will not come.
struct StopOnFailure<'a>(&'a Shared);

impl Drop for StopOnFailure<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.stopped.store(true, Ordering::Relaxed);
            self.0.changed.notify_all();
        }
    }
}

impl Shared {
    fn work(&self, mut client: Client, label: &str) {
        let _guard = StopOnFailure(self);
        while !self.stopped.load(Ordering::Relaxed) {
            let id = self.next_id.fetch_add(1, Ordering::Relaxed);
            let number = usize::try_from(id).unwrap() % (COUNTING.len() + 1);
            let hook = COUNTING.get(number).copied().unwrap_or(ECHO);
            let outcome = ask(&mut client, hook, id);
            match &outcome.result {
                // Another value is another request's reply, or that of a second run.
                Ok(value) => assert_eq!(*value, if hook == ECHO { id } else { 1 }, "{hook}, request {id}"),
                Err(error) => assert!(is_clear(error, label), "{hook}: {error}"),
            }
            let mut tally = self.tally.lock().unwrap();
            match outcome.result {
                Ok(_) => tally.good += 1,
                Err(_) => tally.failed += 1,
            }
            if hook != ECHO {
                tally.counted.push(outcome);
            }
            self.changed.notify_all();
        }
    }
}

/// Whether an error names the pool and says what has become of the command.
fn is_clear(error: &str, label: &str) -> bool {
    error.starts_with(label) && (nothing_was_sent(error) || error.ends_with("; the command may have run"))
}

/// Whether an error says that the command has not run.
pub(crate) fn nothing_was_sent(error: &str) -> bool {
    error.ends_with("; nothing was sent")
}
