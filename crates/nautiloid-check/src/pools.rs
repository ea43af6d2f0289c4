//! Names of pools: which are registered, and which are asked for.

use std::collections::BTreeSet;

use nautiloid_redis::DEFAULT_POOL;
use nautiloid_redis::commands::nearest::nearest;

use crate::finding::{Finding, Lines, Position};
use crate::rules::UNKNOWN_POOL;

/// The pools that scripts register.
#[derive(Debug, Default)]
pub struct KnownPools {
    names: BTreeSet<String>,
    /// Some are registered under names that only a run would show.
    others: bool,
}

/// What one script does with names of pools; `P` is how it says where.
#[derive(Debug)]
pub(crate) struct PoolUses<P = Position> {
    pub(crate) registered: Vec<String>,
    pub(crate) registers_others: bool,
    pub(crate) wanted: Vec<(String, P)>,
}

impl<P> Default for PoolUses<P> {
    fn default() -> Self {
        PoolUses { registered: Vec::new(), registers_others: false, wanted: Vec::new() }
    }
}

impl PoolUses<usize> {
    pub(crate) fn at_positions(self, lines: &Lines<'_>) -> PoolUses {
        let PoolUses { registered, registers_others, wanted } = self;
        let wanted = wanted.into_iter().map(|(name, at)| (name, lines.position(at))).collect();
        PoolUses { registered, registers_others, wanted }
    }
}

impl PoolUses {
    pub(crate) fn add_to(&self, known: &mut KnownPools) {
        known.names.extend(self.registered.iter().cloned());
        known.others |= self.registers_others;
    }

    pub(crate) fn unknown(&self, known: &KnownPools) -> Vec<Finding> {
        if known.others {
            return Vec::new();
        }
        let names = || known.names.iter().map(String::as_str).chain([DEFAULT_POOL]);
        let unknown = self.wanted.iter().filter(|(wanted, _)| !names().any(|name| name == wanted));
        unknown
            .map(|(wanted, position)| {
                let message = match nearest(wanted, names()) {
                    Some(near) => format!("no pool '{wanted}' is registered: did you mean '{near}'?"),
                    None => format!("no pool '{wanted}' is registered: call register_redis_pool in an init script"),
                };
                Finding { position: *position, rule: &UNKNOWN_POOL, message }
            })
            .collect()
    }
}
