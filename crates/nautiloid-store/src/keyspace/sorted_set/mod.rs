//! A sorted set: members with scores, in the order of the scores and, where these are equal, of the members' bytes.
//!
//! A map gives the score of a member at once; a sequence of the map's indices knows the order. So a member is in memory
//! once, and its rank and any range take time in the logarithm of the number of members.

mod sequence;

use std::cmp::Ordering;
use std::ops::Range;

use indexmap::IndexMap;

use sequence::Sequence;

/// A sorted set.
#[derive(Debug, Clone, Default)]
pub(crate) struct SortedSet {
    scores: IndexMap<Box<[u8]>, f64>,
    order: Sequence,
}

/// The order follows from the scores.
impl PartialEq for SortedSet {
    fn eq(&self, other: &Self) -> bool {
        self.scores == other.scores
    }
}

/// A member with its score.
pub(crate) type Scored<'a> = (&'a [u8], f64);

impl SortedSet {
    pub(crate) fn len(&self) -> usize {
        self.scores.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// The score of a member.
    pub(crate) fn score(&self, member: &[u8]) -> Option<f64> {
        self.scores.get(member).copied()
    }

    /// Sets the score of a member, which is new or not.
    pub(crate) fn insert(&mut self, member: &[u8], score: f64) {
        // A negative zero is a zero, as in Redis' compact form.
        let score = if score == 0.0 { 0.0 } else { score };
        let index = match self.scores.get_index_of(member) {
            Some(index) => {
                let position = self.position(index);
                self.order.remove(position);
                self.scores[index] = score;
                index
            }
            None => self.scores.insert_full(member.into(), score).0,
        };
        let position = self.position(index);
        self.order.insert(position, u32::try_from(index).unwrap_or(u32::MAX));
    }

    /// Removes a member; `false` when there is none.
    pub(crate) fn remove(&mut self, member: &[u8]) -> bool {
        let Some(index) = self.scores.get_index_of(member) else { return false };
        let position = self.position(index);
        self.order.remove(position);
        let last = self.scores.len() - 1;
        if index != last {
            // The last member will take this one's index.
            let position = self.position(last);
            self.order.set(position, u32::try_from(index).unwrap_or(u32::MAX));
        }
        self.scores.swap_remove_index(index);
        true
    }

    /// How many members come before this one.
    pub(crate) fn rank(&self, member: &[u8]) -> Option<usize> {
        self.scores.get_index_of(member).map(|index| self.position(index))
    }

    /// How many members from the first on satisfy `is_before`, which is true of the first ones only.
    pub(crate) fn count_before(&self, is_before: impl Fn(&[u8], f64) -> bool) -> usize {
        self.order.partition_point(|index| self.at(index).is_some_and(|(member, score)| is_before(member, score)))
    }

    /// The members of these ranks, in order.
    pub(crate) fn range(&self, ranks: Range<usize>) -> Vec<Scored<'_>> {
        self.order.range(ranks).into_iter().filter_map(|index| self.at(index)).collect()
    }

    /// All members in an order of their own, in which `get_index` and scans find them.
    pub(crate) fn members(&self) -> &IndexMap<Box<[u8]>, f64> {
        &self.scores
    }

    fn at(&self, index: u32) -> Option<Scored<'_>> {
        self.scores.get_index(index as usize).map(|(member, score)| (&**member, *score))
    }

    /// Where the member of that index is in the order, or belongs.
    fn position(&self, index: usize) -> usize {
        let Some((member, score)) = self.scores.get_index(index) else { return 0 };
        self.count_before(|other, other_score| compare((other, other_score), (member, *score)) == Ordering::Less)
    }
}

/// The order of a sorted set.
fn compare(a: Scored<'_>, b: Scored<'_>) -> Ordering {
    a.1.total_cmp(&b.1).then_with(|| a.0.cmp(b.0))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::SortedSet;

    proptest! {
        #[test]
        fn keeps_its_order(steps in proptest::collection::vec((any::<bool>(), 0..40u8, -4..4i8), 0..400)) {
            let (mut set, mut model) = (SortedSet::default(), BTreeMap::new());
            for (remove, member, score) in steps {
                if remove {
                    prop_assert_eq!(set.remove(&[member]), model.remove(&member).is_some());
                } else {
                    set.insert(&[member], f64::from(score));
                    model.insert(member, score);
                }
            }
            let mut expected: Vec<_> = model.iter().map(|(member, score)| (*score, *member)).collect();
            expected.sort_unstable();
            let found: Vec<_> = set.range(0..set.len()).iter().map(|(member, score)| (*score as i8, member[0])).collect();
            prop_assert_eq!(&found, &expected);
            for (rank, (score, member)) in expected.iter().enumerate() {
                prop_assert_eq!(set.rank(&[*member]), Some(rank));
                prop_assert_eq!(set.score(&[*member]), Some(f64::from(*score)));
            }
        }
    }
}
