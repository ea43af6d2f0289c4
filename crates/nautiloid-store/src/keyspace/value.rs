//! What a key can hold. A later type gets its variant here and its commands a file in `commands/`.

use std::collections::VecDeque;

use indexmap::{IndexMap, IndexSet};

use super::sorted_set::SortedSet;
use super::stream::Stream;

/// A key, in memory of its own: a slice of the network buffer would keep all of that alive.
pub(crate) type Key = Box<[u8]>;

/// A hash. Indexed, so that a scan can go on where it stopped.
pub(crate) type Hash = IndexMap<Box<[u8]>, Box<[u8]>>;

/// A set. Indexed, so that a random member takes no walk.
pub(crate) type Set = IndexSet<Box<[u8]>>;

/// A list.
pub(crate) type List = VecDeque<Box<[u8]>>;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stored {
    /// A string; also what counters are.
    String(Vec<u8>),
    /// A hash; boxed, so that a string costs no room for it.
    Hash(Box<Hash>),
    /// A set.
    Set(Box<Set>),
    /// A sorted set.
    SortedSet(Box<SortedSet>),
    /// A list.
    List(Box<List>),
    /// A stream.
    Stream(Box<Stream>),
}

impl Stored {
    /// What `TYPE` answers.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Stored::String(_) => "string",
            Stored::Hash(_) => "hash",
            Stored::Set(_) => "set",
            Stored::SortedSet(_) => "zset",
            Stored::List(_) => "list",
            Stored::Stream(_) => "stream",
        }
    }
}

/// A type of value as a command wants it.
pub(crate) trait Kind: Sized {
    /// The value of this type, `None` when it is of another.
    fn of(stored: &Stored) -> Option<&Self>;
    /// As [`Kind::of`], to be changed.
    fn of_mut(stored: &mut Stored) -> Option<&mut Self>;
    /// An empty one.
    fn empty() -> Stored;
}

macro_rules! kind {
    ($type:ty, $variant:ident, $empty:expr) => {
        impl Kind for $type {
            fn of(stored: &Stored) -> Option<&Self> {
                if let Stored::$variant(value) = stored { Some(value) } else { None }
            }
            fn of_mut(stored: &mut Stored) -> Option<&mut Self> {
                if let Stored::$variant(value) = stored { Some(value) } else { None }
            }
            fn empty() -> Stored {
                $empty
            }
        }
    };
}

kind!(Vec<u8>, String, Stored::String(Vec::new()));
kind!(Hash, Hash, Stored::Hash(Box::default()));
kind!(Set, Set, Stored::Set(Box::default()));
kind!(SortedSet, SortedSet, Stored::SortedSet(Box::default()));
kind!(List, List, Stored::List(Box::default()));
kind!(Stream, Stream, Stored::Stream(Box::default()));
