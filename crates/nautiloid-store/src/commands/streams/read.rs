//! XREAD and XREADGROUP, without waiting: `BLOCK` is taken, and ends at once, as between MULTI and EXEC in Redis. A store
//! that waited would hold up all who share its connection.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::ids::{entry_reply, id_reply, stream_id};
use super::{no_group_in, stream, stream_to_change};
use crate::commands::parse::{integer, is, strict_integer, syntax};
use crate::commands::{Command, Kind, command};
use crate::context::{Context, Outcome};
use crate::keyspace::{Entry, Stream, StreamId};

pub(super) const COMMANDS: &[Command] = &[
    command("xread", -4, Kind::Read, |context, args| {
        let reading = Reading::parse(context, args, false)?;
        let mut found = Vec::new();
        for (key, from) in reading.streams {
            let id = match from {
                From::Last => stream(context, key)?.map_or(StreamId::ZERO, |stream| stream.last_id),
                From::Behind(id) => id,
                From::New => StreamId::MAX,
            };
            if let Some(stream) = stream(context, key)? {
                let entries: Vec<_> = behind(stream, id).take(reading.most).map(entry_reply).collect();
                if !entries.is_empty() {
                    found.push((Value::Bulk(key.clone()), Value::Array(entries)));
                }
            }
        }
        Ok(by_stream(found, context.speaks_resp3()))
    }),
    command("xreadgroup", -7, Kind::Write, read_as_consumer),
];

/// Behind which entry to read.
#[derive(Debug, Clone, Copy)]
enum From {
    Behind(StreamId),
    /// `$`: behind the last one there is.
    Last,
    /// `>`: behind the last one that the group was given.
    New,
}

/// What a call asks for.
struct Reading<'a> {
    most: usize,
    /// Group and consumer.
    consumer: Option<(&'a Bytes, &'a Bytes)>,
    /// What is given counts as done with.
    acknowledged: bool,
    streams: Vec<(&'a Bytes, From)>,
}

impl<'a> Reading<'a> {
    fn parse(context: &mut Context<'_>, args: &'a [Bytes], grouped: bool) -> Result<Self, Value> {
        let only = |option: &str| {
            Value::error(format!("ERR The {option} option is only supported by XREADGROUP. You called XREAD instead."))
        };
        let mut reading = Reading { most: usize::MAX, consumer: None, acknowledged: false, streams: Vec::new() };
        let mut rest = args.get(1..).unwrap_or_default();
        let listed = loop {
            rest = match rest {
                [option, value, rest @ ..] if is(option, "block") => {
                    if context.script.is_some() {
                        let command = String::from_utf8_lossy(&args[0]);
                        let text = format!("ERR {command} command is not allowed with BLOCK option from scripts");
                        return Err(Value::error(text));
                    }
                    check_timeout(value)?;
                    rest
                }
                [option, value, rest @ ..] if is(option, "count") => {
                    // Nothing and less than nothing is no bound.
                    let most = usize::try_from(integer(value)?).ok().filter(|most| *most > 0);
                    reading.most = most.unwrap_or(usize::MAX);
                    rest
                }
                [option, group, consumer, rest @ ..] if is(option, "group") => {
                    if !grouped {
                        return Err(only("GROUP"));
                    }
                    reading.consumer = Some((group, consumer));
                    rest
                }
                [option, rest @ ..] if is(option, "noack") => {
                    if !grouped {
                        return Err(only("NOACK"));
                    }
                    reading.acknowledged = true;
                    rest
                }
                [option, listed @ ..] if is(option, "streams") && !listed.is_empty() => break listed,
                _ => return Err(syntax()),
            };
        };
        if !listed.len().is_multiple_of(2) {
            // Of both commands, in these words.
            return Err(Value::error(
                "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.",
            ));
        }
        if grouped && reading.consumer.is_none() {
            return Err(Value::error("ERR Missing GROUP option for XREADGROUP"));
        }
        let (keys, ids) = listed.split_at(listed.len() / 2);
        for (key, id) in keys.iter().zip(ids) {
            let there = stream(context, key)?;
            if let Some((group, _)) = reading.consumer
                && there.is_none_or(|stream| !stream.groups.contains_key(&**group))
            {
                return Err(no_group_in(key, group, "' in XREADGROUP with GROUP option"));
            }
            reading.streams.push((key, From::parse(id, grouped)?));
        }
        Ok(reading)
    }
}

