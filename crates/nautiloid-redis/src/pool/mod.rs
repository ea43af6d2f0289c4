//! One worker's way to the servers of a pool.
//!
//! A pool has one of two shapes: `primary` is a master with or without replicas, at a known address or found through
//! Sentinel; [`cluster`](crate::cluster) is many masters that share the keys. What both know how to do is here.

mod batch;
mod primary;
mod replicas;
mod scan;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use nautiloid_resp::{Request, Value};
use nautiloid_store::Store;
use tokio::time::Instant;

use crate::any_command::Facts;
use crate::batch::Batched;
use crate::cluster::Cluster;
use crate::commands::{Access, Spread};
use crate::spec::PoolSpec;
use crate::transaction::Executed;
use crate::watch::Watch;
use crate::{Mode, RedisError};
use primary::{Primary, Sent};

/// Which pool: cheap to copy, valid in every worker, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PoolId(pub(crate) usize);

impl PoolId {
    /// The pool of the `[redis]` section.
    pub const DEFAULT: PoolId = PoolId(0);

    /// As a number, for whoever has to keep it as one.
    pub fn number(self) -> u64 {
        self.0 as u64
    }

    /// What [`PoolId::number`] gave. Of any other number there may be no pool.
    pub fn of_number(number: u64) -> Self {
        PoolId(usize::try_from(number).unwrap_or(usize::MAX))
    }
}

/// Errors that tell the state of a server.
const SERVER_STATES: &[&str] = &["CLUSTERDOWN", "LOADING", "MASTERDOWN", "MISCONF", "NOREPLICAS", "OOM", "READONLY"];

/// One worker's connections to a pool.
pub struct Pool {
    spec: Arc<PoolSpec>,
    shape: Shape,
    facts: RefCell<HashMap<Vec<u8>, Rc<Facts>>>,
}

enum Shape {
    Primary(Rc<Primary>),
    Cluster(Rc<Cluster>),
}

impl Pool {
    pub(crate) fn new(spec: Arc<PoolSpec>, store: &Store, workers: usize) -> Rc<Self> {
        let shape = match spec.mode() {
            Mode::Cluster => Shape::Cluster(Cluster::new(&spec, workers)),
            _ => Shape::Primary(Primary::new(&spec, store, workers)),
        };
        Rc::new(Pool { spec, shape, facts: RefCell::default() })
    }

    /// Tells the log when an error is not about the command but about the server: scripts get Redis' own text, which
    /// does not say of which pool.
    fn note_state(&self, error: &[u8]) {
        // A pool for reading refuses writes by itself.
        let by_itself = |state: &str| state == "READONLY" && self.spec.mode() == Mode::SentinelReplica;
        let state = SERVER_STATES.iter().find(|state| error.starts_with(state.as_bytes()));
        if let Some(state) = state.filter(|state| !by_itself(state)) {
            self.spec.note_state(state, error);
        }
    }

    /// Its description.
    pub fn spec(&self) -> &Arc<PoolSpec> {
        &self.spec
    }

    /// What servers have said of commands that the table has no row for, by their names in upper case.
    pub(crate) fn known_facts(&self) -> &RefCell<HashMap<Vec<u8>, Rc<Facts>>> {
        &self.facts
    }

    /// Starts `min_idle_conns` connections, this worker's share of them. Needs a `LocalSet`.
    pub(crate) fn open_ahead(&self, workers: usize) {
        let share = self.spec.config().min_idle_conns.div_ceil(workers.max(1));
        match &self.shape {
            Shape::Primary(primary) => primary.open_ahead(share),
            Shape::Cluster(cluster) => cluster.open_ahead(share),
        }
    }

