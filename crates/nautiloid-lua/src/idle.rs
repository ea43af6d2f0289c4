//! Coroutines with nothing to do, kept in lists for what may need them again: one for each program, and one for all else.
//!
//! How many there are in all is bounded. Where there are too many, the lists lose some in turn, so that hooks which have
//! gone quiet leave the room to the busy ones; but each keeps its last, so that a server with very many hooks makes no
//! coroutine for each request.

/// How many are kept in all, besides the last of each list.
const KEPT: usize = 1024;

/// How many lists are looked at, at a time, for one that has more than its last: any number of lists costs the same.
const LOOKS: usize = 8;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ListId(usize);

/// The lists.
pub(crate) struct Idle<T> {
    lists: Vec<Vec<T>>,
    count: usize,
    /// The list that is the next to lose one.
    next: usize,
}

impl<T> Default for Idle<T> {
    fn default() -> Self {
        Idle { lists: Vec::new(), count: 0, next: 0 }
    }
}

impl<T> Idle<T> {
    /// A new list.
    pub(crate) fn list(&mut self) -> ListId {
        self.lists.push(Vec::new());
        ListId(self.lists.len() - 1)
    }

    /// The last that came, which is the likeliest to be in the processor's cache.
    pub(crate) fn take(&mut self, list: ListId) -> Option<T> {
        let taken = self.lists.get_mut(list.0)?.pop()?;
        self.count -= 1;
        Some(taken)
    }

    /// Keeps one more.
    pub(crate) fn keep(&mut self, list: ListId, item: T) {
        let Some(list) = self.lists.get_mut(list.0) else { return };
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
        let mut idle = Idle::default();
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
        let mut idle = Idle::default();
        let lists: Vec<ListId> = (0..5 * KEPT).map(|_| idle.list()).collect();
        for list in &lists {
            idle.keep(*list, ());
        }
        assert!(lists.iter().all(|list| idle.take(*list).is_some()));
        assert_eq!(idle.count, 0);
    }
}
