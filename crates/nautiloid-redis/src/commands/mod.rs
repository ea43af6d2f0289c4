//! The table of commands: one row a function of the Lua module `nauthilus_redis`.
//!
//! A row says how Lua arguments become a request, how the reply becomes results, and what to tell people about it. The
//! Lua binding and the reference page are made from these rows, so adding a command is adding a row to its group.
//!
//! Source: the specification of the module; what it leaves open is in `docs/differences.md`.

mod hashes;
mod keys;
mod pools;
pub mod reference;
mod scripts;
mod sets;
mod strings;

/// A function of the Lua module.
#[derive(Debug)]
pub struct Command {
    /// Its name in Lua: `redis_get`.
    pub name: &'static str,
    /// Its parameters, in order.
    pub params: &'static [Param],
    /// What it does.
    pub action: Action,
    /// What people are told about it.
    pub doc: Doc,
}

/// What a function does with its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Sends one Redis command.
    Send(RedisCommand),
    /// Something that is more than one command and a conversion.
    Special(Special),
}

/// One Redis command, and how its reply becomes the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RedisCommand {
    /// `HGETALL`
    pub redis: &'static str,
    /// How the reply becomes the results.
    pub reply: Reply,
    /// Whether it changes data.
    pub access: Access,
    /// Where it goes in a cluster.
    pub spread: Spread,
}

/// Functions with code of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// `register_redis_pool`
    RegisterPool,
    /// `get_redis_connection`
    GetConnection,
    /// `redis_upload_script`: `SCRIPT LOAD`
    UploadScript,
    /// `redis_run_script`: `EVAL` or `EVALSHA`
    RunScript,
    /// `redis_scan`: `SCAN`, one step of it
    Scan,
}

/// Whether a command changes data: which servers may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Changes nothing.
    Read,
    /// Changes something: only a master can do it.
    Write,
    /// For the master where the pool has one, though nobody knows that it changes anything: a script. A pool for
    /// reading leaves the judgement to its server.
    Master,
}

/// Which nodes of a cluster a command goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// The node that has the slot of its keys. Keys in several slots are refused before anything is sent.
    OneSlot,
    /// Each key by itself: the keys of one slot go to its node together, and the replies are joined.
    Keys(Join),
    /// All masters, whatever the command's arguments are; the replies are joined.
    Masters(Join),
}

/// How the replies of several nodes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// Arrays with an element a key, in the order of the keys.
    ByKey,
    /// Arrays one after the other.
    Concat,
    /// Numbers are added.
    Sum,
    /// All say the same: `OK`.
    Same,
}

/// A parameter.
#[derive(Debug)]
pub struct Param {
    /// Its name, as the reference shows it.
    pub name: &'static str,
    /// What Lua values it takes and what they become.
    pub shape: Shape,
}

/// What Lua values a parameter takes, and which arguments of the Redis command they become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `"default"` or a handle: where to send the command.
    Handle,
    /// The name of a key: a string; a number is taken as its digits. One argument.
    Key,
    /// One or more names of keys, or one table of them. An argument each.
    Keys,
    /// Names of keys and values in turn, or one table key → value. Two arguments each.
    KeyPairs,
    /// A string; a number is taken as its digits. One argument.
    Text,
    /// A string, number or boolean. One argument.
    Value,
    /// An integer. One argument.
    Integer,
    /// A number. One argument.
    Number,
    /// Optional seconds; more than zero become `EX seconds`.
    Expiration,
    /// One or more values, or one table of them. An argument each.
    Values,
    /// One or more strings, or one table of them. An argument each.
    Texts,
    /// Fields and values in turn, or one table field → value. Two arguments each.
    Pairs,
    /// Optional string; becomes the option of that name and the string.
    TextOption(&'static str),
    /// Optional integer; becomes the option of that name and the integer.
    IntegerOption(&'static str),
    /// Optional name of the Lua type to convert the reply to; no argument.
    ReplyType,
    /// Where a scan goes on; specials read it themselves.
    Cursor,
    /// A string that may be empty; specials read it themselves.
    Source,
    /// An array of strings; specials read it themselves.
    List,
    /// A table of options; specials read it themselves.
    Options,
}

impl Shape {
    /// Whether it takes all arguments that are left.
    fn is_open_ended(self) -> bool {
        matches!(self, Shape::Keys | Shape::KeyPairs | Shape::Values | Shape::Texts | Shape::Pairs)
    }
}

/// How a reply becomes the results of a function. An error reply is always `nil` and its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The status as a string: `"OK"`.
    Status,
    /// A number.
    Number,
    /// A number that Redis sends as a string.
    Float,
    /// A string, or what [`Shape::ReplyType`] asks for; nil is the error `redis: nil`.
    Text,
    /// `1` is `true`, `0` is `false`.
    Boolean,
    /// `1` is `"OK"`, `0` is `false`.
    OkOrFalse,
    /// `"OK"`, no error, and the number as the third result.
    OkAndNumber,
    /// Fields and values in turn become a table field → value.
    Map,
    /// An array of strings.
    Array,
    /// An array with an element a key of the request becomes a table key → string, without the keys that have none.
    ByKey,
}

