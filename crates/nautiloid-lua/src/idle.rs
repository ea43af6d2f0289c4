//! Coroutines with nothing to do, kept in lists for what may need them again: one for each program, and one for all else.
//!
//! How many there are in all is bounded. Where there are too many, the lists lose some in turn, so that hooks which have
//! gone quiet leave the room to the busy ones; but each keeps its last, so that a server with very many hooks makes no
//! coroutine for each request.

use std::sync::atomic::{AtomicU64, Ordering};

/// How many are kept in all, besides the last of each list.
const KEPT: usize = 1024;

/// How many lists are looked at, at a time, for one that has more than its last: any number of lists costs the same.
const LOOKS: usize = 8;

/// Which list, of which lists: those of another VM are none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListId {
    owner: u64,
    index: usize,
}

/// The lists.
pub(crate) struct Idle<T> {
    owner: u64,
    lists: Vec<Vec<T>>,
    count: usize,
    /// The list that is the next to lose one.
    next: usize,
}

impl<T> Idle<T> {
    /// No lists yet.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Idle { owner: NEXT.fetch_add(1, Ordering::Relaxed), lists: Vec::new(), count: 0, next: 0 }
    }

    /// A new list.
    pub(crate) fn list(&mut self) -> ListId {
        self.lists.push(Vec::new());
        ListId { owner: self.owner, index: self.lists.len() - 1 }
    }

    /// The last that came, which is the likeliest to be in the processor's cache.
    pub(crate) fn take(&mut self, list: ListId) -> Option<T> {
        let taken = self.of(list)?.pop()?;
        self.count -= 1;
        Some(taken)
    }

    fn of(&mut self, list: ListId) -> Option<&mut Vec<T>> {
        if list.owner == self.owner { self.lists.get_mut(list.index) } else { None }
    }

    /// Keeps one more.
    pub(crate) fn keep(&mut self, list: ListId, item: T) {
        let Some(list) = self.of(list) else { return };
        list.push(item);
        self.count += 1;
        for _ in 0..LOOKS {
            if self.count <= KEPT {
                return;
            }
            self.next = (self.next + 1) % self.lists.len();
            if let Some(list) = self.lists.get_mut(self.next).filter(|list| list.len() > 1) {
                list.swap_remove(0);
                self.count -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_lists_leave_the_room_to_busy_ones() {
        let mut idle = Idle::new();
        let lists: Vec<ListId> = (0..100).map(|_| idle.list()).collect();
        for list in &lists {
            (0..50).for_each(|n| idle.keep(*list, n));
        }
        assert!(idle.count <= KEPT + LOOKS, "{}", idle.count);
        // A busy one gets all that it needs.
        let busy = lists[7];
        for _ in 0..20 {
            (0..500).for_each(|n| idle.keep(busy, n));
            while idle.take(busy).is_some() {}
        }
        (0..500).for_each(|n| idle.keep(busy, n));
        assert!(std::iter::from_fn(|| idle.take(busy)).count() > 450);
        assert!(lists.iter().filter(|list| **list != busy).all(|list| idle.take(*list).is_some()));
    }

    #[test]
    fn each_keeps_its_last_however_many_there_are() {
        let mut idle = Idle::new();
        let lists: Vec<ListId> = (0..5 * KEPT).map(|_| idle.list()).collect();
        for list in &lists {
            idle.keep(*list, ());
        }
        assert!(lists.iter().all(|list| idle.take(*list).is_some()));
        assert_eq!(idle.count, 0);
    }
}
