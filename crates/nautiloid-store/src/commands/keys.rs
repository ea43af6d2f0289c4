//! Commands on keys, whatever they hold.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::parse::{bulk, bulks, count, integer, is, syntax};
use super::{Command, Kind, command};
use crate::context::{Context, Outcome};
use crate::glob;

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
    let cursor = cursor(&args[1]).ok_or_else(|| Value::error("ERR invalid cursor"))?;
    let (mut pattern, mut wanted, mut step): (&[u8], Option<&Bytes>, usize) = (b"*", None, 10);
    for option in args[2..].chunks(2) {
        match option {
            [name, value] if is(name, "match") => pattern = value,
            [name, value] if is(name, "type") => wanted = Some(value),
            [name, value] if is(name, "count") => {
                step = usize::try_from(integer(value)?).ok().filter(|n| *n > 0).ok_or_else(syntax)?;
            }
            _ => return Err(syntax()),
        }
    }
    let now = context.now;
    let step = context.db().scan(cursor, step, now);
    let found = step.found.into_iter().filter(|(key, stored)| {
        glob::matches(pattern, key) && wanted.is_none_or(|wanted| is(wanted, stored.type_name()))
    });
    let found = bulks(found.map(|(key, _)| key));
    Ok(Value::Array(vec![bulk(step.cursor.to_string().as_bytes()), Value::Array(found)]))
}

/// A cursor as C's `strtoul` reads it: nothing at all is 0, and a negative one counts from the end of all numbers.
fn cursor(text: &[u8]) -> Option<u64> {
    let number = |digits: &[u8]| match digits {
        [b'0'..=b'9', ..] => std::str::from_utf8(digits).ok()?.parse::<u64>().ok(),
        _ => None,
    };
    match text {
        [] => Some(0),
        [b'+', digits @ ..] => number(digits),
        [b'-', digits @ ..] => number(digits).map(u64::wrapping_neg),
        digits => number(digits),
    }
}