impl From {
    fn parse(text: &Bytes, grouped: bool) -> Result<Self, Value> {
        match &**text {
            b"$" if grouped => Err(Value::error(
                "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer \
                 by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty \
                 result set.",
            )),
            b"$" => Ok(From::Last),
            b">" if !grouped => Err(Value::error(
                "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.",
            )),
            b">" => Ok(From::New),
            // As in Redis, the greatest name is another way to write it.
            id => stream_id(id, 0).map(|id| if grouped && id == StreamId::MAX { From::New } else { From::Behind(id) }),
        }
    }
}

fn check_timeout(value: &[u8]) -> Result<(), Value> {
    match strict_integer(value) {
        None => Err(Value::error("ERR timeout is not an integer or out of range")),
        Some(timeout) if timeout < 0 => Err(Value::error("ERR timeout is negative")),
        Some(_) => Ok(()),
    }
}

fn behind(stream: &Stream, id: StreamId) -> impl Iterator<Item = &Entry> {
    id.next().into_iter().flat_map(|first| stream.range(first, StreamId::MAX))
}

/// The entries of several streams; none at all is no array.
fn by_stream(found: Vec<(Value, Value)>, resp3: bool) -> Value {
    match found {
        found if found.is_empty() => Value::NilArray,
        found if resp3 => Value::Map(found),
        found => Value::Array(found.into_iter().map(|(key, entries)| Value::Array(vec![key, entries])).collect()),
    }
}

fn read_as_consumer(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let reading = Reading::parse(context, args, true)?;
    let Some((group, consumer)) = reading.consumer else { return Err(syntax()) };
    let (now, most) = (context.now, reading.most);
    let mut found = Vec::new();
    for (key, from) in reading.streams {
        let Some(stream) = stream_to_change(context, key)? else { continue };
        let entries = match from {
            From::Behind(id) => history(stream, group, consumer, id, most, now),
            _ => new_entries(stream, group, consumer, (!reading.acknowledged).then_some(now), most, now),
        };
        if let Some(entries) = entries {
            found.push((Value::Bulk(key.clone()), Value::Array(entries)));
        }
    }
    Ok(by_stream(found, context.speaks_resp3()))
}

/// Entries that the group was not given yet; `None` when there are none.
fn new_entries(
    stream: &mut Stream,
    group: &[u8],
    consumer: &[u8],
    pending_since: Option<u64>,
    most: usize,
    now: u64,
) -> Option<Vec<Value>> {
    let outline = stream.outline();
    let last = stream.groups.get(group)?.last_id;
    let entries: Vec<_> = behind(stream, last).take(most).map(|entry| (entry.id, entry_reply(entry))).collect();
    let group = stream.groups.get_mut(group)?;
    if entries.is_empty() {
        return None;
    }
    group.see(consumer, now);
    let given = entries.into_iter().map(|(id, reply)| {
        group.advance(id, &outline);
        if let Some(since) = pending_since {
            group.give(id, consumer, since, 1);
        }
        reply
    });
    Some(given.collect())
}

/// Entries that the consumer was given already. Of those that have been deleted, the name is left.
fn history(
    stream: &mut Stream,
    group: &[u8],
    consumer: &[u8],
    after: StreamId,
    most: usize,
    now: u64,
) -> Option<Vec<Value>> {
    let known = stream.groups.get_mut(group)?;
    known.see(consumer, now);
    let given = after.next().map(|first| known.pending_of(consumer, first));
    let given: Vec<_> = given.into_iter().flatten().take(most).map(|(id, pending)| (id, pending.deliveries)).collect();
    let found: Vec<_> = given.iter().map(|(id, _)| stream.get(*id).map(entry_reply)).collect();
    let known = stream.groups.get_mut(group)?;
    let replies = given.into_iter().zip(found).map(|((id, deliveries), found)| match found {
        Some(entry) => {
            known.give(id, consumer, now, deliveries + 1);
            entry
        }
        None => Value::Array(vec![id_reply(id), Value::NilArray]),
    });
    Some(replies.collect())
}
