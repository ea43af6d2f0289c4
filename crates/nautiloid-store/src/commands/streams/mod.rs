//! Commands on streams: here adding, reading and removing entries; `read` has XREAD and XREADGROUP, `groups` consumer
//! groups, `pending` what was given to consumers, `info` XINFO.

mod groups;
mod ids;
mod info;
mod pending;
mod read;
mod trim;

use bytes::Bytes;
use nautiloid_resp::Value;

use self::ids::{NewId, count_option, entry_reply, id_reply, range_end, range_start, stream_id, stream_ids};
use self::trim::TrimOptions;
use super::parse::{c_string, count, integer, is, syntax};
use super::{Command, Kind, command, wrong_number};
use crate::context::{Context, Outcome, error_line};
use crate::keyspace::{Entry, Stream, StreamId};

pub(super) const COMMANDS: &[&[Command]] =
    &[ENTRIES, read::COMMANDS, groups::COMMANDS, pending::COMMANDS, info::COMMANDS];

const ENTRIES: &[Command] = &[
    command("xadd", -5, Kind::Write, add),
    command("xlen", 2, Kind::Read, |context, args| Ok(count(stream(context, &args[1])?.map_or(0, Stream::len)))),
    command("xrange", -4, Kind::Read, |context, args| range(context, args, false)),
    command("xrevrange", -4, Kind::Read, |context, args| range(context, args, true)),
    command("xdel", -3, Kind::Write, delete),
    command("xtrim", -4, Kind::Write, |context, args| {
        let trim = trim::required(&args[2..])?;
        let now = context.now;
        Ok(count(context.db().change::<Stream>(&args[1], now)?.map_or(0, |stream| stream.trim(trim))))
    }),
    command("xsetid", -3, Kind::Write, set_id),
];

fn stream<'a>(context: &'a mut Context<'_>, key: &[u8]) -> Result<Option<&'a Stream>, Value> {
    let now = context.now;
    context.db().read::<Stream>(key, now)
}

fn stream_to_change<'a>(context: &'a mut Context<'_>, key: &[u8]) -> Result<Option<&'a mut Stream>, Value> {
    let now = context.now;
    context.db().change::<Stream>(key, now)
}

/// `NOGROUP`, of a key that may not be there either; `after` ends it with a quotation mark.
fn no_group_in(key: &[u8], group: &[u8], after: &str) -> Value {
    let (key, group) = (c_string(key, usize::MAX), c_string(group, usize::MAX));
    error_line(&[b"NOGROUP No such key '", key, b"' or consumer group '", group, after.as_bytes()].concat())
}

/// `NOGROUP`, of a key that is there.
fn no_group(group: &[u8], key: &[u8]) -> Value {
    let (key, group) = (c_string(key, usize::MAX), c_string(group, usize::MAX));
    error_line(&[b"NOGROUP No such consumer group '", group, b"' for key name '", key, b"'"].concat())
}

/// `XADD key [NOMKSTREAM] [MAXLEN | MINID …] * | id field value …`
fn add(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (mut options, mut only_if_there, mut rest) = (TrimOptions::default(), false, &args[2..]);
    let id = loop {
        match rest {
            [id, ..] if id == "*" => break NewId::Now,
            [word, after @ ..] if is(word, "nomkstream") => {
                only_if_there = true;
                rest = after;
            }
            [word, ..] => {
                if !options.take(&mut rest)? {
                    break NewId::parse(word)?;
                }
            }
            [] => return Err(wrong_number("xadd")),
        }
    };
    let trim = options.finish(false)?;
    let fields = rest.get(1..).unwrap_or_default();
    if fields.is_empty() || !fields.len().is_multiple_of(2) {
        return Err(wrong_number("xadd"));
    }
    if matches!(id, NewId::Given(StreamId::ZERO)) {
        return Err(Value::error("ERR The ID specified in XADD must be greater than 0-0"));
    }
    let now = context.now;
    if only_if_there && stream(context, &args[1])?.is_none() {
        return Ok(Value::Nil);
    }
    let stream = context.db().change_or_add::<Stream>(&args[1], now)?;
    if stream.last_id == StreamId::MAX {
        return Err(Value::error("ERR The stream has exhausted the last possible ID, unable to add more items"));
    }
    let Some(id) = id.resolve(stream, now) else {
        return Err(Value::error("ERR The ID specified in XADD is equal or smaller than the target stream top item"));
    };
    stream.append(Entry { id, fields: fields.iter().map(|text| (**text).into()).collect() });
    if let Some(trim) = trim {
        stream.trim(trim);
    }
    // Also if all of it was trimmed away at once.
    context.db().touch(&args[1]);
    Ok(id_reply(id))
}

fn range(context: &mut Context<'_>, args: &[Bytes], reverse: bool) -> Outcome {
    let (start, end) = if reverse { (&args[3], &args[2]) } else { (&args[2], &args[3]) };
    let (start, end) = (range_start(start)?, range_end(end)?);
    let wanted = count_option(&args[4..])?;
    let Some(stream) = stream(context, &args[1])? else { return Ok(Value::Array(Vec::new())) };
    let most = match wanted {
        Some(0) => return Ok(Value::NilArray),
        wanted => wanted.unwrap_or(usize::MAX),
    };
    let entries = stream.range(start, end);
    Ok(Value::Array(if reverse {
        entries.rev().take(most).map(entry_reply).collect()
    } else {
        entries.take(most).map(entry_reply).collect()
    }))
}

fn delete(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    if stream(context, &args[1])?.is_none() {
        return Ok(Value::Integer(0));
    }
    let ids = stream_ids(&args[2..])?;
    let Some(stream) = stream_to_change(context, &args[1])? else { return Ok(Value::Integer(0)) };
    Ok(count(ids.into_iter().filter(|id| stream.remove(*id)).count()))
}

/// `XSETID key last-id [ENTRIESADDED n] [MAXDELETEDID id]`
fn set_id(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let id = stream_id(&args[2], 0)?;
    let (mut added, mut deleted) = (None, StreamId::ZERO);
    for option in args[3..].chunks(2) {
        match option {
            [name, value] if is(name, "entriesadded") => {
                let value = integer(value)?;
                if value < 0 {
                    return Err(Value::error("ERR entries_added must be positive"));
                }
                added = Some(value);
            }
            [name, value] if is(name, "maxdeletedid") => {
                deleted = stream_id(value, 0)?;
                if id < deleted {
                    return Err(Value::error(
                        "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id",
                    ));
                }
            }
            _ => return Err(syntax()),
        }
    }
    let Some(stream) = stream(context, &args[1])? else { return Err(Value::error("ERR no such key")) };
    if let Some(top) = stream.last() {
        if id < top.id {
            return Err(Value::error("ERR The ID specified in XSETID is smaller than the target stream top item"));
        }
        if added.is_some_and(|added| usize::try_from(added).is_ok_and(|added| added < stream.len())) {
            return Err(Value::error(
                "ERR The entries_added specified in XSETID is smaller than the target stream length",
            ));
        }
    }
    if let Some(stream) = stream_to_change(context, &args[1])? {
        stream.last_id = id;
        stream.added = added.unwrap_or(stream.added);
        if deleted != StreamId::ZERO {
            stream.deleted = deleted;
        }
    }
    Ok(Value::OK)
}
