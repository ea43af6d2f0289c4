//! Which node has which slot, as far as this worker knows.
//!
//! It may be old at any time: a node that is asked for a slot that it does not have says who has it.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use super::layout::Range;
use super::nodes::{Member, Nodes};
use super::slot::SLOTS;
use crate::node::Health;

/// A master and the replicas of what it has.
pub(super) struct Shard {
    pub(super) master: Rc<Member>,
    replicas: Vec<Rc<Member>>,
    /// Which replica's turn it is.
    turn: Cell<usize>,
}

impl Shard {
    fn new(master: Rc<Member>, replicas: Vec<Rc<Member>>) -> Self {
        Shard { master, replicas, turn: Cell::new(fastrand::usize(..1024)) }
    }

    /// The node to read from: a connected replica in its turn, else the master, unless that is known to be unreachable.
    /// Replicas that nobody has tried are connected meanwhile.
    fn reader(&self) -> &Rc<Member> {
        let turn = self.turn.get();
        self.turn.set(turn.wrapping_add(1));
        let replicas = || (0..self.replicas.len()).filter_map(|i| self.replicas.get((turn + i) % self.replicas.len()));
        if let Some(replica) = replicas().find(|replica| replica.node.health() == Health::Up) {
            return replica;
        }
        let untried = || replicas().filter(|replica| replica.node.health() == Health::Unknown);
        if self.master.node.health() != Health::Down {
            untried().for_each(|replica| replica.node.open_ahead(1));
            return &self.master;
        }
        untried().next().unwrap_or(&self.master)
    }
}

/// The map of all slots.
#[derive(Default)]
pub(super) struct Map {
    shards: Vec<Shard>,
    /// The index of each slot's shard; [`NOBODY`] where none is known. Empty until there is a map.
    owners: Vec<u16>,
}

const NOBODY: u16 = u16::MAX;

impl Map {
    /// A map of what a node said. `replicas` are the connections for reading, when replicas are read from.
    pub(super) fn new(ranges: &[Range], masters: &Nodes, replicas: Option<&Nodes>) -> Self {
        let mut map = Map::default();
        for range in ranges {
            let readers = || range.replicas.iter().filter_map(|address| Some(replicas?.at(address)));
            let shard = map.shard_of(masters.at(&range.master), || readers().collect());
            for slot in range.first..=range.last {
                map.set(slot, shard);
            }
        }
        map
    }

    pub(super) fn is_empty(&self) -> bool {
        self.shards.is_empty()
    }

    /// The masters, in the order of the slots they have.
    pub(super) fn masters(&self) -> impl Iterator<Item = &Rc<Member>> {
        self.shards.iter().map(|shard| &shard.master)
    }

    /// The master of a slot.
    pub(super) fn master(&self, slot: u16) -> Option<&Rc<Member>> {
        self.shard(slot).map(|shard| &shard.master)
    }

    /// The node to read a slot from.
    pub(super) fn reader(&self, slot: u16) -> Option<&Rc<Member>> {
        self.shard(slot).map(Shard::reader)
    }

    /// A slot has moved to a node.
    pub(super) fn moved(&mut self, slot: u16, to: Rc<Member>) {
        let shard = self.shard_of(to, Vec::new);
        self.set(slot, shard);
    }

    /// Whether a master is not reachable: then the cluster may be choosing another.
    pub(super) fn is_degraded(&self) -> bool {
        self.is_empty() || self.masters().any(|master| master.node.health() == Health::Down)
    }

    /// Whether there is a master without a replica.
    pub(super) fn lacks_replicas(&self) -> bool {
        self.shards.iter().any(|shard| shard.replicas.is_empty())
    }

    /// Whether a master has commands to answer.
    pub(super) fn is_busy(&self) -> bool {
        self.masters().any(|master| master.node.in_flight() > 0)
    }

    /// Whether a master has had commands to answer for that long and says nothing.
    pub(super) fn is_silent(&self, time: Duration) -> bool {
        self.masters().any(|master| master.node.is_silent(time))
    }

    fn shard(&self, slot: u16) -> Option<&Shard> {
        let owner = self.owners.get(usize::from(slot))?;
        self.shards.get(usize::from(*owner))
    }

    fn shard_of(&mut self, master: Rc<Member>, replicas: impl FnOnce() -> Vec<Rc<Member>>) -> u16 {
        let known = self.shards.iter().position(|shard| shard.master.address == master.address);
        let index = known.unwrap_or_else(|| {
            self.shards.push(Shard::new(master, replicas()));
            self.shards.len() - 1
        });
        // A cluster has at most as many masters as slots.
        u16::try_from(index).unwrap_or(NOBODY)
    }

    fn set(&mut self, slot: u16, shard: u16) {
        if self.owners.is_empty() {
            self.owners = vec![NOBODY; usize::from(SLOTS)];
        }
        if let Some(owner) = self.owners.get_mut(usize::from(slot)) {
            *owner = shard;
        }
    }
}