/// What people are told about a function; parameters, results and errors that follow from the row are derived.
#[derive(Debug)]
pub struct Doc {
    /// One sentence.
    pub summary: &'static str,
    /// What the first result is when all went well.
    pub returns: &'static str,
    /// Whatever else one has to know; may be empty.
    pub notes: &'static str,
    /// A call with what it gives.
    pub example: &'static str,
}

/// What a missing key, field or member gives as the error: scripts in the field test for this very string.
pub const NIL_ERROR: &str = "redis: nil";

const HANDLE: Param = Param { name: "handle", shape: Shape::Handle };
const KEY: Param = Param { name: "key", shape: Shape::Key };
const FIELD: Param = Param { name: "field", shape: Shape::Text };

const fn param(name: &'static str, shape: Shape) -> Param {
    Param { name, shape }
}

const fn read(redis: &'static str, reply: Reply) -> Action {
    read_over(Spread::OneSlot, redis, reply)
}

const fn read_over(spread: Spread, redis: &'static str, reply: Reply) -> Action {
    Action::Send(RedisCommand { redis, reply, access: Access::Read, spread })
}

const fn write(redis: &'static str, reply: Reply) -> Action {
    write_over(Spread::OneSlot, redis, reply)
}

const fn write_over(spread: Spread, redis: &'static str, reply: Reply) -> Action {
    Action::Send(RedisCommand { redis, reply, access: Access::Write, spread })
}

/// A group of functions, as the reference shows them.
#[derive(Debug)]
pub struct Group {
    /// Its title.
    pub title: &'static str,
    /// Its functions.
    pub commands: &'static [Command],
}

/// The table.
pub const GROUPS: &[Group] = &[
    Group { title: "Pools", commands: pools::COMMANDS },
    Group { title: "Values", commands: strings::COMMANDS },
    Group { title: "Keys", commands: keys::COMMANDS },
    Group { title: "Hashes", commands: hashes::COMMANDS },
    Group { title: "Sets", commands: sets::COMMANDS },
    Group { title: "Scripts", commands: scripts::COMMANDS },
];

/// Every function of the table.
pub fn all() -> impl Iterator<Item = &'static Command> {
    GROUPS.iter().flat_map(|group| group.commands)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_consistent() {
        let mut names = std::collections::HashSet::new();
        for command in all() {
            let name = command.name;
            assert!(names.insert(name), "{name} is there twice");
            let sends = matches!(command.action, Action::Send(_));
            let shapes: Vec<_> = command.params.iter().map(|param| param.shape).collect();
            assert!(!sends || shapes.first() == Some(&Shape::Handle), "{name} has no handle");
            let open = shapes.iter().position(|shape| shape.is_open_ended());
            assert!(open.is_none_or(|at| at + 1 == shapes.len()), "{name}: an open-ended parameter must be the last");
            let splits = matches!(command.action, Action::Send(RedisCommand { spread: Spread::Keys(_), .. }));
            let has_keys = shapes.iter().any(|shape| matches!(shape, Shape::Keys | Shape::KeyPairs));
            assert_eq!(
                splits, has_keys,
                "{name}: what is split by keys has any number of them, and the other way round"
            );
            assert!(!command.doc.summary.is_empty() && command.doc.summary.ends_with('.'), "{name}: summary");
            assert!(!command.doc.returns.is_empty() && !command.doc.example.is_empty(), "{name}: documentation");
        }
        assert_eq!(names.len(), 29, "the specification has 21 functions and two for pools, and scripts know six more");
    }
}
