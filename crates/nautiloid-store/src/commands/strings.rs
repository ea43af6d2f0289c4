//! Commands on strings.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::expiry::Time;
use super::parse::{bulk, count, integer, is, syntax};
use super::{Command, Kind, command, wrong_number};
use crate::context::{Context, Outcome};
use crate::keyspace::Stored;
use crate::long_double::LongDouble;

pub(super) const COMMANDS: &[Command] = &[
    command("get", 2, Kind::Read, get),
    command("set", -3, Kind::Write, set),
    command("setex", 4, Kind::Write, |context, args| set_expiring(context, args, "setex", Time::SECONDS)),
    command("psetex", 4, Kind::Write, |context, args| set_expiring(context, args, "psetex", Time::MILLISECONDS)),
    command("setnx", 3, Kind::Write, set_if_new),
    command("getset", 3, Kind::Write, get_and_set),
    command("getdel", 2, Kind::Write, get_and_remove),
    command("getex", -2, Kind::Write, get_and_expire),
    command("mget", -2, Kind::Read, get_many),
    command("mset", -3, Kind::Write, |context, args| set_many(context, args, "mset")),
    command("msetnx", -3, Kind::Write, set_many_if_new),
    command("incr", 2, Kind::Write, |context, args| add(context, &args[1], 1)),
    command("decr", 2, Kind::Write, |context, args| add(context, &args[1], -1)),
    command("incrby", 3, Kind::Write, |context, args| add(context, &args[1], integer(&args[2])?)),
    command("decrby", 3, Kind::Write, subtract),
    command("incrbyfloat", 3, Kind::Write, add_float),
    command("append", 3, Kind::Write, append),
    command("getrange", 4, Kind::Read, get_range),
    command("substr", 4, Kind::Read, get_range),
    command("setrange", 4, Kind::Write, set_range),
    command("strlen", 2, Kind::Read, |context, args| Ok(count(value(context, &args[1])?.map_or(0, Vec::len)))),
];

fn value<'a>(context: &'a mut Context<'_>, key: &[u8]) -> Result<Option<&'a Vec<u8>>, Value> {
    let now = context.now;
    context.db().read::<Vec<u8>>(key, now)
}

fn get(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    Ok(value(context, &args[1])?.map_or(Value::Nil, |value| bulk(value)))
}

fn store(context: &mut Context<'_>, key: &[u8], value: &[u8]) {
    context.db().insert(key, Stored::String(value.to_vec()));
}

/// The time that `SET` and `GETEX` are given. The same option may come again, and the last counts; another may not.
#[derive(Default)]
struct Expiry(Option<(Time, Bytes)>);

impl Expiry {
    /// Takes an option with its argument; `false` when it is none, or another than the one before.
    fn take(&mut self, option: &Bytes, rest: &mut &[Bytes]) -> bool {
        let (Some(time), Some((argument, after))) = (Time::from_option(option), rest.split_first()) else {
            return false;
        };
        if self.0.as_ref().is_some_and(|(before, _)| *before != time) {
            return false;
        }
        self.0 = Some((time, argument.clone()));
        *rest = after;
        true
    }

    fn is_given(&self) -> bool {
        self.0.is_some()
    }

    fn deadline(&self, now: u64, command: &str) -> Result<Option<u64>, Value> {
        self.0.as_ref().map(|(time, argument)| time.deadline(argument, now, command)).transpose()
    }
}

/// The options of `SET` after key and value.
#[derive(Default)]
struct SetOptions {
    if_new: bool,
    if_there: bool,
    get: bool,
    keep: bool,
    expiry: Expiry,
}

impl SetOptions {
    fn parse(mut options: &[Bytes]) -> Result<Self, Value> {
        let mut parsed = SetOptions::default();
        while let Some((option, rest)) = options.split_first() {
            options = rest;
            if is(option, "nx") && !parsed.if_there {
                parsed.if_new = true;
            } else if is(option, "xx") && !parsed.if_new {
                parsed.if_there = true;
            } else if is(option, "get") {
                parsed.get = true;
            } else if is(option, "keepttl") && !parsed.expiry.is_given() {
                parsed.keep = true;
            } else if parsed.keep || !parsed.expiry.take(option, &mut options) {
                return Err(syntax());
            }
        }
        Ok(parsed)
    }
}

fn set(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (key, new) = (&args[1], &args[2]);
    let options = SetOptions::parse(&args[3..])?;
    let now = context.now;
    let deadline = options.expiry.deadline(now, "set")?;
    let old = if options.get { Some(get(context, args)?) } else { None };
    let there = context.db().contains(key, now);
    if (options.if_new && there) || (options.if_there && !there) {
        return Ok(old.unwrap_or(Value::Nil));
    }
    if options.keep {
        context.db().replace(key, Stored::String(new.to_vec()));
    } else {
        store(context, key, new);
    }
    if deadline.is_some() {
        context.db().set_deadline(key, deadline, now);
    }
    Ok(old.unwrap_or(Value::OK))
}

fn set_expiring(context: &mut Context<'_>, args: &[Bytes], name: &str, time: Time) -> Outcome {
    let now = context.now;
    let deadline = time.deadline(&args[2], now, name)?;
    store(context, &args[1], &args[3]);
    context.db().set_deadline(&args[1], Some(deadline), now);
    Ok(Value::OK)
}

