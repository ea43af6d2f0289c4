//! XINFO: what there is to know of a stream, its groups and their consumers.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::ids::{entry_reply, id_reply, pair};
use super::{no_group, stream};
use crate::commands::parse::{bulk, count, error_about, is};
use crate::commands::{Command, Kind, command, container, nothing_alone};
use crate::context::{Context, Outcome};
use crate::keyspace::Stream;

pub(super) const COMMANDS: &[Command] = &[container("xinfo", -2, XINFO, nothing_alone)];

const XINFO: &[Command] = &[
    command("xinfo|stream", -3, Kind::Read, describe),
    command("xinfo|groups", 3, Kind::Read, |context, args| {
        let stream = existing(context, &args[2])?;
        let outline = stream.outline();
        let groups = stream.groups.iter().map(|(name, group)| {
            Value::Map(vec![
                pair("name", bulk(name)),
                pair("consumers", count(group.consumers().len())),
                pair("pending", count(group.pending().len())),
                pair("last-delivered-id", id_reply(group.last_id)),
                pair("entries-read", group.read.map_or(Value::Nil, Value::Integer)),
                pair("lag", outline.left(group.last_id, group.read).map_or(Value::Nil, Value::Integer)),
            ])
        });
        Ok(Value::Array(groups.collect()))
    }),
    command("xinfo|consumers", 4, Kind::Read, |context, args| {
        let now = context.now;
        let group = existing(context, &args[2])?.groups.get(&*args[3]);
        let group = group.ok_or_else(|| no_group(&args[3], &args[2]))?;
        let consumers = group.consumers().iter().map(|(name, consumer)| {
            let idle = i64::try_from(now.saturating_sub(consumer.seen)).unwrap_or(i64::MAX);
            Value::Map(vec![
                pair("name", bulk(name)),
                pair("pending", count(consumer.pending.len())),
                pair("idle", Value::Integer(idle)),
            ])
        });
        Ok(Value::Array(consumers.collect()))
    }),
];

fn existing<'a>(context: &'a mut Context<'_>, key: &[u8]) -> Result<&'a Stream, Value> {
    stream(context, key)?.ok_or_else(|| Value::error("ERR no such key"))
}

fn describe(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let stream = existing(context, &args[2])?;
    match args.get(3) {
        None => {}
        Some(option) if is(option, "full") => {
            return Err(Value::error("ERR the embedded store does not answer XINFO STREAM with FULL"));
        }
        Some(_) => {
            let before = "ERR unknown subcommand or wrong number of arguments for '";
            return Err(error_about(before, &args[1], 128, "'. Try XINFO HELP."));
        }
    }
    let outline = stream.outline();
    let entry = |entry: Option<_>| entry.map_or(Value::Nil, entry_reply);
    Ok(Value::Map(vec![
        pair("length", count(outline.length)),
        pair("radix-tree-keys", count(stream.nodes())),
        // There is no such tree here; Redis has at least one for its root.
        pair("radix-tree-nodes", count(stream.nodes() + 1)),
        pair("last-generated-id", id_reply(outline.last)),
        pair("max-deleted-entry-id", id_reply(outline.deleted)),
        pair("entries-added", Value::Integer(outline.added)),
        pair("recorded-first-entry-id", id_reply(outline.first)),
        pair("groups", count(stream.groups.len())),
        pair("first-entry", entry(stream.first())),
        pair("last-entry", entry(stream.last())),
    ]))
}
