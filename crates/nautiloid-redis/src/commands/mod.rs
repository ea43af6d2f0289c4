//! The table of commands: one row a function of the Lua module `nauthilus_redis`.
//!
//! A row says how Lua arguments become a request, how the reply becomes results, and what to tell people about it. The
//! Lua binding, pipelines, the reference and its tests, and the tools for authors are made from these rows, so adding a
//! command is adding a row to its group.
//!
//! Source: the specification of the module; what it leaves open is in `docs/differences.md`.

mod batches;
mod encryption;
mod hashes;
mod hyperloglog;
mod keys;
mod lists;
pub mod nearest;
mod pools;
mod publish;
mod reply;
mod row;
mod scripts;
mod sets;
mod shape;
mod sorted_sets;
mod streams;
mod strings;

use std::sync::OnceLock;

pub use reply::{NIL_ERROR, Reply};
pub use row::{Access, Action, Command, Doc, Join, NAME_PREFIX, RedisCommand, Special, Spread};
use shape::{COUNT, CURSOR, FIELD, HANDLE, KEY, LIMIT_COUNT, MATCH, OFFSET, choice, flag, param};
pub use shape::{Choice, LIMIT, Param, Shape, Takes};

const fn read(redis: &'static str, reply: Reply) -> Action {
    read_over(Spread::OneSlot, redis, reply)
}

const fn read_over(spread: Spread, redis: &'static str, reply: Reply) -> Action {
    Action::Send(RedisCommand { redis, last: None, reply, access: Access::Read, spread })
}

const fn read_ending_with(last: &'static str, redis: &'static str, reply: Reply) -> Action {
    Action::Send(RedisCommand { redis, last: Some(last), reply, access: Access::Read, spread: Spread::OneSlot })
}

/// A step with a cursor.
const fn step(redis: &'static str, reply: Reply) -> Action {
    Action::Send(RedisCommand { redis, last: None, reply, access: Access::Step, spread: Spread::OneSlot })
}

const fn write(redis: &'static str, reply: Reply) -> Action {
    write_over(Spread::OneSlot, redis, reply)
}

const fn write_over(spread: Spread, redis: &'static str, reply: Reply) -> Action {
    Action::Send(RedisCommand { redis, last: None, reply, access: Access::Write, spread })
}

/// A group of functions, as the reference shows them.
#[derive(Debug)]
pub struct Group {
    /// Its title; in lower case it is the name of its page.
    pub title: &'static str,
    /// What it is about, in a sentence or two.
    pub about: &'static str,
    /// Its functions.
    pub commands: &'static [Command],
}

/// The table.
pub const GROUPS: &[Group] = &[
    Group {
        title: "Pools",
        about: "Where data is: pools of connections, and their handles.",
        commands: pools::COMMANDS,
    },
    Group { title: "Values", about: "One string or number under a key.", commands: strings::COMMANDS },
    Group { title: "Keys", about: "Whole keys, whatever they hold.", commands: keys::COMMANDS },
    Group { title: "Hashes", about: "Fields and values under one key.", commands: hashes::COMMANDS },
    Group { title: "Sets", about: "Members without order or repetition under one key.", commands: sets::COMMANDS },
    Group {
        title: "Sorted sets",
        about: "Members with a score each, in the order of the scores, under one key.",
        commands: sorted_sets::COMMANDS,
    },
    Group {
        title: "Lists",
        about: "Elements in the order they were put there, under one key.",
        commands: lists::COMMANDS,
    },
    Group {
        title: "Many commands",
        about: "Several commands at once, as a pipeline or as a transaction; and any command of Redis.",
        commands: batches::COMMANDS,
    },
    Group {
        title: "Encryption",
        about: "Texts that nobody who reads the database understands.",
        commands: encryption::COMMANDS,
    },
    Group { title: "Messages", about: "Messages to whoever listens at the moment.", commands: publish::COMMANDS },
    Group {
        title: "HyperLogLog",
        about: "About how many different values there were, however many, in 12 KiB at most.",
        commands: hyperloglog::COMMANDS,
    },
    Group {
        title: "Streams",
        about: "Entries with fields and values and ids that only grow, under one key.",
        commands: streams::COMMANDS,
    },
    Group { title: "Scripts", about: "Lua scripts that run inside Redis, all at once.", commands: scripts::COMMANDS },
];

/// Every function of the table.
pub fn all() -> impl Iterator<Item = &'static Command> {
    GROUPS.iter().flat_map(|group| group.commands)
}

/// The row of that name, `redis_get` for example.
pub fn find(name: &str) -> Option<&'static Command> {
    all().find(|command| command.name == name)
}

/// The row of that short name, `get` for example.
pub fn find_short(name: &str) -> Option<&'static Command> {
    // Sorted rather than hashed: seven looks at short names cost less than the hash of one.
    static ROWS: OnceLock<Vec<(&'static str, &'static Command)>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        let mut rows: Vec<_> = all().map(|command| (command.short_name(), command)).collect();
        rows.sort_unstable_by_key(|(name, _)| *name);
        rows
    });
    let place = rows.binary_search_by_key(&name, |(name, _)| *name).ok()?;
    rows.get(place).map(|(_, command)| *command)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_there_once() {
        let mut names = HashSet::new();
        let mut short_names = HashSet::new();
        for command in all() {
            assert!(names.insert(command.name), "{} is there twice", command.name);
            assert!(short_names.insert(command.short_name()), "{} is there twice", command.short_name());
        }
        assert_eq!(find("redis_get").map(|command| command.short_name()), Some("get"));
    }

    #[test]
    fn parameters_fit_each_other() {
        for command in all() {
            let name = command.name;
            let sends = matches!(command.action, Action::Send(_));
            let shapes: Vec<_> = command.params.iter().map(|param| param.shape).collect();
            assert!(!sends || shapes.first() == Some(&Shape::Handle), "{name} has no handle");
            let open = shapes.iter().position(|shape| shape.is_open_ended());
            assert!(open.is_none_or(|at| at + 1 == shapes.len()), "{name}: an open-ended parameter must be the last");
            let optional = shapes.iter().position(|shape| shape.is_optional()).unwrap_or(shapes.len());
            assert!(
                shapes[optional..].iter().all(|shape| shape.is_optional()),
                "{name}: what comes after an optional parameter must be optional"
            );
            if let Action::Send(RedisCommand { spread: Spread::Keys(_), .. }) = command.action {
                let has_keys = shapes.iter().any(|shape| matches!(shape, Shape::Keys | Shape::KeyPairs));
                assert!(has_keys, "{name}: only a command with any number of keys can be split by them");
            }
        }
    }

    #[test]
    fn every_row_is_documented() {
        for group in GROUPS {
            assert!(group.about.ends_with('.'), "{}", group.title);
            for Command { name, params, doc, action } in group.commands {
                assert!(doc.summary.ends_with('.'), "{name}: the summary is a sentence");
                assert!(!doc.returns.is_empty() && !doc.returns.ends_with('.'), "{name}: what it returns");
                assert!(doc.example.iter().any(|line| line.contains(" --> ")), "{name}: an example with what it gives");
                let choices = params.iter().flat_map(|param| param.shape.choices());
                for choice in choices {
                    assert!(!choice.about.is_empty() && !choice.about.ends_with('.'), "{name}: option {}", choice.name);
                }
                let local = matches!(action, Action::Special(special) if special.is_local());
                assert!(local || !doc.complexity.is_empty(), "{name}: the time it takes");
            }
        }
    }
}
