//! Pools: a process-wide description ([`PoolSpec`]) and, in each worker thread, the connections to it ([`Pool`]).

mod slot;

use std::fmt;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use nautiloid_resp::{Request, Value};
use nautiloid_store::Store;
use tokio::time::Instant;

use crate::connection::Connection;
use crate::{Mode, PoolConfig, RedisError};
use slot::{Look, Slot};

/// Which pool: cheap to copy, valid in every worker, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PoolId(pub(crate) usize);

impl PoolId {
    /// The pool of the `[redis]` section.
    pub const DEFAULT: PoolId = PoolId(0);
}

/// A registered pool: its name and its checked configuration.
#[derive(Debug)]
pub struct PoolSpec {
    name: String,
    config: PoolConfig,
    label: Arc<str>,
    /// Since when it cannot be reached, whichever worker found that out first: the log has one line for all.
    down_since: Mutex<Option<Instant>>,
}

impl PoolSpec {
    pub(crate) fn new(name: &str, config: PoolConfig) -> Self {
        let label = format!("redis pool \"{name}\" ({config})").into();
        PoolSpec { name: name.to_owned(), config, label, down_since: Mutex::default() }
    }

    /// The name it was registered under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How its servers are found.
    pub fn mode(&self) -> Mode {
        self.config.mode
    }

    pub(crate) fn config(&self) -> &PoolConfig {
        &self.config
    }

    /// A worker could not connect.
    fn note_down(&self, reason: &str) {
        let mut down_since = self.down_since.lock().unwrap_or_else(PoisonError::into_inner);
        if down_since.is_none() {
            *down_since = Some(Instant::now());
            tracing::warn!(pool = self.name, "{self} is down: {reason}; trying again");
        }
    }

    /// A worker has connected.
    fn note_up(&self) {
        let mut down_since = self.down_since.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = down_since.take() {
            tracing::info!(pool = self.name, "{self} is back after {:.1?}", since.elapsed());
        }
    }

    /// Name, mode and address, as errors and logs show them; never a password.
    pub(crate) fn label(&self) -> Arc<str> {
        self.label.clone()
    }
}

impl fmt::Display for PoolSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)
    }
}

/// With this many commands in flight on each open connection, another one is opened.
///
/// One connection is the fastest as long as it is not stuck behind a large reply: the more commands share a write, the
/// less each costs.
const BUSY: usize = 256;

/// One worker's connections to a pool.
pub struct Pool {
    spec: Arc<PoolSpec>,
    slots: Vec<Rc<Slot>>,
}

impl Pool {
    pub(crate) fn new(spec: Arc<PoolSpec>, store: &Store, workers: usize) -> Rc<Self> {
        let slots = (spec.config.pool_size / workers.max(1)).max(1);
        let slots = (0..slots).map(|_| Slot::new(Arc::clone(&spec), store.clone())).collect();
        Rc::new(Pool { spec, slots })
    }

    /// Its description.
    pub fn spec(&self) -> &Arc<PoolSpec> {
        &self.spec
    }

    /// Starts `min_idle_conns` connections, this worker's share of them. Needs a `LocalSet`.
    pub(crate) fn open_ahead(&self, workers: usize) {
        if self.supported().is_ok() {
            let share = self.spec.config.min_idle_conns.div_ceil(workers.max(1));
            for slot in self.slots.iter().take(share) {
                slot.open();
            }
        }
    }

    /// Sends one command and waits for its reply. An error reply is an `Err`.
    ///
    /// A command is sent at most once: only when it is certain that no byte of it left, another connection is tried.
    ///
    /// # Errors
    /// [`RedisError`] says whether the command may have run. The call ends within `connect_timeout` (when there is no
    /// connection yet) and `read_timeout`; twice that at most, when a connection breaks before the command has left.
    pub async fn call(&self, request: &Request) -> Result<Value, RedisError> {
        self.supported()?;
        match self.connection().await?.send(request)?.await {
            // The connection broke with the command still in the buffer.
            Err(RedisError::Unavailable { .. }) => self.connection().await?.send(request)?.await,
            outcome => outcome,
        }
    }

    /// The least busy open connection, or a new one.
    async fn connection(&self) -> Result<Rc<Connection>, RedisError> {
        let mut best: Option<(Rc<Connection>, usize)> = None;
        let mut free = None;
        for slot in &self.slots {
            match slot.look() {
                Look::Up(connection, load) if load < BUSY => return Ok(connection),
                Look::Up(connection, load) => {
                    if best.as_ref().is_none_or(|(_, least)| load < *least) {
                        best = Some((connection, load));
                    }
                }
                Look::Free => free = free.or(Some(slot)),
                Look::Down => {}
            }
        }
        match (best, free) {
            (Some((connection, _)), free) => {
                if let Some(slot) = free {
                    slot.open();
                }
                Ok(connection)
            }
            (None, Some(slot)) if !self.is_down() => slot.acquire().await,
            // All that is known says unreachable; the first slot holds the reason.
            _ => match self.slots.first() {
                Some(slot) => slot.acquire().await,
                None => Err(RedisError::Unavailable { pool: self.spec.label(), reason: "no connections".into() }),
            },
        }
    }

    /// Whether the first slot knows the server to be unreachable: then no other slot needs to find that out.
    fn is_down(&self) -> bool {
        self.slots.first().is_some_and(|slot| matches!(slot.look(), Look::Down))
    }

    fn supported(&self) -> Result<(), RedisError> {
        match self.spec.config.mode {
            Mode::Embedded | Mode::Standalone => Ok(()),
            Mode::Sentinel | Mode::SentinelReplica | Mode::Cluster => {
                Err(RedisError::Unsupported { pool: self.spec.label() })
            }
        }
    }
}
