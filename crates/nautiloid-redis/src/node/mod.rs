//! One worker's connections to one server, or to one role that servers take in turn (the master behind Sentinel).
//!
//! `slot` is the place of one connection; `target` says what it dials. Here it is decided which connection a command
//! takes, and what may be tried once more.

mod batch;
mod exclusive;
mod slot;
mod target;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use nautiloid_resp::{Request, Value};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use crate::RedisError;
use crate::config::Address;
use crate::connection::{Connection, Reply};
use crate::spec::PoolSpec;
use slot::{Look, Slot};

pub(crate) use exclusive::Exclusive;
pub(crate) use target::Target;

/// With this many commands in flight on each open connection, another one is opened.
///
/// One connection is the fastest as long as it is not stuck behind a large reply: the more commands share a write, the
/// less each costs.
const BUSY: usize = 256;

/// The connections to one server.
pub(crate) struct Node {
    label: Arc<str>,
    first: Rc<Slot>,
    others: Vec<Rc<Slot>>,
    /// As many callers as that may have a connection of their own.
    exclusive: Arc<Semaphore>,
    /// Such connections that nobody uses at the moment.
    kept: RefCell<Vec<Connection>>,
    /// Whether the server has taken a transaction.
    takes_transactions: Cell<bool>,
    /// Counts how often the node was taken for another server: connections of before are not kept.
    generation: Cell<u64>,
}

/// How reachable a node is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Health {
    /// Connected.
    Up,
    /// Nobody has asked since the last connection ended.
    Unknown,
    /// It cannot be reached; a task tries again and again.
    Down,
}

impl Node {
    /// A node with no connections yet. `label` is what errors and the log call it; `workers` is the number of threads
    /// that share `pool_size`.
    pub(crate) fn new(spec: &Arc<PoolSpec>, target: Target, label: Arc<str>, workers: usize) -> Rc<Self> {
        let others = (spec.config().pool_size / workers.max(1)).saturating_sub(1);
        let slot = || Slot::new(Arc::clone(spec), target.clone(), label.clone());
        Rc::new(Node {
            first: slot(),
            others: (0..others).map(|_| slot()).collect(),
            exclusive: Arc::new(Semaphore::new(others + 1)),
            kept: RefCell::default(),
            takes_transactions: Cell::new(false),
            generation: Cell::new(0),
            label,
        })
    }

    fn slots(&self) -> impl Iterator<Item = &Rc<Slot>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// What errors and the log call it.
    pub(crate) fn label(&self) -> &Arc<str> {
        &self.label
    }

    /// Starts this many connections. Needs a `LocalSet`.
    pub(crate) fn open_ahead(&self, connections: usize) {
        for slot in self.slots().take(connections) {
            slot.open();
        }
    }

    /// How reachable it is known to be.
    pub(crate) fn health(&self) -> Health {
        let mut health = Health::Unknown;
        for slot in self.slots() {
            match slot.look() {
                Look::Up(..) => return Health::Up,
                Look::Down => health = Health::Down,
                Look::Free => {}
            }
        }
        health
    }

    /// Number of commands that it has not answered yet.
    pub(crate) fn in_flight(&self) -> usize {
        self.connections().map(|connection| connection.in_flight()).sum()
    }

    /// Whether it has said nothing for that long although it has commands to answer.
    pub(crate) fn is_silent(&self, time: Duration) -> bool {
        self.connections().any(|connection| connection.silent_for() >= time)
    }

    fn connections(&self) -> impl Iterator<Item = Rc<Connection>> {
        self.slots().filter_map(|slot| match slot.look() {
            Look::Up(connection, _) => Some(connection),
            Look::Free | Look::Down => None,
        })
    }

    /// Hands a command over at once where a connection is there for it; `None` where one has to be found first.
    pub(crate) fn try_send(&self, request: &Request) -> Option<(Reply, Rc<Connection>)> {
        match self.first.look() {
            Look::Up(connection, load) if load < BUSY => connection.send(request).ok().map(|reply| (reply, connection)),
            _ => None,
        }
    }