    /// Sends one command and waits for its reply. An error reply is an `Err`.
    ///
    /// A command is sent again only when it is certain that it has not run: no byte of it left, or the server said that
    /// it did not run it (`MOVED`, `ASK`, `TRYAGAIN`, `CLUSTERDOWN`, `LOADING`; `READONLY` behind Sentinel).
    ///
    /// # Errors
    /// [`RedisError`] says whether the command may have run. All attempts to find a server that takes the command end
    /// within `connect_timeout`, and the command itself within `read_timeout` from then.
    pub async fn call(&self, request: &Request, access: Access, spread: Spread) -> Result<Value, RedisError> {
        let until = self.until();
        let outcome = match &self.shape {
            Shape::Primary(primary) => primary.call(request, access, until).await,
            Shape::Cluster(cluster) => cluster.call(request, access, spread, until).await,
        };
        self.note_outcome(&outcome);
        outcome
    }

    /// As [`Pool::call`], but that the command is handed over now, where a connection is there for it, and not only when
    /// the future is polled. Gives the request back with the outcome.
    ///
    /// It is the shorter way: no more than the reply is waited for as long as nothing goes wrong.
    pub fn begin(
        self: &Rc<Self>,
        request: Request,
        access: Access,
        spread: Spread,
    ) -> impl Future<Output = (Result<Value, RedisError>, Request)> + use<> {
        let sent = match &self.shape {
            Shape::Primary(primary) => primary.try_send(&request, access).map(|sent| (Rc::clone(primary), sent)),
            Shape::Cluster(_) => None,
        };
        let pool = Rc::clone(self);
        async move {
            let outcome = match sent {
                None => Box::pin(pool.call(&request, access, spread)).await,
                Some((primary, Sent { reply, connection })) => {
                    let until = reply.since() + pool.spec.config().connect_timeout;
                    match reply.await {
                        Ok(value) => Ok(value),
                        error => {
                            let outcome = Box::pin(primary.follow_up((error, Some(connection)), &request, until)).await;
                            pool.note_outcome(&outcome);
                            outcome
                        }
                    }
                }
            };
            (outcome, request)
        }
    }

    fn note_outcome(&self, outcome: &Result<Value, RedisError>) {
        if let Err(RedisError::Server(text)) = outcome {
            self.note_state(text);
        }
    }

    /// Sends several commands in one go: one write and one round trip to each server concerned. Each has its own outcome.
    ///
    /// Commands that go to the same server run there in their order, with those of others between them. They go to a
    /// master if one of them has to. As [`Pool::call`], none is sent again that may have run.
    pub async fn pipeline(&self, items: &[Batched]) -> Vec<Result<Value, RedisError>> {
        let until = self.until();
        let outcomes = match &self.shape {
            Shape::Primary(primary) => primary.call_all(items, until).await,
            Shape::Cluster(cluster) => cluster.call_all(items, until).await,
        };
        for outcome in &outcomes {
            self.note_outcome(outcome);
        }
        outcomes
    }

    /// Runs commands as a transaction (`MULTI`, `EXEC`): all of them, one after the other, with nothing between them.
    /// Each has its own outcome; one that fails as it runs does not keep the others from it. On a cluster all their keys
    /// have to be in one hash slot.
    ///
    /// # Errors
    /// [`RedisError::NotRun`] when the server refused one of them beforehand; else as of [`Pool::call`].
    pub async fn transaction(&self, commands: &[Request]) -> Result<Executed, RedisError> {
        let executed = match &self.shape {
            Shape::Primary(primary) => primary.transaction(commands, self.until()).await,
            Shape::Cluster(cluster) => cluster.transaction(commands, self.until()).await,
        };
        if let Err(RedisError::NotRun { text, .. } | RedisError::Server(text)) = &executed {
            self.note_state(text);
        }
        executed
    }

    /// Begins to watch keys (`WATCH`), for a transaction that runs only if nobody changes them meanwhile.
    ///
    /// # Errors
    /// As of [`Pool::call`].
    pub async fn watch(&self, keys: &[&[u8]]) -> Result<Watch, RedisError> {
        match &self.shape {
            Shape::Primary(primary) => primary.watch(keys, self.until()).await,
            Shape::Cluster(cluster) => cluster.watch(keys, self.until()).await,
        }
    }

    /// Until when a server that takes a command may be looked for.
    fn until(&self) -> Instant {
        Instant::now() + self.spec.config().connect_timeout
    }
}
