//! Many clients, each adding to a counter of its own and keeping the sum.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::site::{Outcome, count};
use crate::support::{PATIENCE, Server};

/// Clients at a time.
pub(crate) const CLIENTS: usize = 64;

/// After a call that failed: a client that asks on and on would take the machine from the servers.
const BREATH: Duration = Duration::from_millis(5);

/// What one client knows of its counter.
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) key: String,
    /// Calls that were answered with a value.
    pub(crate) acknowledged: u64,
    /// Calls that may have run.
    pub(crate) unknown: u64,
    /// Calls that did not run.
    pub(crate) not_run: u64,
    /// One of the errors.
    pub(crate) error: Option<String>,
}

/// The clients at work.
pub(crate) struct Counters {
    stop: Arc<AtomicBool>,
    good: Arc<AtomicUsize>,
    clients: Vec<JoinHandle<Tally>>,
}

impl Counters {
    /// Starts a client a key.
    pub(crate) fn start(server: &Server, keys: &[String]) -> Self {
        let (stop, good): (Arc<AtomicBool>, Arc<AtomicUsize>) = Default::default();
        let clients = keys.iter().map(|key| {
            let (stop, good, mut client, key) = (Arc::clone(&stop), Arc::clone(&good), server.connect(), key.clone());
            thread::spawn(move || {
                let mut tally = Tally { key, acknowledged: 0, unknown: 0, not_run: 0, error: None };
                while !stop.load(Ordering::Relaxed) {
                    match count(&mut client, &tally.key) {
                        Outcome::Value(value) => {
                            tally.acknowledged += 1;
                            good.fetch_add(1, Ordering::Relaxed);
                            let most = tally.acknowledged + tally.unknown;
                            assert!(value <= most, "{}: {value} after at most {most} additions", tally.key);
                            continue;
                        }
                        Outcome::Unknown(error) => {
                            tally.unknown += 1;
                            tally.error = Some(error);
                        }
                        Outcome::NotRun(error) => {
                            tally.not_run += 1;
                            tally.error.get_or_insert(error);
                        }
                    }
                    thread::sleep(BREATH);
                }
                tally
            })
        });
        Counters { clients: clients.collect(), stop, good }
    }

    /// Waits for this many more calls that work.
    pub(crate) fn wait_for_good(&self, more: usize) {
        let wanted = self.good.load(Ordering::Relaxed) + more;
        let start = Instant::now();
        while self.good.load(Ordering::Relaxed) < wanted {
            assert!(start.elapsed() < PATIENCE, "calls that work: not within {PATIENCE:?}");
            assert!(!self.clients.iter().any(JoinHandle::is_finished), "a client has failed");
            thread::sleep(BREATH);
        }
    }

    /// Stops the clients.
    pub(crate) fn finish(self) -> Vec<Tally> {
        self.stop.store(true, Ordering::Relaxed);
        let join = |client: JoinHandle<Tally>| client.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        self.clients.into_iter().map(join).collect()
    }
}
