//! The replicas of a master, for reads.
//!
//! Connections to all of them are opened ahead, so that they share the reads and no read waits for a dial as long as one
//! of them is connected.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use nautiloid_resp::{Request, Value};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::RedisError;
use crate::batch::Outcomes;
use crate::config::Address;
use crate::connection::{Peer, Role};
use crate::node::{Health, Node, Target};
use crate::refusal::Refusal;
use crate::sentinel::Sentinels;
use crate::spec::PoolSpec;

/// Whether a replica has not answered because it is not ready to. Reads can all be asked again elsewhere.
fn is_not_ready(outcome: &Result<Value, RedisError>) -> bool {
    matches!(outcome, Err(RedisError::Server(text))
        if matches!(Refusal::of(text), Some(Refusal::Loading | Refusal::MasterDown)))
}

/// The replicas that are known at the moment.
pub(super) struct Replicas {
    spec: Arc<PoolSpec>,
    /// Who can tell of others.
    sentinels: Option<Rc<Sentinels>>,
    workers: usize,
    nodes: RefCell<Vec<(Address, Rc<Node>)>>,
    /// Connections to open to each ahead of need.
    ahead: Cell<usize>,
    /// Whose turn it is.
    next: Cell<usize>,
    /// Whether somebody has said which there are.
    known: Cell<bool>,
    became_known: Notify,
    /// Whether the last read found none.
    lacking: Cell<bool>,
}

impl Replicas {
    pub(super) fn new(spec: &Arc<PoolSpec>, sentinels: Option<Rc<Sentinels>>, workers: usize) -> Self {
        Replicas {
            spec: Arc::clone(spec),
            sentinels,
            workers,
            nodes: RefCell::default(),
            ahead: Cell::new(1),
            // Workers do not all begin with the first.
            next: Cell::new(fastrand::usize(..1024)),
            known: Cell::new(false),
            became_known: Notify::new(),
            lacking: Cell::new(false),
        }
    }

    /// Makes these the replicas. Connections to those that stay are kept. `None` when nobody can tell: then they stay
    /// as they are.
    pub(super) fn set(&self, addresses: Option<&[Address]>) {
        if let Some(addresses) = addresses {
            self.replace(addresses);
        }
        if !self.known.replace(true) {
            self.became_known.notify_waiters();
        }
    }

    fn replace(&self, addresses: &[Address]) {
        let mut nodes = self.nodes.borrow_mut();
        let (kept, gone) = nodes.drain(..).partition(|(address, _)| addresses.contains(address));
        *nodes = kept;
        for (_, node) in gone {
            node.give_up(&self.spec, "it is no replica that can be read from any more");
        }
        for address in addresses {
            if nodes.iter().all(|(known, _)| known != address) {
                let target = Target::Peer(Peer::Server(address.clone()), Role::Any);
                let label = self.spec.label_of(address);
                nodes.push((address.clone(), Node::new(&self.spec, target, label, self.workers)));
            }
        }
    }

    /// Starts this many connections to each, and to those that are found later. Needs a `LocalSet`.
    pub(super) fn open_ahead(&self, connections: usize) {
        self.ahead.set(connections.max(1));
        for (_, node) in &*self.nodes.borrow() {
            node.open_ahead(self.ahead.get());
        }
    }

    /// Asks one of them; `None` when none can be reached or none is ready to answer. That takes at most half of the time
    /// until `until`, so that the master can still be asked.
    pub(super) async fn call(&self, request: &Request, until: Instant) -> Option<Result<Value, RedisError>> {
        self.call_all(&[request], until).await?.pop()
    }

    /// As [`Replicas::call`], several commands on one of them.
    pub(super) async fn call_all(&self, requests: &[&Request], until: Instant) -> Option<Outcomes> {
        let until = Instant::now() + until.saturating_duration_since(Instant::now()) / 2;
        let became_known = self.became_known.notified();
        if !self.known.get() {
            // Whoever comes late finds out below that there is none yet.
            let _ = timeout_at(until, became_known).await;
        }
        for node in self.in_turn() {
            let (outcomes, _) = node.call_all(requests, until).await;
            if outcomes.iter().any(|outcome| matches!(outcome, Err(RedisError::Unavailable { .. }))) {
                if let Some(sentinels) = &self.sentinels {
                    sentinels.ask_again();
                }
            } else if !outcomes.iter().any(is_not_ready) {
                if self.lacking.replace(false) {
                    self.spec.note_replicas_back();
                }
                return Some(outcomes);
            }
        }
        self.lacking.set(true);
        self.spec.note_replicas_lack();
        None
    }

    /// The connected ones, beginning with the next in turn, then those that are being dialled.
    fn in_turn(&self) -> Vec<Rc<Node>> {
        let nodes = self.nodes.borrow();
        let turn = self.next.get();
        self.next.set(turn.wrapping_add(1));
        let (mut up, mut unknown) = (Vec::with_capacity(nodes.len()), Vec::new());
        for i in 0..nodes.len() {
            let Some((_, node)) = nodes.get(turn.wrapping_add(i) % nodes.len()) else { continue };
            match node.health() {
                Health::Up => up.push(Rc::clone(node)),
                Health::Unknown => {
                    node.open_ahead(self.ahead.get());
                    unknown.push(Rc::clone(node));
                }
                Health::Down => {}
            }
        }
        up.append(&mut unknown);
        up
    }
}
