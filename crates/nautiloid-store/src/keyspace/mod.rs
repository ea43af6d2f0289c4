//! The data: databases, keys, values and when they expire.

mod database;
mod sorted_set;
mod stream;
mod value;
mod watch;

use crate::scripts::ScriptCache;
pub(crate) use database::{Database, scan_range, wrong_type};
pub(crate) use sorted_set::{Scored, SortedSet};
pub(crate) use stream::{Bound, Entry, Group, Pending, Stream, StreamId, Trim};
pub(crate) use value::{Hash, Key, List, Set, Stored};
pub(crate) use watch::Changed;

/// Number of databases: the default of Redis.
pub(crate) const DATABASES: usize = 16;

/// All data of a store. It lives behind the store's one lock.
pub(crate) struct Keyspace {
    databases: Vec<Database>,
    pub(crate) scripts: ScriptCache,
    pub(crate) counters: Counters,
}

/// What `INFO` counts.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) commands: u64,
    pub(crate) connections: u64,
    pub(crate) connected: u64,
}

impl Default for Keyspace {
    fn default() -> Self {
        Keyspace {
            databases: std::iter::repeat_with(Database::default).take(DATABASES).collect(),
            scripts: ScriptCache::default(),
            counters: Counters::default(),
        }
    }
}

impl Keyspace {
    /// The database of that number, which `SELECT` has checked; the first for any other.
    pub(crate) fn database(&mut self, index: usize) -> &mut Database {
        let index = if index < self.databases.len() { index } else { 0 };
        &mut self.databases[index]
    }

    pub(crate) fn databases(&self) -> &[Database] {
        &self.databases
    }

    pub(crate) fn clear(&mut self) {
        self.databases.iter_mut().for_each(Database::clear);
    }

    /// Removes up to `most` keys whose time has come; `true` when there are more.
    pub(crate) fn sweep(&mut self, now: u64, most: usize) -> bool {
        let mut left = most;
        for database in &mut self.databases {
            left -= database.sweep(now, left);
            if left == 0 {
                return true;
            }
        }
        false
    }
}
