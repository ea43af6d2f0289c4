//! A sequence of numbers that knows every position: inserting, removing and finding take time in the logarithm of its
//! length. A treap: a binary tree in the order of the sequence and at the same time a heap of random priorities, which
//! keeps it flat whatever comes in whichever order.
//!
//! Its nodes are in one vector and refer to each other by index, so it needs neither `unsafe` nor counting.

use std::ops::Range;

/// No node.
const NONE: u32 = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Node {
    item: u32,
    priority: u32,
    /// Number of nodes in the tree of which this is the root.
    size: u32,
    left: u32,
    right: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Sequence {
    nodes: Vec<Node>,
    /// Places in `nodes` that are free.
    free: Vec<u32>,
    root: u32,
}

impl Default for Sequence {
    fn default() -> Self {
        Sequence { nodes: Vec::new(), free: Vec::new(), root: NONE }
    }
}

impl Sequence {
    pub(super) fn len(&self) -> usize {
        self.size(self.root) as usize
    }

    /// Puts `item` at `position`; what is there and behind moves on.
    pub(super) fn insert(&mut self, position: usize, item: u32) {
        let node = Node { item, priority: fastrand::u32(..), size: 1, left: NONE, right: NONE };
        let new = match self.free.pop() {
            Some(place) => {
                self.nodes[place as usize] = node;
                place
            }
            None => {
                self.nodes.push(node);
                u32::try_from(self.nodes.len() - 1).unwrap_or(NONE)
            }
        };
        let (before, after) = self.split(self.root, position);
        let with = self.merge(before, new);
        self.root = self.merge(with, after);
    }

    /// Takes the item at `position` out.
    pub(super) fn remove(&mut self, position: usize) -> Option<u32> {
        if position >= self.len() {
            return None;
        }
        let (before, rest) = self.split(self.root, position);
        let (this, after) = self.split(rest, 1);
        self.root = self.merge(before, after);
        self.free.push(this);
        Some(self.nodes[this as usize].item)
    }

    /// Replaces the item at `position`.
    pub(super) fn set(&mut self, position: usize, item: u32) {
        let (mut at, mut position) = (self.root, position);
        while at != NONE {
            let Node { left, right, .. } = self.nodes[at as usize];
            let before = self.size(left) as usize;
            match position.cmp(&before) {
                std::cmp::Ordering::Less => at = left,
                std::cmp::Ordering::Equal => {
                    self.nodes[at as usize].item = item;
                    return;
                }
                std::cmp::Ordering::Greater => {
                    position -= before + 1;
                    at = right;
                }
            }
        }
    }

    /// How many items from the start on satisfy `is_before`, which is true of the first ones only.
    pub(super) fn partition_point(&self, is_before: impl Fn(u32) -> bool) -> usize {
        let (mut at, mut count) = (self.root, 0);
        while at != NONE {
            let Node { item, left, right, .. } = self.nodes[at as usize];
            if is_before(item) {
                count += self.size(left) as usize + 1;
                at = right;
            } else {
                at = left;
            }
        }
        count
    }

    /// The items at these positions, in order.
    pub(super) fn range(&self, range: Range<usize>) -> Vec<u32> {
        let mut found = Vec::with_capacity(range.len().min(self.len()));
        self.collect(self.root, 0, &range, &mut found);
        found
    }

    /// Adds the items of the tree at `at`, which begins at position `start`.
    fn collect(&self, at: u32, start: usize, range: &Range<usize>, found: &mut Vec<u32>) {
        if at == NONE || start >= range.end || start + self.size(at) as usize <= range.start {
            return;
        }
        let Node { item, left, right, .. } = self.nodes[at as usize];
        self.collect(left, start, range, found);
        let position = start + self.size(left) as usize;
        if range.contains(&position) {
            found.push(item);
        }
        self.collect(right, position + 1, range, found);
    }

    fn size(&self, at: u32) -> u32 {
        self.nodes.get(at as usize).map_or(0, |node| node.size)
    }

    fn resize(&mut self, at: u32) {
        let Node { left, right, .. } = self.nodes[at as usize];
        self.nodes[at as usize].size = self.size(left) + self.size(right) + 1;
    }

    /// The tree of the first `count` nodes, and that of the others.
    fn split(&mut self, at: u32, count: usize) -> (u32, u32) {
        if at == NONE {
            return (NONE, NONE);
        }
        let Node { left, right, .. } = self.nodes[at as usize];
        let before = self.size(left) as usize;
        if count <= before {
            let (first, second) = self.split(left, count);
            self.nodes[at as usize].left = second;
            self.resize(at);
            (first, at)
        } else {
            let (first, second) = self.split(right, count - before - 1);
            self.nodes[at as usize].right = first;
            self.resize(at);
            (at, second)
        }
    }

    /// One tree of both: all of `first` before all of `second`.
    fn merge(&mut self, first: u32, second: u32) -> u32 {
        if first == NONE {
            return second;
        }
        if second == NONE {
            return first;
        }
        if self.nodes[first as usize].priority >= self.nodes[second as usize].priority {
            let right = self.nodes[first as usize].right;
            let merged = self.merge(right, second);
            self.nodes[first as usize].right = merged;
            self.resize(first);
            first
        } else {
            let left = self.nodes[second as usize].left;
            let merged = self.merge(first, left);
            self.nodes[second as usize].left = merged;
            self.resize(second);
            second
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Sequence;

    proptest! {
        #[test]
        fn is_what_a_vector_is(steps in proptest::collection::vec((0..4u8, any::<u16>()), 0..300)) {
            let (mut sequence, mut vector) = (Sequence::default(), Vec::new());
            for (n, (kind, place)) in (0..).zip(steps) {
                let place = usize::from(place) % (vector.len() + 1);
                match kind {
                    0 if place < vector.len() => prop_assert_eq!(sequence.remove(place), Some(vector.remove(place))),
                    1 if place < vector.len() => {
                        sequence.set(place, n);
                        vector[place] = n;
                    }
                    _ => {
                        sequence.insert(place, n);
                        vector.insert(place, n);
                    }
                }
                prop_assert_eq!(sequence.len(), vector.len());
            }
            prop_assert_eq!(&sequence.range(0..vector.len() + 5), &vector);
            let middle = vector.len() / 3..vector.len() / 2;
            prop_assert_eq!(&sequence.range(middle.clone()), &vector[middle]);
            prop_assert_eq!(sequence.remove(vector.len()), None);
        }
    }

    #[test]
    fn stays_flat_and_finds_by_order() {
        let mut sequence = Sequence::default();
        for n in 0..100_000 {
            sequence.insert(sequence.len(), n);
        }
        assert_eq!(sequence.partition_point(|n| n < 77_777), 77_777);
        assert_eq!(sequence.partition_point(|_| true), 100_000);
        assert_eq!(sequence.partition_point(|_| false), 0);
        fn depth(sequence: &Sequence, at: u32) -> usize {
            sequence.nodes.get(at as usize).map_or(0, |n| 1 + depth(sequence, n.left).max(depth(sequence, n.right)))
        }
        assert!(depth(&sequence, sequence.root) < 80, "{}", depth(&sequence, sequence.root));
    }
}
