//! Consumer groups: who was given which entry, and has not said yet that it is done.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::id::StreamId;
use super::progress::Outline;

/// The name of a consumer; every entry that it was given has it.
pub(crate) type ConsumerName = Arc<[u8]>;

/// A consumer group. What a consumer has is in two places, by entry and by consumer: all changes go through here.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The last entry that was given to a consumer as a new one.
    pub(crate) last_id: StreamId,
    /// How many entries of the stream come up to that one; `None` when it is not known.
    pub(crate) read: Option<i64>,
    pending: BTreeMap<StreamId, Pending>,
    consumers: BTreeMap<ConsumerName, Consumer>,
}

/// An entry that was given to a consumer.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) consumer: ConsumerName,
    /// When, in Unix milliseconds.
    pub(crate) delivered: u64,
    /// How often.
    pub(crate) deliveries: i64,
}

/// A consumer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Consumer {
    /// When it last asked for something, in Unix milliseconds.
    pub(crate) seen: u64,
    pub(crate) pending: BTreeSet<StreamId>,
}

impl Group {
    pub(crate) fn new(last_id: StreamId, read: Option<i64>) -> Self {
        Group { last_id, read, pending: BTreeMap::new(), consumers: BTreeMap::new() }
    }

    pub(crate) fn consumers(&self) -> &BTreeMap<ConsumerName, Consumer> {
        &self.consumers
    }

    /// What was given to any consumer.
    pub(crate) fn pending(&self) -> &BTreeMap<StreamId, Pending> {
        &self.pending
    }

    /// What was given to a consumer, from an entry on.
    pub(crate) fn pending_of(&self, name: &[u8], first: StreamId) -> impl Iterator<Item = (StreamId, &Pending)> {
        let ids = self.consumers.get(name).map(|consumer| consumer.pending.range(first..));
        ids.into_iter().flatten().filter_map(|id| Some((*id, self.pending.get(id)?)))
    }

    /// Makes a consumer; `false` when it is there.
    pub(crate) fn add_consumer(&mut self, name: &[u8], now: u64) -> bool {
        let new = !self.consumers.contains_key(name);
        if new {
            self.consumers.insert(name.into(), Consumer { seen: now, ..Consumer::default() });
        }
        new
    }

    /// A consumer asks for something; it is made if it is not there.
    pub(crate) fn see(&mut self, name: &[u8], now: u64) {
        if !self.add_consumer(name, now)
            && let Some(consumer) = self.consumers.get_mut(name)
        {
            consumer.seen = now;
        }
    }

    /// Removes a consumer; gives how many entries it had.
    pub(crate) fn remove_consumer(&mut self, name: &[u8]) -> Option<usize> {
        let consumer = self.consumers.remove(name)?;
        for id in &consumer.pending {
            self.pending.remove(id);
        }
        Some(consumer.pending.len())
    }

    /// Goes on to a new entry.
    pub(crate) fn advance(&mut self, id: StreamId, stream: &Outline) {
        if id <= self.last_id {
            return;
        }
        match self.read {
            Some(read) if !stream.has_gaps_from(id) => self.read = Some(read + 1),
            _ => self.read = stream.number_of(id),
        }
        self.last_id = id;
    }

    /// Gives an entry to a consumer that is there, whoever had it before.
    pub(crate) fn give(&mut self, id: StreamId, name: &[u8], delivered: u64, deliveries: i64) {
        let Some((name, _)) = self.consumers.get_key_value(name) else { return };
        let consumer = ConsumerName::clone(name);
        self.acknowledge(id);
        if let Some(taker) = self.consumers.get_mut(&consumer) {
            taker.pending.insert(id);
            self.pending.insert(id, Pending { consumer, delivered, deliveries });
        }
    }

    /// An entry is done with; `false` when nobody had it.
    pub(crate) fn acknowledge(&mut self, id: StreamId) -> bool {
        let Some(pending) = self.pending.remove(&id) else { return false };
        if let Some(consumer) = self.consumers.get_mut(&pending.consumer) {
            consumer.pending.remove(&id);
        }
        true
    }
}