fn set_if_new(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    let new = !context.db().contains(&args[1], now);
    if new {
        store(context, &args[1], &args[2]);
    }
    Ok(Value::Integer(i64::from(new)))
}

fn get_and_set(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let old = get(context, args)?;
    store(context, &args[1], &args[2]);
    Ok(old)
}

fn get_and_remove(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let old = get(context, args)?;
    let now = context.now;
    context.db().remove(&args[1], now);
    Ok(old)
}

fn get_and_expire(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    let (mut expiry, mut persist, mut options) = (Expiry::default(), false, &args[2..]);
    while let Some((option, rest)) = options.split_first() {
        options = rest;
        if is(option, "persist") && !expiry.is_given() {
            persist = true;
        } else if persist || !expiry.take(option, &mut options) {
            return Err(syntax());
        }
    }
    let found = get(context, args)?;
    // As in Redis: without a value, the time is not even looked at.
    if found != Value::Nil {
        let deadline = expiry.deadline(now, "getex")?;
        if persist || deadline.is_some() {
            context.db().set_deadline(&args[1], deadline, now);
        }
    }
    Ok(found)
}

/// What is no string counts as not there.
fn get_many(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let found = args[1..].iter().map(|key| value(context, key).ok().flatten().map_or(Value::Nil, |value| bulk(value)));
    Ok(Value::Array(found.collect()))
}

fn set_many(context: &mut Context<'_>, args: &[Bytes], name: &str) -> Outcome {
    if args.len().is_multiple_of(2) {
        return Err(wrong_number(name));
    }
    for pair in args[1..].chunks_exact(2) {
        store(context, &pair[0], &pair[1]);
    }
    Ok(Value::OK)
}

fn set_many_if_new(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    if args.len().is_multiple_of(2) {
        return Err(wrong_number("msetnx"));
    }
    let now = context.now;
    let new = !args[1..].iter().step_by(2).any(|key| context.db().contains(key, now));
    if new {
        set_many(context, args, "msetnx")?;
    }
    Ok(Value::Integer(i64::from(new)))
}

fn add(context: &mut Context<'_>, key: &[u8], increment: i64) -> Outcome {
    let current = match value(context, key)? {
        Some(digits) => integer(digits)?,
        None => 0,
    };
    let sum =
        current.checked_add(increment).ok_or_else(|| Value::error("ERR increment or decrement would overflow"))?;
    context.db().replace(key, Stored::String(sum.to_string().into_bytes()));
    Ok(Value::Integer(sum))
}

fn subtract(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let decrement = integer(&args[2])?;
    add(context, &args[1], decrement.checked_neg().ok_or_else(|| Value::error("ERR decrement would overflow"))?)
}

fn add_float(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let not_a_float = || Value::error("ERR value is not a valid float");
    let current = match value(context, &args[1])? {
        Some(text) => LongDouble::parse(text).ok_or_else(not_a_float)?,
        None => LongDouble::ZERO,
    };
    let increment = LongDouble::parse(&args[2]).ok_or_else(not_a_float)?;
    let sum = current.add(increment).ok_or_else(not_finite)?.to_redis_string();
    context.db().replace(&args[1], Stored::String(sum.clone().into_bytes()));
    Ok(bulk(sum.as_bytes()))
}

/// What adding floats can end with.
pub(super) fn not_finite() -> Value {
    Value::error("ERR increment would produce NaN or Infinity")
}

fn append(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    let value = context.db().change_or_add::<Vec<u8>>(&args[1], now)?;
    value.extend_from_slice(&args[2]);
    let length = value.len();
    context.db().touch(&args[1]);
    Ok(count(length))
}

fn get_range(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (start, stop) = (integer(&args[2])?, integer(&args[3])?);
    let Some(value) = value(context, &args[1])? else { return Ok(bulk(b"")) };
    // As Redis has it, and only here: two negative ends the wrong way round are nothing, before they are cut.
    if start < 0 && stop < 0 && start > stop {
        return Ok(bulk(b""));
    }
    let total = i64::try_from(value.len()).unwrap_or(i64::MAX);
    let from_end = |n: i64| if n < 0 { (total + n).max(0) } else { n };
    let (start, stop) = (from_end(start), from_end(stop).min(total - 1));
    if start > stop {
        return Ok(bulk(b""));
    }
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(stop + 1).unwrap_or(0);
    Ok(bulk(value.get(range).unwrap_or_default()))
}

/// Longest string, in bytes.
const LONGEST: usize = 512 * 1024 * 1024;

fn set_range(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let offset = integer(&args[2])?;
    let offset = usize::try_from(offset).map_err(|_| Value::error("ERR offset is out of range"))?;
    let (now, new) = (context.now, &args[3]);
    let length = value(context, &args[1])?.map_or(0, Vec::len);
    if new.is_empty() {
        return Ok(count(length));
    }
    let end = offset
        .checked_add(new.len())
        .filter(|end| *end <= LONGEST)
        .ok_or_else(|| Value::error("ERR string exceeds maximum allowed size (proto-max-bulk-len)"))?;
    let value = context.db().change_or_add::<Vec<u8>>(&args[1], now)?;
    if value.len() < end {
        value.resize(end, 0);
    }
    value[offset..end].copy_from_slice(new);
    Ok(count(value.len()))
}
