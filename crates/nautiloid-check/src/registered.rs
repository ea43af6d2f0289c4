//! Names that some scripts register and others ask for: those of pools, and of scripts that run inside Redis.

use std::collections::BTreeSet;

use nautiloid_redis::DEFAULT_POOL;
use nautiloid_redis::commands::nearest::nearest;

use crate::finding::{Finding, Lines, Position};
use crate::rules::{Rule, UNKNOWN_POOL, UNKNOWN_SCRIPT};

/// What a site registers.
#[derive(Debug)]
pub struct Registered {
    pools: Names,
    scripts: Names,
}

/// The names of one kind.
#[derive(Debug, Default)]
struct Names {
    names: BTreeSet<String>,
    /// Some are registered under names that only a run would show.
    others: bool,
}

impl Default for Registered {
    fn default() -> Self {
        let pools = Names { names: BTreeSet::from([DEFAULT_POOL.to_owned()]), others: false };
        Registered { pools, scripts: Names::default() }
    }
}

impl Registered {
    /// Adds a script that the configuration registers.
    pub fn add_script(&mut self, name: &str) {
        self.scripts.names.insert(name.to_owned());
    }

    fn of(&self, kind: Kind) -> &Names {
        match kind {
            Kind::Pool => &self.pools,
            Kind::Script => &self.scripts,
        }
    }
}

/// What has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Pool,
    Script,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Pool => "pool",
            Kind::Script => "script",
        }
    }

    fn rule(self) -> &'static Rule {
        match self {
            Kind::Pool => &UNKNOWN_POOL,
            Kind::Script => &UNKNOWN_SCRIPT,
        }
    }

    fn how(self) -> &'static str {
        match self {
            Kind::Pool => "call register_redis_pool in an init script",
            Kind::Script => "call redis_upload_script in an init script, or name it under [[redis_scripts]]",
        }
    }
}

/// What one script does with names; `P` is how it says where.
#[derive(Debug)]
pub(crate) struct NameUses<P = Position> {
    /// `None` for a name that only a run would show.
    registered: Vec<(Kind, Option<String>)>,
    wanted: Vec<(Kind, String, P)>,
}

impl<P> Default for NameUses<P> {
    fn default() -> Self {
        NameUses { registered: Vec::new(), wanted: Vec::new() }
    }
}

impl NameUses<usize> {
    pub(crate) fn registers(&mut self, kind: Kind, name: Option<&str>) {
        self.registered.push((kind, name.map(str::to_owned)));
    }

    pub(crate) fn wants(&mut self, kind: Kind, name: &str, at: usize) {
        self.wanted.push((kind, name.to_owned(), at));
    }

    pub(crate) fn at_positions(self, lines: &Lines<'_>) -> NameUses {
        let wanted = self.wanted.into_iter().map(|(kind, name, at)| (kind, name, lines.position(at))).collect();
        NameUses { registered: self.registered, wanted }
    }
}

impl NameUses {
    pub(crate) fn add_to(&self, registered: &mut Registered) {
        for (kind, name) in &self.registered {
            let names = match kind {
                Kind::Pool => &mut registered.pools,
                Kind::Script => &mut registered.scripts,
            };
            match name {
                Some(name) => _ = names.names.insert(name.clone()),
                None => names.others = true,
            }
        }
    }

    /// Names that are asked for and that nobody registers.
    pub(crate) fn unknown(&self, registered: &Registered) -> Vec<Finding> {
        let unknown = self.wanted.iter().filter(|(kind, name, _)| {
            let names = registered.of(*kind);
            !names.others && !names.names.contains(name)
        });
        unknown
            .map(|(kind, name, position)| {
                let what = kind.name();
                let hint = match nearest(name, registered.of(*kind).names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean '{near}'?"),
                    None => kind.how().to_owned(),
                };
                let message = format!("no {what} '{name}' is registered: {hint}");
                Finding { position: *position, rule: kind.rule(), message }
            })
            .collect()
    }
}
