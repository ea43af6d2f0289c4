//! One fault under load, and what it cost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::counters::{Counters, Tally};
use crate::probe::Probe;
use crate::site::{Outcome, read};
use crate::support::{PATIENCE, Server};

/// Calls that have to work before a fault and after it.
const WARM: usize = 2_000;

/// How often each fault is tried.
pub(crate) const ROUNDS: usize = 3;

/// Between two looks at whether Redis has recovered.
const LOOK: Duration = Duration::from_millis(2);

/// Faults are tried one after the other: two at a time would take the time from each other.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a fault did.
pub(crate) struct Round {
    pub(crate) tallies: Vec<Tally>,
    /// Longest time in which no new request was answered.
    pub(crate) without_service: Duration,
    /// The part of it that came after Redis itself was ready.
    pub(crate) ours: Duration,
}

/// Runs a fault while counters count. `probed` is a counter that the fault concerns.
///
/// `fault` returns when it is done; `redis_is_ready` is asked all the time from then on whether Redis by itself serves
/// the probed counter.
pub(crate) fn run(
    server: &Server,
    keys: &[String],
    probed: &str,
    fault: impl FnOnce(),
    redis_is_ready: impl Fn() -> bool + Send + 'static,
) -> Round {
    let counters = Counters::start(server, keys);
    let probe = Probe::start(server, probed);
    counters.wait_for_good(WARM);
    let start = Instant::now();
    let over = Arc::new(AtomicBool::new(false));
    let watching = thread::spawn({
        let over = Arc::clone(&over);
        move || {
            while !redis_is_ready() {
                assert!(start.elapsed() < PATIENCE, "Redis itself has not recovered");
                if over.load(Ordering::Relaxed) {
                    break;
                }
                thread::sleep(LOOK);
            }
            Instant::now()
        }
    });
    fault();
    let ready = watching.join().unwrap();
    over.store(true, Ordering::Relaxed);
    let wait = Instant::now();
    while !probe.works_since(ready) {
        assert!(wait.elapsed() < PATIENCE, "no service although Redis is ready");
        thread::sleep(LOOK);
    }
    counters.wait_for_good(WARM);
    let (from, to) = probe.finish(start);
    let round = Round {
        tallies: counters.finish(),
        without_service: to - from,
        ours: to.saturating_duration_since(ready.max(from)),
    };
    round.nothing_ran_twice(server);
    round
}

impl Round {
    fn nothing_ran_twice(&self, server: &Server) {
        let mut client = server.connect();
        for tally in &self.tallies {
            let most = tally.acknowledged + tally.unknown;
            let value = value(&mut client, &tally.key);
            assert!(value <= most, "{}: {value} after at most {most} additions", tally.key);
        }
    }

    /// How many acknowledged additions are missing in the counters that `concerned` picks.
    pub(crate) fn missing(&self, server: &Server, concerned: impl Fn(&str) -> bool) -> u64 {
        let mut client = server.connect();
        let concerned = self.tallies.iter().filter(|tally| concerned(&tally.key));
        concerned.map(|tally| tally.acknowledged.saturating_sub(value(&mut client, &tally.key))).sum()
    }
}

fn value(client: &mut crate::support::http::Client, key: &str) -> u64 {
    match read(client, key) {
        Outcome::Value(value) => value,
        other => panic!("{key} cannot be read: {other:?}"),
    }
}

/// Prints the figures of a fault as a row of the table in `docs/operations/faults.md`.
pub(crate) fn report(topology: &str, fault: &str, rounds: &[(Round, u64)]) {
    let sum = |count: fn(&Tally) -> u64| {
        let sums = rounds.iter().map(|(round, _)| round.tallies.iter().map(count).sum::<u64>().to_string());
        sums.collect::<Vec<_>>().join(", ")
    };
    let times = |time: fn(&Round) -> Duration| {
        let times = rounds.iter().map(|(round, _)| format!("{:.0}", time(round).as_secs_f64() * 1000.0));
        times.collect::<Vec<_>>().join(", ")
    };
    let missing: Vec<String> = rounds.iter().map(|(_, missing)| missing.to_string()).collect();
    println!(
        "| {topology} | {fault} | {} | {} | {} | {} | {} | {} |",
        sum(|tally| tally.acknowledged),
        sum(|tally| tally.not_run),
        sum(|tally| tally.unknown),
        times(|round| round.without_service),
        times(|round| round.ours),
        missing.join(", "),
    );
    for error in rounds.iter().flat_map(|(round, _)| &round.tallies).filter_map(|tally| tally.error.as_ref()).take(1) {
        println!("  for example: {error}");
    }
}
