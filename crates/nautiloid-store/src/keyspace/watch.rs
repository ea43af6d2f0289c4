//! Who watches which key. A change to a watched key marks its watchers; nobody watching costs a look at an empty map.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use super::value::{Key, Stored};

/// Set when one of the keys that a session watches has changed.
pub(crate) type Changed = Arc<AtomicBool>;

/// The watchers of the keys of one database.
#[derive(Debug, Default)]
pub(super) struct Watchers {
    of_keys: HashMap<Key, Vec<Weak<AtomicBool>>>,
    /// Watched keys that the command that runs may change, with what they held before.
    suspects: Vec<(Key, Option<Stored>)>,
}

impl Watchers {
    pub(super) fn add(&mut self, key: &[u8], changed: &Changed) {
        self.of_keys.entry(key.into()).or_default().push(Arc::downgrade(changed));
    }

    pub(super) fn remove(&mut self, key: &[u8], changed: &Changed) {
        if let Some(watchers) = self.of_keys.get_mut(key) {
            watchers.retain(|watcher| !std::ptr::eq(watcher.as_ptr(), Arc::as_ptr(changed)));
            if watchers.is_empty() {
                self.of_keys.remove(key);
            }
        }
    }

    /// A key is about to be changed, perhaps.
    pub(super) fn suspect<'a>(&mut self, key: &[u8], held: impl FnOnce() -> Option<&'a Stored>) {
        if !self.of_keys.is_empty() && self.of_keys.contains_key(key) {
            self.suspects.push((key.into(), held().cloned()));
        }
    }

    /// The command is over: marks the watchers of what it has changed.
    pub(super) fn settle<'a>(&mut self, holds: impl Fn(&[u8]) -> Option<&'a Stored>) {
        for (key, before) in std::mem::take(&mut self.suspects) {
            if holds(&key) != before.as_ref() {
                self.touch(&key);
            }
        }
    }

    /// A key was changed. Whoever watched it needs to hear of it only once.
    pub(super) fn touch(&mut self, key: &[u8]) {
        if !self.of_keys.is_empty()
            && let Some(watchers) = self.of_keys.remove(key)
        {
            mark(watchers);
        }
    }

    /// All keys go; those that are not there are not changed by that.
    pub(super) fn touch_all(&mut self, is_there: impl Fn(&[u8]) -> bool) {
        let (gone, kept) = std::mem::take(&mut self.of_keys).into_iter().partition(|(key, _)| is_there(key));
        self.of_keys = kept;
        let gone: HashMap<Key, Vec<Weak<AtomicBool>>> = gone;
        gone.into_values().for_each(mark);
    }
}

fn mark(watchers: Vec<Weak<AtomicBool>>) {
    for changed in watchers.iter().filter_map(Weak::upgrade) {
        changed.store(true, Ordering::Relaxed);
    }
}
