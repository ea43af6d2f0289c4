//! The replicas of a master, for reads.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use nautiloid_resp::{Request, Value};
use tokio::time::Instant;

use crate::RedisError;
use crate::config::Address;
use crate::connection::{Peer, Role};
use crate::node::{Health, Node, Target};
use crate::refusal::Refusal;
use crate::spec::PoolSpec;

/// The replicas that are known at the moment.
pub(super) struct Replicas {
    spec: Arc<PoolSpec>,
    workers: usize,
    nodes: RefCell<Vec<(Address, Rc<Node>)>>,
    /// Whose turn it is.
    next: Cell<usize>,
    /// Whether the log knows that there is none to read from.
    missing: Cell<bool>,
}

impl Replicas {
    pub(super) fn new(spec: &Arc<PoolSpec>, workers: usize) -> Self {
        Replicas {
            spec: Arc::clone(spec),
            workers,
            nodes: RefCell::default(),
            // Workers do not all begin with the first.
            next: Cell::new(fastrand::usize(..1024)),
            missing: Cell::new(false),
        }
    }

    /// Makes these the replicas. Connections to those that stay are kept.
    pub(super) fn set(&self, addresses: &[Address]) {
        let mut nodes = self.nodes.borrow_mut();
        let (kept, gone) = nodes.drain(..).partition(|(address, _)| addresses.contains(address));
        *nodes = kept;
        for (_, node) in gone {
            self.spec.note_gone(node.label(), "it is no replica any more");
        }
        for address in addresses {
            if nodes.iter().all(|(known, _)| known != address) {
                let target = Target::Peer(Peer::Server(address.clone()), Role::Any);
                let label = self.spec.label_of(address);
                nodes.push((address.clone(), Node::new(&self.spec, target, label, self.workers)));
            }
        }
    }

    /// Asks one of them; `None` when none can be reached or none is ready to answer.
    pub(super) async fn call(&self, request: &Request, until: Instant) -> Option<Result<Value, RedisError>> {
        for node in self.in_turn() {
            match node.call(request, until).await {
                Err(RedisError::Unavailable { .. }) => {}
                Err(RedisError::Server(text))
                    if matches!(Refusal::of(&text), Some(Refusal::Loading | Refusal::MasterDown)) => {}
                outcome => {
                    self.missing.set(false);
                    return Some(outcome);
                }
            }
        }
        if !self.missing.replace(true) {
            tracing::warn!(pool = self.spec.name(), "{}: no replica to read from, reading from the master", self.spec);
        }
        None
    }

    /// The connected ones, beginning with the next in turn, then those that nobody has tried.
    fn in_turn(&self) -> Vec<Rc<Node>> {
        let nodes = self.nodes.borrow();
        let turn = self.next.get();
        self.next.set(turn.wrapping_add(1));
        let ordered = || (0..nodes.len()).filter_map(|i| nodes.get((turn.wrapping_add(i)) % nodes.len()));
        let of = |health: Health| ordered().filter(move |(_, node)| node.health() == health);
        of(Health::Up).chain(of(Health::Unknown)).map(|(_, node)| Rc::clone(node)).collect()
    }
}
