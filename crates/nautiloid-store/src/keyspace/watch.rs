//! Who watches which key. A change to a watched key marks its watchers; nobody watching costs a look at an empty map.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use super::value::Key;

/// Set when one of the keys that a session watches has changed.
pub(crate) type Changed = Arc<AtomicBool>;

/// The watchers of the keys of one database.
#[derive(Debug, Default)]
pub(super) struct Watchers(HashMap<Key, Vec<Weak<AtomicBool>>>);

impl Watchers {
    pub(super) fn add(&mut self, key: &[u8], changed: &Changed) {
        self.0.entry(key.into()).or_default().push(Arc::downgrade(changed));
    }

    pub(super) fn remove(&mut self, key: &[u8], changed: &Changed) {
        if let Some(watchers) = self.0.get_mut(key) {
            watchers.retain(|watcher| !std::ptr::eq(watcher.as_ptr(), Arc::as_ptr(changed)));
            if watchers.is_empty() {
                self.0.remove(key);
            }
        }
    }

    /// A key was changed. Whoever watched it needs to hear of it only once.
    pub(super) fn touch(&mut self, key: &[u8]) {
        if !self.0.is_empty()
            && let Some(watchers) = self.0.remove(key)
        {
            mark(watchers);
        }
    }

    /// All keys go; those that are not there are not changed by that.
    pub(super) fn touch_all(&mut self, is_there: impl Fn(&[u8]) -> bool) {
        let (gone, kept) = std::mem::take(&mut self.0).into_iter().partition(|(key, _)| is_there(key));
        self.0 = kept;
        let gone: HashMap<Key, Vec<Weak<AtomicBool>>> = gone;
        gone.into_values().for_each(mark);
    }
}

fn mark(watchers: Vec<Weak<AtomicBool>>) {
    for changed in watchers.iter().filter_map(Weak::upgrade) {
        changed.store(true, Ordering::Relaxed);
    }
}
