//! How far a group has come: how many entries had been added to a stream when one was, as far as that can be known.
//!
//! A stream counts what is added and forgets where entries were deleted, but for the last one of these. So the number of
//! an entry is known only when nothing can have been deleted around it.

use super::id::StreamId;

/// What is known of a stream as a whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outline {
    pub(crate) length: usize,
    /// Entries that were ever added.
    pub(crate) added: i64,
    /// Of the first entry; zero when there is none.
    pub(crate) first: StreamId,
    /// Of the last entry that was ever added.
    pub(crate) last: StreamId,
    /// The greatest that was deleted by its name; zero when none was.
    pub(crate) deleted: StreamId,
}

impl Outline {
    /// How many entries had been added when this one was.
    pub(crate) fn number_of(&self, id: StreamId) -> Option<i64> {
        let length = i64::try_from(self.length).unwrap_or(i64::MAX);
        if self.added == 0 || (self.length == 0 && id <= self.last) || id == self.last {
            return Some(self.added);
        }
        if id > self.last || !self.is_whole() || id > self.first {
            return None;
        }
        Some(self.added - length + i64::from(id == self.first))
    }

    /// Whether an entry may have been deleted from this one on.
    pub(crate) fn has_gaps_from(&self, id: StreamId) -> bool {
        self.length > 0 && !self.is_whole() && id <= self.deleted
    }

    /// Whether nothing was deleted behind the first entry.
    fn is_whole(&self) -> bool {
        self.deleted == StreamId::ZERO || self.deleted < self.first
    }

    /// How many entries are still to be read by a group that came this far; `None` when that cannot be known.
    pub(crate) fn left(&self, last_read: StreamId, read: Option<i64>) -> Option<i64> {
        if self.added == 0 {
            return Some(0);
        }
        let read = read.filter(|_| !self.has_gaps_from(last_read)).or_else(|| self.number_of(last_read));
        read.map(|read| self.added.wrapping_sub(read))
    }
}
