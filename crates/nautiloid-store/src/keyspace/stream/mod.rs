//! A stream: entries in the order of their names, and groups of consumers that share them.

mod group;
mod id;
mod node;
mod progress;

use std::collections::BTreeMap;

pub(crate) use group::{Group, Pending};
pub(crate) use id::StreamId;
pub(crate) use node::Entry;
use node::Node;
use progress::Outline;

/// A stream. Two are equal when their entries are: groups are no part of what `WATCH` looks at, as in Redis.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stream {
    /// By the first entry that each ever had.
    nodes: BTreeMap<StreamId, Node>,
    length: usize,
    /// Of the last entry that was ever added; later ones are greater.
    pub(crate) last_id: StreamId,
    /// The greatest that was deleted by its name.
    pub(crate) deleted: StreamId,
    /// How many entries were ever added.
    pub(crate) added: i64,
    pub(crate) groups: BTreeMap<Box<[u8]>, Group>,
}

/// What may stay when a stream is trimmed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound {
    /// At most so many entries.
    Length(usize),
    /// Entries from this one on.
    From(StreamId),
}

/// How a stream is trimmed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trim {
    pub(crate) bound: Bound,
    /// Only whole nodes go: more than the bound may stay.
    pub(crate) approximate: bool,
    /// Most entries that go; 0 for no limit.
    pub(crate) limit: usize,
}

impl PartialEq for Stream {
    fn eq(&self, other: &Self) -> bool {
        self.nodes == other.nodes
    }
}

impl Stream {
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn nodes(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn outline(&self) -> Outline {
        Outline {
            length: self.length,
            added: self.added,
            first: self.first().map_or(StreamId::ZERO, |entry| entry.id),
            last: self.last_id,
            deleted: self.deleted,
        }
    }

    pub(crate) fn first(&self) -> Option<&Entry> {
        self.nodes.values().find_map(|node| node.entries.first())
    }

    pub(crate) fn last(&self) -> Option<&Entry> {
        self.nodes.values().rev().find_map(|node| node.entries.last())
    }

    /// Adds an entry, whose name is greater than [`Stream::last_id`].
    pub(crate) fn append(&mut self, entry: Entry) {
        let id = entry.id;
        match self.nodes.last_entry() {
            Some(mut last) if !last.get().is_full_for(&entry.fields) => last.get_mut().push(entry),
            _ => drop(self.nodes.insert(id, Node::new(entry))),
        }
        self.length += 1;
        self.added += 1;
        self.last_id = id;
    }

    /// The entries from `start` to `end`, both included.
    pub(crate) fn range(&self, start: StreamId, end: StreamId) -> impl DoubleEndedIterator<Item = &Entry> {
        let nodes = (start <= end).then(|| {
            let first = self.nodes.range(..=start).next_back().map_or(StreamId::ZERO, |(first, _)| *first);
            self.nodes.range(first..=end)
        });
        let entries = nodes.into_iter().flatten().flat_map(|(_, node)| &node.entries);
        entries.filter(move |entry| start <= entry.id && entry.id <= end)
    }

    pub(crate) fn get(&self, id: StreamId) -> Option<&Entry> {
        let (_, node) = self.nodes.range(..=id).next_back()?;
        node.entries.get(node.entries.binary_search_by_key(&id, |entry| entry.id).ok()?)
    }

    /// Deletes an entry; `false` when there is none.
    pub(crate) fn remove(&mut self, id: StreamId) -> bool {
        let Some((first, node)) = self.nodes.range_mut(..=id).next_back() else { return false };
        let Ok(place) = node.entries.binary_search_by_key(&id, |entry| entry.id) else { return false };
        node.entries.remove(place);
        if node.entries.is_empty() {
            let first = *first;
            self.nodes.remove(&first);
        }
        self.length -= 1;
        self.deleted = self.deleted.max(id);
        true
    }

    /// Removes the first entries; gives how many.
    pub(crate) fn trim(&mut self, trim: Trim) -> usize {
        let mut removed = 0;
        while let Some(mut node) = self.nodes.first_entry() {
            let entries = node.get().entries.len();
            let (whole, part) = match trim.bound {
                Bound::Length(most) => (self.length >= most + entries, self.length.saturating_sub(most)),
                Bound::From(id) => (node.get().last < id, node.get().entries.partition_point(|entry| entry.id < id)),
            };
            let done = matches!(trim.bound, Bound::Length(most) if self.length <= most);
            if done || (trim.limit > 0 && removed + entries > trim.limit) {
                break;
            }
            if whole {
                node.remove();
                self.length -= entries;
                removed += entries;
                continue;
            }
            if !trim.approximate {
                // As in Redis, a node stays that loses its last entry here, and later entries go into it.
                node.get_mut().entries.drain(..part);
                self.length -= part;
                removed += part;
            }
            break;
        }
        removed
    }
}
