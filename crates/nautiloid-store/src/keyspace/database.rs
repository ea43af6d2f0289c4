//! One database: keys to values, and which key expires next.
//!
//! Keys are kept in an indexed map, which makes `SCAN` simple and exact: a scan walks from the last index down. Removing
//! a key moves only the last one, to a lower index, so no key that is there all the time can be jumped over.
//!
//! Deadlines are in an ordered set beside it, so the sweep finds what is due without looking at anything else.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use nautiloid_resp::Value;

use super::value::{Key, Kind, Stored};
use super::watch::{Changed, Watchers};

/// A value and, in Unix milliseconds, when it expires.
#[derive(Debug)]
struct Entry {
    stored: Stored,
    deadline: Option<u64>,
}

/// One database.
#[derive(Debug, Default)]
pub(crate) struct Database {
    entries: IndexMap<Key, Entry>,
    /// How many keys have gone because their time had come.
    expired: u64,
    deadlines: BTreeSet<(u64, Key)>,
    watchers: Watchers,
}

/// One step of a scan.
pub(crate) struct Scan<T> {
    /// Where to go on; `0` at the end.
    pub(crate) cursor: u64,
    pub(crate) found: Vec<T>,
}

impl Database {
    /// The value of a key, of any type.
    pub(crate) fn get(&mut self, key: &[u8], now: u64) -> Option<&Stored> {
        self.expire_if_due(key, now);
        self.entries.get(key).map(|entry| &entry.stored)
    }

    /// The value of a key as the type wanted.
    ///
    /// # Errors
    /// `WRONGTYPE`
    pub(crate) fn read<T: Kind>(&mut self, key: &[u8], now: u64) -> Result<Option<&T>, Value> {
        self.get(key, now).map(|stored| T::of(stored).ok_or_else(wrong_type)).transpose()
    }

    /// As [`Database::read`], to be changed.
    ///
    /// # Errors
    /// `WRONGTYPE`
    pub(crate) fn change<T: Kind>(&mut self, key: &[u8], now: u64) -> Result<Option<&mut T>, Value> {
        self.expire_if_due(key, now);
        self.watchers.suspect(key, || self.entries.get(key).map(|entry| &entry.stored));
        let entry = self.entries.get_mut(key);
        entry.map(|entry| T::of_mut(&mut entry.stored).ok_or_else(wrong_type)).transpose()
    }

    /// As [`Database::change`], with an empty value put there if there is none.
    ///
    /// # Errors
    /// `WRONGTYPE`
    pub(crate) fn change_or_add<T: Kind>(&mut self, key: &[u8], now: u64) -> Result<&mut T, Value> {
        self.expire_if_due(key, now);
        self.watchers.suspect(key, || self.entries.get(key).map(|entry| &entry.stored));
        let entry = self.entries.entry(key.into()).or_insert_with(|| Entry { stored: T::empty(), deadline: None });
        T::of_mut(&mut entry.stored).ok_or_else(wrong_type)
    }

    /// Whether there is such a key.
    pub(crate) fn contains(&mut self, key: &[u8], now: u64) -> bool {
        self.get(key, now).is_some()
    }

    /// Stores a value; whatever was there, and its deadline, is gone.
    pub(crate) fn insert(&mut self, key: &[u8], stored: Stored) {
        self.set_entry(key, Entry { stored, deadline: None });
    }

    /// Stores a value and keeps the deadline.
    pub(crate) fn replace(&mut self, key: &[u8], stored: Stored) {
        self.watchers.touch(key);
        match self.entries.get_mut(key) {
            Some(entry) => entry.stored = stored,
            None => self.insert(key, stored),
        }
    }

    /// Removes a key; `false` when there is none.
    pub(crate) fn remove(&mut self, key: &[u8], now: u64) -> bool {
        self.expire_if_due(key, now);
        self.take(key).is_some()
    }

    /// Gives the value and deadline of `from` to `to`; `false` when there is no `from`.
    pub(crate) fn rename(&mut self, from: &[u8], to: &[u8], now: u64) -> bool {
        self.expire_if_due(from, now);
        if from == to {
            return self.entries.contains_key(from);
        }
        match self.take(from) {
            Some(entry) => {
                self.set_entry(to, entry);
                true
            }
            None => false,
        }
    }

    /// When the key expires, in Unix milliseconds; `None` without a key, `Some(None)` for one that stays.
    pub(crate) fn deadline(&mut self, key: &[u8], now: u64) -> Option<Option<u64>> {
        self.expire_if_due(key, now);
        self.entries.get(key).map(|entry| entry.deadline)
    }

