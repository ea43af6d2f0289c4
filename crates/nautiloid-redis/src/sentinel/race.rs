//! Dialling all servers that may be the master at once: the one that says so itself is taken.
//!
//! A wrong name costs nothing but its own connection. One that is likelier is waited for, but not for long.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::config::Address;
use crate::connection::{Peer, Role, Setup, Stream, dial};

/// How long a likelier server may take when another has said that it is a master.
const PATIENCE: Duration = Duration::from_millis(200);

/// The attempts to connect to the master. Dropping it ends them.
pub(super) struct Race {
    setup: Arc<Setup>,
    dials: JoinSet<(Address, Result<Stream, String>)>,
    runners: Vec<(Address, State)>,
    patience_ends: Option<Instant>,
}

enum State {
    Dialling,
    /// Connected to a master.
    Open(Stream),
    /// It cannot be reached or is no master.
    Failed(String),
}

impl Race {
    /// With nobody in it yet.
    pub(super) fn new(setup: Arc<Setup>) -> Self {
        Race { setup, dials: JoinSet::new(), runners: Vec::new(), patience_ends: None }
    }

    /// Dials those of the servers that have not been dialled. Needs a `LocalSet`.
    pub(super) fn enter(&mut self, servers: &[Address]) {
        for address in servers {
            if self.runners.iter().all(|(known, _)| known != address) {
                self.runners.push((address.clone(), State::Dialling));
                let (address, setup) = (address.clone(), Arc::clone(&self.setup));
                self.dials.spawn_local(async move {
                    let outcome = dial(&Peer::Server(address.clone()), &setup, Role::Master).await;
                    (address, outcome)
                });
            }
        }
    }

    /// Waits for the outcome of one attempt.
    pub(super) async fn next(&mut self) {
        let Some(Ok((address, outcome))) = self.dials.join_next().await else { return };
        let state = match outcome {
            Ok(stream) => {
                self.patience_ends.get_or_insert_with(|| Instant::now() + PATIENCE);
                State::Open(stream)
            }
            Err(reason) => State::Failed(reason),
        };
        if let Some(runner) = self.runners.iter_mut().find(|(known, _)| *known == address) {
            runner.1 = state;
        }
    }

    /// Whether no attempt is under way.
    pub(super) fn is_over(&self) -> bool {
        self.dials.is_empty()
    }

    /// When to look for a winner though nothing has happened: when the next best is good enough, or at `until`.
    pub(super) fn wake(&self, until: Instant) -> Instant {
        self.patience_ends.filter(|end| *end > Instant::now()).unwrap_or(until).min(until)
    }

    /// The best of the masters, if all that is better has failed or has taken too long. `ranking` has the likeliest
    /// first.
    pub(super) fn winner(&mut self, ranking: &[Address]) -> Option<(Stream, Address)> {
        let impatient = self.patience_ends.is_some_and(|end| end <= Instant::now());
        for address in ranking {
            let position = self.runners.iter().position(|(known, _)| known == address)?;
            match self.runners.get(position)?.1 {
                State::Open(_) => {
                    let (address, state) = self.runners.swap_remove(position);
                    return match state {
                        State::Open(stream) => Some((stream, address)),
                        State::Dialling | State::Failed(_) => None,
                    };
                }
                State::Dialling if !impatient => return None,
                State::Dialling | State::Failed(_) => {}
            }
        }
        None
    }

    /// Dials them and waits for the winner; `None` when none of them is a master that answers before `until`.
    pub(super) async fn decide(mut self, ranking: &[Address], until: Instant) -> Option<Address> {
        self.enter(ranking);
        loop {
            if let Some((_, address)) = self.winner(ranking) {
                return Some(address);
            }
            if self.is_over() || Instant::now() >= until {
                return None;
            }
            // In vain, when it is time for the next best.
            let wake = self.wake(until);
            let _ = timeout_at(wake, self.next()).await;
        }
    }

    /// What was wrong with each of them; `None` when nobody was there. `late` is what to say of those under way.
    pub(super) fn reasons(&self, late: &str) -> Option<String> {
        let reason = |(address, state): &(Address, State)| match state {
            State::Failed(reason) => format!("{address}: {reason}"),
            State::Dialling | State::Open(_) => format!("{address}: {late}"),
        };
        (!self.runners.is_empty()).then(|| self.runners.iter().map(reason).collect::<Vec<_>>().join("; "))
    }
}
