//! The time without service, as new requests see it: a request every few milliseconds, each on a connection of its own,
//! whether those before it are answered or not.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::site::{Outcome, count};
use crate::support::Server;
use crate::support::http::Client;

/// Between two requests.
const PERIOD: Duration = Duration::from_millis(5);

/// The requests under way.
pub(crate) struct Probe {
    stop: Arc<AtomicBool>,
    successes: Arc<Mutex<Vec<Instant>>>,
    thread: Option<JoinHandle<()>>,
}

impl Probe {
    /// Begins to count in `key`.
    pub(crate) fn start(server: &Server, key: &str) -> Self {
        let (stop, successes): (Arc<AtomicBool>, Arc<Mutex<Vec<Instant>>>) = Default::default();
        let (stopped, seen) = (Arc::clone(&stop), Arc::clone(&successes));
        let (address, key) = (server.address.clone(), key.to_owned());
        let thread = thread::spawn(move || {
            let mut requests = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let (address, key, seen) = (address.clone(), key.clone(), Arc::clone(&seen));
                requests.push(thread::spawn(move || {
                    if let Outcome::Value(_) = count(&mut Client::connect(&address), &key) {
                        seen.lock().unwrap().push(Instant::now());
                    }
                }));
                thread::sleep(PERIOD);
            }
            for request in requests {
                request.join().unwrap();
            }
        });
        Probe { stop, successes, thread: Some(thread) }
    }

    /// Whether a request was answered after `time`.
    pub(crate) fn works_since(&self, time: Instant) -> bool {
        self.successes.lock().unwrap().iter().any(|success| *success > time)
    }

    /// Stops, and gives the longest time without an answer after `fault`: its beginning and its end.
    pub(crate) fn finish(mut self, fault: Instant) -> (Instant, Instant) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        let mut successes = self.successes.lock().unwrap().clone();
        successes.sort_unstable();
        let after = successes.partition_point(|success| *success < fault);
        let from_last_before = &successes[after.saturating_sub(1)..];
        let gaps = from_last_before.windows(2).map(|pair| (pair[0].max(fault), pair[1]));
        gaps.max_by_key(|(from, to)| *to - *from).expect("requests that were answered after the fault")
    }
}

/// A test that fails leaves no requests behind.
impl Drop for Probe {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