    /// Hands a command over to one of the connections and waits for its reply.
    ///
    /// A command is sent at most once: another connection is tried only when it is certain that no byte of it left, and
    /// only before `until`.
    ///
    /// # Errors
    /// As [`Pool::call`](crate::Pool::call).
    pub(crate) async fn call(&self, request: &Request, until: Instant) -> Result<Value, RedisError> {
        self.exchange(until, |connection| connection.send(request)).await.0
    }

    /// The same after `ASKING`, which lets a cluster's node answer for a slot that is on its way to it.
    pub(crate) async fn call_asking(&self, request: &Request, until: Instant) -> Result<Value, RedisError> {
        self.exchange(until, |connection| connection.send_asking(request)).await.0
    }

    /// [`Node::call`], with the connection that was used, for [`Node::retire`].
    pub(crate) async fn call_and_tell(
        &self,
        request: &Request,
        until: Instant,
    ) -> (Result<Value, RedisError>, Option<Rc<Connection>>) {
        self.exchange(until, |connection| connection.send(request)).await
    }

    async fn exchange(
        &self,
        until: Instant,
        send: impl Fn(&Connection) -> Result<Reply, RedisError>,
    ) -> (Result<Value, RedisError>, Option<Rc<Connection>>) {
        loop {
            let connection = match self.connection(until).await {
                Ok(connection) => connection,
                Err(error) => return (Err(error), None),
            };
            let outcome = match send(&connection) {
                Ok(reply) => reply.await,
                Err(error) => Err(error),
            };
            match outcome {
                // The connection broke with the command still in the buffer.
                Err(RedisError::Unavailable { .. }) if Instant::now() < until => {}
                outcome => return (outcome, Some(connection)),
            }
        }
    }

    /// Uses a connection no more: what is on its way on it is still answered.
    pub(crate) fn retire(&self, connection: &Rc<Connection>) {
        self.forget_kept();
        for slot in self.slots() {
            slot.retire(|candidate, _| Rc::ptr_eq(candidate, connection));
        }
    }

    /// Uses no connection any more that leads to another server than `server`, and dials anew at once where dialling
    /// has failed or goes on.
    pub(crate) fn move_to(&self, server: &Address) {
        self.forget_kept();
        for slot in self.slots() {
            if slot.retire(|_, found| found.is_some_and(|found| found != server)) {
                slot.open();
            } else {
                slot.dial_now();
            }
        }
    }

    /// It is not to be used any more; `why` is for the log.
    pub(crate) fn give_up(&self, spec: &PoolSpec, why: &str) {
        for slot in self.slots() {
            slot.give_up();
        }
        spec.note_gone(&self.label, why);
    }

    /// The server that the first connection was found at; `None` while there is none.
    pub(crate) fn found(&self) -> Option<Address> {
        self.first.found()
    }

    /// The least busy open connection, or a new one.
    async fn connection(&self, until: Instant) -> Result<Rc<Connection>, RedisError> {
        let mut best: Option<(Rc<Connection>, usize)> = None;
        let (mut free, mut down) = (None, false);
        for slot in self.slots() {
            match slot.look() {
                Look::Up(connection, load) if load < BUSY => return Ok(connection),
                Look::Up(connection, load) => {
                    if best.as_ref().is_none_or(|(_, least)| load < *least) {
                        best = Some((connection, load));
                    }
                }
                Look::Free => free = free.or(Some(slot)),
                Look::Down => down = true,
            }
        }
        if let Some((connection, _)) = best {
            // A server that takes no more connections is dialled for one slot, not for each.
            if let Some(slot) = free.filter(|_| !down) {
                slot.open();
            }
            return Ok(connection);
        }
        // When the first slot knows the server to be unreachable, no other slot needs to find that out.
        let slot = match free {
            Some(slot) if !matches!(self.first.look(), Look::Down) => slot,
            _ => &self.first,
        };
        let late = || RedisError::Unavailable { pool: self.label.clone(), reason: "no connection in time".into() };
        timeout_at(until, slot.acquire()).await.unwrap_or_else(|_| Err(late()))
    }
}