    /// Sets or takes away the deadline of a key that is there; one in the past removes the key.
    pub(crate) fn set_deadline(&mut self, key: &[u8], deadline: Option<u64>, now: u64) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        self.watchers.touch(key);
        if let Some(old) = std::mem::replace(&mut entry.deadline, deadline) {
            self.deadlines.remove(&(old, Key::from(key)));
        }
        match deadline {
            Some(deadline) if deadline <= now => {
                self.entries.swap_remove(key);
            }
            Some(deadline) => {
                self.deadlines.insert((deadline, key.into()));
            }
            None => {}
        }
    }

    /// Number of keys, those included that are due and not swept yet, as in Redis.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Number of keys that expire some day.
    pub(crate) fn expiring(&self) -> usize {
        self.deadlines.len()
    }

    /// Number of keys that have gone because their time had come.
    pub(crate) fn expired(&self) -> u64 {
        self.expired
    }

    pub(crate) fn clear(&mut self) {
        let Database { entries, watchers, .. } = self;
        watchers.touch_all(|key| entries.contains_key(key));
        let watchers = std::mem::take(watchers);
        *self = Database { expired: self.expired, watchers, ..Database::default() };
    }

    /// A command is over that may have changed what is watched.
    pub(crate) fn settle_watchers(&mut self) {
        let Database { entries, watchers, .. } = self;
        watchers.settle(|key| entries.get(key).map(|entry| &entry.stored));
    }

    /// Says that a key is changed, by a command that counts as a change whatever it did.
    pub(crate) fn touch(&mut self, key: &[u8]) {
        self.watchers.touch(key);
    }

    /// Marks `changed` when the key does from now on.
    pub(crate) fn watch(&mut self, key: &[u8], changed: &Changed) {
        self.watchers.add(key, changed);
    }

    pub(crate) fn unwatch(&mut self, key: &[u8], changed: &Changed) {
        self.watchers.remove(key, changed);
    }

    /// Every key that is not due.
    pub(crate) fn keys(&self, now: u64) -> impl Iterator<Item = &Key> {
        self.entries.iter().filter(move |(_, entry)| !entry.is_due(now)).map(|(key, _)| key)
    }

    /// A key at random, and its place in memory moved not at all.
    pub(crate) fn random(&self, now: u64) -> Option<&Key> {
        let length = self.entries.len();
        let start = if length == 0 { return None } else { fastrand::usize(..length) };
        (0..length).find_map(|step| {
            let (key, entry) = self.entries.get_index((start + step) % length)?;
            (!entry.is_due(now)).then_some(key)
        })
    }

    /// Looks at `count` keys from the cursor on and gives those that are not due.
    pub(crate) fn scan(&self, cursor: u64, count: usize, now: u64) -> Scan<(&Key, &Stored)> {
        let (range, cursor) = scan_range(self.entries.len(), cursor, count);
        let found = range.rev().filter_map(|index| self.entries.get_index(index));
        let found = found.filter(|(_, entry)| !entry.is_due(now)).map(|(key, entry)| (key, &entry.stored)).collect();
        Scan { cursor, found }
    }

    /// Removes up to `most` keys that are due; gives how many it removed.
    pub(super) fn sweep(&mut self, now: u64, most: usize) -> usize {
        let mut removed = 0;
        while removed < most && self.is_any_due(now) {
            if let Some((_, key)) = self.deadlines.pop_first() {
                self.entries.swap_remove(&key);
                self.watchers.touch(&key);
                removed += 1;
            }
        }
        self.expired += removed as u64;
        removed
    }

    fn expire_if_due(&mut self, key: &[u8], now: u64) {
        // Most of the time nothing is due, which the first deadline tells without another look-up.
        if self.is_any_due(now) && self.entries.get(key).is_some_and(|entry| entry.is_due(now)) {
            self.take(key);
            self.expired += 1;
        }
    }

    fn is_any_due(&self, now: u64) -> bool {
        self.deadlines.first().is_some_and(|(deadline, _)| *deadline <= now)
    }

    fn take(&mut self, key: &[u8]) -> Option<Entry> {
        let (key, entry) = self.entries.swap_remove_entry(key)?;
        self.watchers.touch(&key);
        if let Some(deadline) = entry.deadline {
            self.deadlines.remove(&(deadline, key));
        }
        Some(entry)
    }

    fn set_entry(&mut self, key: &[u8], entry: Entry) {
        self.watchers.touch(key);
        if let Some(deadline) = entry.deadline {
            self.deadlines.insert((deadline, key.into()));
        }
        let old = match self.entries.get_mut(key) {
            Some(place) => Some(std::mem::replace(place, entry)),
            None => self.entries.insert(key.into(), entry),
        };
        let new_deadline = self.entries.get(key).and_then(|entry| entry.deadline);
        if let Some(deadline) = old.and_then(|old| old.deadline).filter(|old| Some(*old) != new_deadline) {
            self.deadlines.remove(&(deadline, Key::from(key)));
        }
    }
}

impl Entry {
    fn is_due(&self, now: u64) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= now)
    }
}

/// The indices of one step of a scan over `length` elements, from the end down, and the next cursor.
pub(crate) fn scan_range(length: usize, cursor: u64, count: usize) -> (std::ops::Range<usize>, u64) {
    let end = match usize::try_from(cursor) {
        Ok(0) | Err(_) => length,
        Ok(cursor) => cursor.min(length),
    };
    let start = end.saturating_sub(count);
    (start..end, start as u64)
}

pub(crate) fn wrong_type() -> Value {
    Value::error("WRONGTYPE Operation against a key holding the wrong kind of value")
}
