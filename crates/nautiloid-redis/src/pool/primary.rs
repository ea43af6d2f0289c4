//! A master with or without replicas: the embedded store, a standalone server, or what Sentinel watches over.

use std::rc::Rc;
use std::sync::Arc;

use nautiloid_resp::{Request, Value};
use nautiloid_store::Store;
use tokio::time::{Duration, Instant};

use super::replicas::Replicas;
use crate::commands::Access;
use crate::config::Address;
use crate::connection::{Connection, Peer, Reply, Role};
use crate::node::{Node, Target};
use crate::pause::Pauses;
use crate::refusal::Refusal;
use crate::sentinel::{Follower, Sentinels};
use crate::spec::PoolSpec;
use crate::{Mode, RedisError};

/// What a replica says to a command that writes.
const READ_ONLY: &str = "READONLY You can't write against a read only replica.";

/// The error of a pool for reading that is asked to write.
pub(super) fn read_only() -> RedisError {
    RedisError::Server(READ_ONLY.into())
}

pub(super) fn is_read_only(outcome: &Result<Value, RedisError>) -> bool {
    matches!(outcome, Err(RedisError::Server(text)) if text.starts_with(b"READONLY "))
}

/// Whether replicas are asked, if there are any; `only_reads` is whether the pool is one for reading.
pub(super) fn is_for_replicas(access: Access, only_reads: bool) -> bool {
    match access {
        Access::Read => true,
        Access::Master | Access::Write => only_reads,
        Access::Step => false,
    }
}

/// A connection this old that leads to a replica has seen a failover; a younger one leads to what was replica before.
const SETTLED: Duration = Duration::from_secs(1);

/// A command that was handed over to a connection of the master.
pub(super) struct Sent {
    pub(super) reply: Reply,
    pub(super) connection: Rc<Connection>,
}

/// A master and its replicas.
pub(super) struct Primary {
    pub(super) spec: Arc<PoolSpec>,
    pub(super) master: Rc<Node>,
    pub(super) replicas: Option<Replicas>,
    sentinels: Option<Rc<Sentinels>>,
}

impl Primary {
    pub(super) fn new(spec: &Arc<PoolSpec>, store: &Store, workers: usize) -> Rc<Self> {
        let config = spec.config();
        let sentinels = match config.mode {
            Mode::Sentinel | Mode::SentinelReplica => Some(Sentinels::new(spec)),
            _ => None,
        };
        let target = match (&sentinels, &config.address) {
            (Some(sentinels), _) => Target::Master(Rc::clone(sentinels)),
            (None, Some(address)) => Target::Peer(Peer::Server(address.clone()), Role::Any),
            (None, None) => Target::Peer(Peer::Store(store.clone()), Role::Any),
        };
        let replicas = (config.read_from_replicas || config.mode == Mode::SentinelReplica).then(|| {
            let replicas = Replicas::new(spec, sentinels.clone(), workers);
            if sentinels.is_none() {
                replicas.set(Some(&config.replicas));
            }
            replicas
        });
        let master = Node::new(spec, target, spec.label(), workers);
        Rc::new(Primary { spec: Arc::clone(spec), master, replicas, sentinels })
    }

    pub(super) fn open_ahead(self: &Rc<Self>, connections: usize) {
        self.watch_sentinels();
        self.master.open_ahead(connections);
        if let Some(replicas) = &self.replicas {
            replicas.open_ahead(connections);
        }
    }

    /// Sends a command to the server that it belongs to.
    pub(super) async fn call(
        self: &Rc<Self>,
        request: &Request,
        access: Access,
        until: Instant,
    ) -> Result<Value, RedisError> {
        let only_reads = self.spec.mode() == Mode::SentinelReplica;
        // Not even tried: the replica may have become the master since, or there may be only the master to ask, and a
        // pool for reading is not to become one for writing by accident.
        if only_reads && access == Access::Write {
            return Err(read_only());
        }
        if let Some(replicas) = &self.replicas
            && is_for_replicas(access, only_reads)
        {
            self.watch_sentinels();
            if let Some(outcome) = replicas.call(request, until).await {
                return outcome;
            }
        }
        self.call_master(request, until).await
    }

    /// Hands a command over at once where it belongs to the master and a connection is there.
    pub(super) fn try_send(self: &Rc<Self>, request: &Request, access: Access) -> Option<Sent> {
        let only_reads = self.spec.mode() == Mode::SentinelReplica;
        if only_reads || (self.replicas.is_some() && is_for_replicas(access, only_reads)) {
            return None;
        }
        self.watch_sentinels();
        let (reply, connection) = self.master.try_send(request)?;
        Some(Sent { reply, connection })
    }

    /// Sends a command to the master, whatever the pool reads from.
    pub(super) async fn call_master(self: &Rc<Self>, request: &Request, until: Instant) -> Result<Value, RedisError> {
        self.watch_sentinels();
        let attempt = self.master.call_and_tell(request, until).await;
        self.follow_up(attempt, request, until).await
    }

    /// What becomes of a command after its first attempt: it goes again as long as it was certainly not run.
    pub(super) async fn follow_up(
        self: &Rc<Self>,
        mut attempt: (Result<Value, RedisError>, Option<Rc<Connection>>),
        request: &Request,
        until: Instant,
    ) -> Result<Value, RedisError> {
        let mut pauses = Pauses::new();
        loop {
            let (outcome, connection) = attempt;
            let refusal = match &outcome {
                Err(RedisError::Server(text)) => Refusal::of(text),
                // The connection broke with the command still in the buffer.
                Err(RedisError::Unavailable { .. }) if connection.is_some() && Instant::now() < until => {
                    attempt = self.master.call_and_tell(request, until).await;
                    continue;
                }
                _ => return outcome,
            };
            let again = match (refusal, connection) {
                (Some(Refusal::Loading), _) => true,
                (Some(Refusal::ReadOnly), Some(connection)) => self.was_demoted(&connection),
                // A script that met the refusal half way: it may not run again, the others need another server.
                (None, Some(connection)) if is_read_only(&outcome) => {
                    self.was_demoted(&connection);
                    false
                }
                _ => false,
            };
            if !again || !pauses.take(until).await {
                return outcome;
            }
            attempt = self.master.call_and_tell(request, until).await;
        }
    }

    /// A server that was a master takes no writes any more. Whether to try again on another.
    pub(super) fn was_demoted(&self, connection: &Rc<Connection>) -> bool {
        if self.sentinels.is_some() {
            self.master.retire(connection);
            return true;
        }
        // An address that is known may lead to the new master from the next connection on, or not: the script hears
        // of it.
        if connection.opened().elapsed() >= SETTLED {
            self.master.retire(connection);
        }
        false
    }

    /// Sees to it that the Sentinels are listened to.
    pub(super) fn watch_sentinels(self: &Rc<Self>) {
        if let Some(sentinels) = &self.sentinels {
            sentinels.watch(self);
        }
    }
}

impl Follower for Primary {
    fn master(&self) -> Option<Address> {
        self.master.found()
    }

    fn found_master(&self, master: &Address) {
        self.master.move_to(master);
    }

    fn found_replicas(&self, replicas: Option<&[Address]>) {
        if let Some(current) = &self.replicas {
            current.set(replicas);
        }
    }
}
