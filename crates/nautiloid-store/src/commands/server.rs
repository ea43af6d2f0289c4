//! Commands about the server as a whole.

use std::fmt::Write;

use bytes::Bytes;
use nautiloid_resp::Value;

use super::parse::{bulk, count, is, syntax};
use super::{Command, Kind, command, container, key_places, nothing_alone};
use crate::VERSION;
use crate::context::{Context, Outcome};
use crate::keyspace::{Database, Keyspace};

pub(super) const COMMANDS: &[Command] = &[
    command("info", -1, Kind::Other, info),
    command("dbsize", 1, Kind::Read, |context, _| Ok(count(context.db().len()))),
    command("flushdb", -1, Kind::Write, |context, args| {
        check_mode(args)?;
        context.db().clear();
        Ok(Value::OK)
    }),
    command("flushall", -1, Kind::Write, |context, args| {
        check_mode(args)?;
        context.keyspace.clear();
        Ok(Value::OK)
    }),
    command("time", 1, Kind::Other, time),
    container("command", -1, COMMAND, key_places::info),
    // Nobody can subscribe to an embedded store.
    command("publish", 3, Kind::Other, |_, _| Ok(Value::Integer(0))),
    container("config", -2, CONFIG, nothing_alone),
];

/// `ASYNC` and `SYNC` are the same here: freeing memory takes no other thread.
fn check_mode(args: &[Bytes]) -> Result<(), Value> {
    match args {
        [_] => Ok(()),
        [_, mode] if is(mode, "async") || is(mode, "sync") => Ok(()),
        _ => Err(syntax()),
    }
}

fn time(context: &mut Context<'_>, _: &[Bytes]) -> Outcome {
    let part = |n: u64| bulk(n.to_string().as_bytes());
    Ok(Value::Array(vec![part(context.now / 1000), part(context.now % 1000 * 1000)]))
}

/// What clients ask to learn of commands; `redis-cli` gets by without `DOCS`.
const COMMAND: &[Command] = &[
    command("command|count", 2, Kind::Other, |_, _| Ok(count(super::count()))),
    command("command|info", -2, Kind::Other, key_places::info),
    command("command|getkeys", -4, Kind::Other, key_places::keys_of),
    command("command|docs", -2, Kind::Other, |_, _| Ok(Value::Map(Vec::new()))),
];

/// There is nothing to configure: every pattern matches nothing.
const CONFIG: &[Command] = &[command("config|get", -3, Kind::NoScript, |_, _| Ok(Value::Map(Vec::new())))];

/// Writes the lines of a section.
type Section = fn(&Keyspace, &mut String);

const SECTIONS: [(&str, Section); 7] = [
    ("server", |_, out| {
        let _ = write!(
            out,
            "redis_version:{VERSION}\r\nredis_mode:standalone\r\nprocess_id:{}\r\nnautiloid_embedded:1\r\n",
            std::process::id()
        );
    }),
    ("clients", |keyspace, out| {
        let _ = write!(out, "connected_clients:{}\r\n", keyspace.counters.connected);
    }),
    ("memory", |_, out| {
        // Of the whole process, as the system counts it: the store does not keep books of its own.
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
        let resident = resident.and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) * 1024;
        let _ = write!(out, "used_memory_rss:{resident}\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n");
    }),
    ("persistence", |_, out| out.push_str("loading:0\r\npersistence:none\r\n")),
    ("stats", |keyspace, out| {
        let counters = &keyspace.counters;
        let _ = write!(
            out,
            "total_connections_received:{}\r\ntotal_commands_processed:{}\r\nexpired_keys:{}\r\n",
            counters.connections,
            counters.commands,
            keyspace.databases().iter().map(Database::expired).sum::<u64>()
        );
    }),
    ("replication", |_, out| out.push_str("role:master\r\nconnected_slaves:0\r\n")),
    ("keyspace", |keyspace, out| {
        for (index, database) in keyspace.databases().iter().enumerate().filter(|(_, database)| database.len() > 0) {
            let _ = write!(out, "db{index}:keys={},expires={},avg_ttl=0\r\n", database.len(), database.expiring());
        }
    }),
];

fn info(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let everything = |arg: &Bytes| ["all", "default", "everything"].iter().any(|word| is(arg, word));
    let wanted = |name: &str| args.len() == 1 || args[1..].iter().any(|arg| everything(arg) || is(arg, name));
    let mut text = String::new();
    for (name, section) in SECTIONS.iter().filter(|(name, _)| wanted(name)) {
        if !text.is_empty() {
            text.push_str("\r\n");
        }
        let (first, rest) = name.split_at(1);
        let _ = write!(text, "# {}{rest}\r\n", first.to_ascii_uppercase());
        section(context.keyspace, &mut text);
    }
    Ok(bulk(text.as_bytes()))
}
