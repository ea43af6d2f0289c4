//! XGROUP makes and changes consumer groups; XACK says that entries are done with.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::ids::{end_of_all, stream_id, stream_ids};
use super::{no_group, stream, stream_to_change};
use crate::commands::parse::{count, error_about, integer, is};
use crate::commands::{Command, Kind, command, container, nothing_alone};
use crate::context::{Context, Outcome};
use crate::keyspace::{Group, Stream, StreamId};

pub(super) const COMMANDS: &[Command] = &[
    container("xgroup", -2, XGROUP, nothing_alone),
    command("xack", -4, Kind::Write, |context, args| {
        let there = stream(context, &args[1])?.is_some_and(|stream| stream.groups.contains_key(&*args[2]));
        if !there {
            return Ok(Value::Integer(0));
        }
        let ids = stream_ids(&args[3..])?;
        let group = stream_to_change(context, &args[1])?.and_then(|stream| stream.groups.get_mut(&*args[2]));
        Ok(count(group.map_or(0, |group| ids.into_iter().filter(|id| group.acknowledge(*id)).count())))
    }),
];

const XGROUP: &[Command] = &[
    command("xgroup|create", -5, Kind::Write, create),
    command("xgroup|setid", -5, Kind::Write, |context, args| {
        let options = Options::parse(args, false)?;
        let stream = existing(context, args, true)?;
        let id = match end_of_all(&args[4]) {
            Some(end) => end,
            None => parse_position(&args[4], Some(stream))?,
        };
        if let Some(group) = stream.groups.get_mut(&*args[3]) {
            (group.last_id, group.read) = (id, options.read);
        }
        Ok(Value::OK)
    }),
    command("xgroup|destroy", 4, Kind::Write, |context, args| {
        let stream = existing(context, args, false)?;
        Ok(Value::Integer(stream.groups.remove(&*args[3]).is_some().into()))
    }),
    command("xgroup|createconsumer", 5, Kind::Write, |context, args| {
        let now = context.now;
        let group = existing(context, args, true)?.groups.get_mut(&*args[3]);
        Ok(Value::Integer(group.is_some_and(|group| group.add_consumer(&args[4], now)).into()))
    }),
    command("xgroup|delconsumer", 5, Kind::Write, |context, args| {
        let group = existing(context, args, true)?.groups.get_mut(&*args[3]);
        Ok(count(group.and_then(|group| group.remove_consumer(&args[4])).unwrap_or(0)))
    }),
];

/// What may follow the position.
#[derive(Default)]
struct Options {
    make_stream: bool,
    read: Option<i64>,
}

impl Options {
    fn parse(args: &[Bytes], creates: bool) -> Result<Self, Value> {
        let (mut options, mut rest) = (Options::default(), args.get(5..).unwrap_or_default());
        while let Some((option, after)) = rest.split_first() {
            rest = after;
            if creates && is(option, "mkstream") {
                options.make_stream = true;
            } else if is(option, "entriesread") && !rest.is_empty() {
                let read = integer(&rest[0])?;
                if read < -1 {
                    return Err(Value::error("ERR value for ENTRIESREAD must be positive or -1"));
                }
                options.read = Some(read).filter(|read| *read >= 0);
                rest = &rest[1..];
            } else {
                let before = "ERR unknown subcommand or wrong number of arguments for '";
                return Err(error_about(before, &args[1], 128, "'. Try XGROUP HELP."));
            }
        }
        Ok(options)
    }
}

/// The stream, and the group where it has to be there.
fn existing<'a>(context: &'a mut Context<'_>, args: &[Bytes], with_group: bool) -> Result<&'a mut Stream, Value> {
    let stream = stream_to_change(context, &args[2])?.ok_or_else(|| {
        Value::error(
            "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM \
             option to create an empty stream automatically.",
        )
    })?;
    if with_group && !stream.groups.contains_key(&*args[3]) {
        return Err(no_group(&args[3], &args[2]));
    }
    Ok(stream)
}

/// `$` is the last entry there is.
fn parse_position(text: &[u8], stream: Option<&mut Stream>) -> Result<StreamId, Value> {
    match text {
        b"$" => Ok(stream.map_or(StreamId::ZERO, |stream| stream.last_id)),
        id => stream_id(id, 0),
    }
}

fn create(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let options = Options::parse(args, true)?;
    if !options.make_stream {
        existing(context, args, false)?;
    }
    let there = stream_to_change(context, &args[2])?;
    let id = parse_position(&args[4], there)?;
    let now = context.now;
    let stream = context.db().change_or_add::<Stream>(&args[2], now)?;
    if stream.groups.contains_key(&*args[3]) {
        return Err(Value::error("BUSYGROUP Consumer Group name already exists"));
    }
    stream.groups.insert((*args[3]).into(), Group::new(id, options.read));
    Ok(Value::OK)
}
