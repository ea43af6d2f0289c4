//! Where the keys are among a command's arguments: for `COMMAND INFO` and `COMMAND GETKEYS`, by which clients of a cluster
//! learn where a command belongs.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::parse::{bulk, is, strict_integer};
use super::{Command, Kind, find};
use crate::context::{Context, Outcome};

/// Every `step`th argument from `first` to `last`, which counts from the end when it is negative; 0 for no key.
struct Places {
    first: i64,
    last: i64,
    step: i64,
    /// Others are where a number among the arguments says.
    movable: bool,
}

impl Places {
    const fn fixed(first: i64, last: i64, step: i64) -> Self {
        Places { first, last, step, movable: false }
    }

    fn of(command: &Command) -> Self {
        match command.name {
            "mset" | "msetnx" => Places::fixed(1, -1, 2),
            "del" | "unlink" | "exists" | "touch" | "mget" | "watch" | "sunion" | "sinter" | "sdiff"
            | "sunionstore" | "sinterstore" | "sdiffstore" | "pfcount" | "pfmerge" => Places::fixed(1, -1, 1),
            "rename" | "renamenx" | "copy" | "smove" | "lmove" | "rpoplpush" | "zrangestore" => Places::fixed(1, 2, 1),
            "zunionstore" | "zinterstore" | "zdiffstore" => Places { movable: true, ..Places::fixed(1, 1, 1) },
            "zunion" | "zinter" | "zdiff" | "zintercard" | "sintercard" | "eval" | "evalsha" | "eval_ro"
            | "evalsha_ro" | "xread" | "xreadgroup" => Places { movable: true, ..Places::fixed(0, 0, 0) },
            "keys" | "scan" | "randomkey" | "dbsize" | "flushdb" | "flushall" => Places::fixed(0, 0, 0),
            _ if matches!(command.kind, Kind::Read | Kind::Write) => Places::fixed(1, 1, 1),
            _ => Places::fixed(0, 0, 0),
        }
    }
}

/// `COMMAND INFO [name …]`
pub(super) fn info(_: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    Ok(Value::Array(match args.get(2..) {
        Some(names) if !names.is_empty() => {
            names.iter().map(|name| find(name).map_or(Value::Nil, |command| describe(&command))).collect()
        }
        _ => super::all().map(describe).collect(),
    }))
}

/// Name, arity, flags and places of keys, as Redis gives them; the rest of what Redis tells is left empty.
fn describe(command: &Command) -> Value {
    let places = Places::of(command);
    let mut flags = match command.kind {
        Kind::Read => vec!["readonly"],
        Kind::Write => vec!["write"],
        Kind::NoScript => vec!["noscript"],
        Kind::Other => Vec::new(),
    };
    if places.movable {
        flags.push("movablekeys");
    }
    let flags = flags.into_iter().map(|flag| Value::Status(flag.into())).collect();
    Value::Array(vec![
        bulk(command.name.as_bytes()),
        Value::Integer(command.arity.into()),
        Value::Set(flags),
        Value::Integer(places.first),
        Value::Integer(places.last),
        Value::Integer(places.step),
        Value::Set(Vec::new()),
        Value::Array(Vec::new()),
        Value::Array(Vec::new()),
        Value::Array(Vec::new()),
    ])
}

/// `COMMAND GETKEYS command [argument …]`
pub(super) fn keys_of(_: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let called = args.get(2..).unwrap_or_default();
    let command = called.first().and_then(|name| find(name));
    let command = command.ok_or_else(|| Value::error("ERR Invalid command specified"))?;
    let places = Places::of(&command);
    if places.first == 0 && !places.movable {
        return Err(Value::error("ERR The command has no key arguments"));
    }
    let count = i64::try_from(called.len()).unwrap_or(i64::MAX);
    let expected = i64::from(command.arity);
    if (expected > 0 && count != expected) || count < expected.abs() {
        return Err(Value::error("ERR Invalid number of arguments specified for command"));
    }
    let last = if places.last < 0 { count + places.last } else { places.last };
    let fixed = (1..count).filter(|at| {
        places.first > 0 && *at >= places.first && *at <= last && (at - places.first) % places.step.max(1) == 0
    });
    let mut keys: Vec<&Bytes> = fixed.filter_map(|at| called.get(usize::try_from(at).ok()?)).collect();
    keys.extend(movable(&command, called)?);
    Ok(Value::Array(keys.into_iter().map(|key| bulk(key)).collect()))
}

/// The keys that a number, or a word, among the arguments tells of.
fn movable<'a>(command: &Command, called: &'a [Bytes]) -> Result<&'a [Bytes], Value> {
    let number_at = match command.name {
        "zunionstore" | "zinterstore" | "zdiffstore" | "eval" | "evalsha" | "eval_ro" | "evalsha_ro" => 2,
        "zunion" | "zinter" | "zdiff" | "zintercard" | "sintercard" => 1,
        "xread" | "xreadgroup" => {
            let streams = called.iter().position(|word| is(word, "streams"));
            let rest = streams.and_then(|at| called.get(at + 1..)).unwrap_or_default();
            // As many ids follow the keys.
            return Ok(rest.get(..rest.len() / 2).unwrap_or_default());
        }
        _ => return Ok(&[]),
    };
    let number = called.get(number_at).and_then(|text| strict_integer(text)).and_then(|n| usize::try_from(n).ok());
    let keys = number.and_then(|number| called.get(number_at + 1..)?.get(..number));
    keys.ok_or_else(|| Value::error("ERR Invalid arguments specified for command"))
}
