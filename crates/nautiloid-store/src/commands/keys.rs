//! Commands on keys, whatever they hold.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::parse::{bulk, bulks, count, integer_within, is, syntax};
use super::scans::{self, parse_cursor};
use super::{Command, Kind, command};
use crate::context::{Context, Outcome};
use crate::glob;
use crate::keyspace::DATABASES;

pub(super) const COMMANDS: &[Command] = &[
    command("del", -2, Kind::Write, remove),
    command("unlink", -2, Kind::Write, remove),
    command("exists", -2, Kind::Read, exists),
    command("touch", -2, Kind::Read, exists),
    command("type", 2, Kind::Read, type_of),
    command("rename", 3, Kind::Write, rename),
    command("renamenx", 3, Kind::Write, rename_if_new),
    command("keys", 2, Kind::Read, keys),
    command("scan", -2, Kind::Read, scan),
    command("copy", -3, Kind::Write, copy),
    command("randomkey", 1, Kind::Read, |context, _| {
        let now = context.now;
        Ok(context.db().random(now).map_or(Value::Nil, |key| bulk(key)))
    }),
];

fn remove(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    let db = context.db();
    Ok(count(args[1..].iter().filter(|key| db.remove(key, now)).count()))
}

/// A key that is named twice counts twice.
fn exists(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    let db = context.db();
    Ok(count(args[1..].iter().filter(|key| db.contains(key, now)).count()))
}

fn type_of(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    Ok(Value::Status(context.db().get(&args[1], now).map_or("none", |stored| stored.type_name()).into()))
}

fn rename(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    if context.db().rename(&args[1], &args[2], now) { Ok(Value::OK) } else { Err(no_such_key()) }
}

fn rename_if_new(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    let db = context.db();
    if !db.contains(&args[1], now) {
        return Err(no_such_key());
    }
    let free = !db.contains(&args[2], now);
    Ok(Value::Integer(i64::from(free && db.rename(&args[1], &args[2], now))))
}

fn no_such_key() -> Value {
    Value::error("ERR no such key")
}

fn keys(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    Ok(Value::Array(bulks(context.db().keys(now).filter(|key| glob::matches(&args[1], key)))))
}

fn scan(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let cursor = parse_cursor(&args[1])?;
    let options = scans::Options::parse(&args[2..], true)?;
    let now = context.now;
    let step = context.db().scan(cursor, options.count, now);
    let found = step.found.into_iter().filter(|(key, stored)| {
        options.matches(key) && options.type_name.is_none_or(|wanted| is(wanted, stored.type_name()))
    });
    Ok(scans::step(step.cursor, bulks(found.map(|(key, _)| key))))
}

/// `COPY source destination [DB number] [REPLACE]`
fn copy(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (mut target, mut replace, mut options) = (context.session.db, false, &args[3..]);
    while let Some((option, rest)) = options.split_first() {
        options = rest;
        if is(option, "replace") {
            replace = true;
        } else if is(option, "db") && !rest.is_empty() {
            let number = integer_within(&rest[0], i32::MIN.into(), i32::MAX.into())?;
            let number = usize::try_from(number).ok().filter(|number| *number < DATABASES);
            target = number.ok_or_else(|| Value::error("ERR DB index is out of range"))?;
            options = &rest[1..];
        } else {
            return Err(syntax());
        }
    }
    let (now, source) = (context.now, context.session.db);
    if target == source && args[1] == args[2] {
        return Err(Value::error("ERR source and destination objects are the same"));
    }
    let Some(stored) = context.db().get(&args[1], now).cloned() else { return Ok(Value::Integer(0)) };
    let deadline = context.db().deadline(&args[1], now).flatten();
    let destination = context.keyspace.database(target);
    if destination.contains(&args[2], now) && !replace {
        return Ok(Value::Integer(0));
    }
    destination.insert(&args[2], stored);
    destination.set_deadline(&args[2], deadline, now);
    Ok(Value::Integer(1))
}
