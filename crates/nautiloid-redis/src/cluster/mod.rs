//! A Redis Cluster: many masters that share the keys by hash slots.
//!
//! A command goes to the node that the worker's `map` names for the slot of its keys; `route` follows that node's
//! corrections. `discovery` keeps the map, `layout` reads it, `nodes` are the connections. `spread` is for commands that
//! concern several slots: they are split and joined, sent everywhere, or refused. `scan` is one cursor over all.

mod batch;
mod discovery;
mod layout;
mod map;
mod nodes;
mod route;
mod scan;
mod slot;
mod spread;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use nautiloid_resp::{Request, Value};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::RedisError;
use crate::commands::{Access, Join, Spread};
use crate::connection::Role;
use crate::spec::PoolSpec;
pub(crate) use layout::{Range, read as read_layout};
use map::Map;
use nodes::Nodes;
pub(crate) use slot::{SLOTS, same as same_slot};

/// One worker's view of a cluster.
pub(crate) struct Cluster {
    spec: Arc<PoolSpec>,
    masters: Nodes,
    /// Connections for reading, when replicas are read from.
    replicas: Option<Nodes>,
    map: RefCell<Map>,
    /// Why the cluster could not be asked last time.
    failure: RefCell<Option<Arc<str>>>,
    /// The map may be old.
    doubtful: Cell<bool>,
    /// The task that keeps the map looks after nothing, since nothing is on its way.
    resting: Cell<bool>,
    /// Wakes that task.
    news: Rc<Notify>,
    /// Told when the cluster was asked, with or without success.
    learned: Notify,
    /// Whether the task runs.
    keeping: Cell<bool>,
    /// Connections to each master that are opened before they are needed.
    ahead: Cell<usize>,
}

impl Cluster {
    /// `workers` is the number of threads that share `pool_size`, which bounds the connections to each node.
    pub(crate) fn new(spec: &Arc<PoolSpec>, workers: usize) -> Rc<Self> {
        let reading = spec.config().read_from_replicas;
        Rc::new(Cluster {
            spec: Arc::clone(spec),
            masters: Nodes::new(spec, workers, Role::Any),
            replicas: reading.then(|| Nodes::new(spec, workers, Role::ClusterReplica)),
            map: RefCell::default(),
            failure: RefCell::default(),
            doubtful: Cell::new(false),
            resting: Cell::new(false),
            news: Rc::default(),
            learned: Notify::new(),
            keeping: Cell::new(false),
            ahead: Cell::new(0),
        })
    }

    /// Starts this many connections to each master as soon as they are known. Needs a `LocalSet`.
    pub(crate) fn open_ahead(self: &Rc<Self>, connections: usize) {
        if connections > 0 {
            self.ahead.set(connections);
            self.keep_map();
        }
    }

    /// Sends a command where it belongs.
    ///
    /// # Errors
    /// As [`Pool::call`](crate::Pool::call).
    pub(crate) async fn call(
        self: &Rc<Self>,
        request: &Request,
        access: Access,
        spread: Spread,
        until: Instant,
    ) -> Result<Value, RedisError> {
        self.wait_for_map(until).await?;
        self.wake();
        match spread {
            Spread::OneSlot => self.call_slot(self.slot_of(request)?, request, access, until).await,
            Spread::Keys(join) => self.call_each_slot(request, access, join, until).await,
            Spread::Masters(Join::ByKey) => Err(self.unavailable("a reply by key cannot come from all masters")),
            Spread::Masters(join) => self.call_masters(request, join, until).await,
        }
    }

    /// Waits until it is known who has what; fails as long as nobody can be asked.
    async fn wait_for_map(self: &Rc<Self>, until: Instant) -> Result<(), RedisError> {
        while self.map.borrow().is_empty() {
            let learned = self.learned.notified();
            self.keep_map();
            if let Some(reason) = &*self.failure.borrow() {
                return Err(self.unavailable(reason));
            }
            if timeout_at(until, learned).await.is_err() {
                return Err(self.unavailable("no node has answered in time"));
            }
        }
        Ok(())
    }

    fn keep_map(self: &Rc<Self>) {
        if !self.keeping.replace(true) {
            tokio::task::spawn_local(discovery::keep_map(Rc::downgrade(self)));
        }
    }

    /// Something is on its way: the task that keeps the map looks after it.
    fn wake(&self) {
        if self.resting.replace(false) {
            self.news.notify_one();
        }
    }

    /// The map may be old.
    fn doubt(&self) {
        self.doubtful.set(true);
        self.news.notify_one();
    }

    fn unavailable(&self, reason: &str) -> RedisError {
        RedisError::Unavailable { pool: self.spec.label(), reason: reason.into() }
    }
}
