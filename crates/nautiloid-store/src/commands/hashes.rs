//! Commands on hashes.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::draw::{one_place, places, wanted_pairs};
use super::parse::{bulk, bulks, count, integer, strict_integer};
use super::strings::not_finite;
use super::{Command, Kind, command, wrong_number};
use crate::context::{Context, Outcome};
use crate::keyspace::Hash;
use crate::long_double::LongDouble;

pub(super) const COMMANDS: &[Command] = &[
    command("hset", -4, Kind::Write, |context, args| set(context, args, "hset").map(count)),
    command("hmset", -4, Kind::Write, |context, args| set(context, args, "hmset").map(|_| Value::OK)),
    command("hsetnx", 4, Kind::Write, set_if_new),
    command("hget", 3, Kind::Read, get),
    command("hmget", -3, Kind::Read, get_many),
    command("hgetall", 2, Kind::Read, get_all),
    command("hdel", -3, Kind::Write, remove),
    command("hlen", 2, Kind::Read, |context, args| Ok(count(hash(context, args)?.map_or(0, Hash::len)))),
    command("hexists", 3, Kind::Read, |context, args| {
        Ok(Value::Integer(i64::from(hash(context, args)?.is_some_and(|hash| hash.contains_key(&*args[2])))))
    }),
    command("hkeys", 2, Kind::Read, |context, args| {
        Ok(Value::Array(hash(context, args)?.map(|hash| bulks(hash.keys())).unwrap_or_default()))
    }),
    command("hvals", 2, Kind::Read, |context, args| {
        Ok(Value::Array(hash(context, args)?.map(|hash| bulks(hash.values())).unwrap_or_default()))
    }),
    command("hstrlen", 3, Kind::Read, |context, args| {
        Ok(count(hash(context, args)?.and_then(|hash| hash.get(&*args[2])).map_or(0, |value| value.len())))
    }),
    command("hrandfield", -2, Kind::Read, random),
    command("hincrby", 4, Kind::Write, add),
    command("hincrbyfloat", 4, Kind::Write, add_float),
];

fn hash<'a>(context: &'a mut Context<'_>, args: &[Bytes]) -> Result<Option<&'a Hash>, Value> {
    let now = context.now;
    context.db().read::<Hash>(&args[1], now)
}

fn hash_to_change<'a>(context: &'a mut Context<'_>, args: &[Bytes]) -> Result<&'a mut Hash, Value> {
    let now = context.now;
    context.db().change_or_add::<Hash>(&args[1], now)
}

fn set(context: &mut Context<'_>, args: &[Bytes], name: &str) -> Result<usize, Value> {
    if !args.len().is_multiple_of(2) {
        return Err(wrong_number(name));
    }
    let hash = hash_to_change(context, args)?;
    let before = hash.len();
    for pair in args[2..].chunks_exact(2) {
        hash.insert((*pair[0]).into(), (*pair[1]).into());
    }
    let new = hash.len() - before;
    context.db().touch(&args[1]);
    Ok(new)
}

fn set_if_new(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let hash = hash_to_change(context, args)?;
    let new = !hash.contains_key(&*args[2]);
    if new {
        hash.insert((*args[2]).into(), (*args[3]).into());
    }
    Ok(Value::Integer(i64::from(new)))
}

fn get(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    Ok(hash(context, args)?.and_then(|hash| hash.get(&*args[2])).map_or(Value::Nil, |value| bulk(value)))
}

fn get_many(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let hash = hash(context, args)?;
    let values = args[2..].iter().map(|field| hash.and_then(|hash| hash.get(&**field)));
    Ok(Value::Array(values.map(|value| value.map_or(Value::Nil, |value| bulk(value))).collect()))
}

fn get_all(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let pairs = hash(context, args)?.into_iter().flatten();
    Ok(Value::Map(pairs.map(|(field, value)| (bulk(field), bulk(value))).collect()))
}

fn remove(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    let Some(hash) = context.db().change::<Hash>(&args[1], now)? else { return Ok(Value::Integer(0)) };
    let removed = args[2..].iter().filter(|field| hash.swap_remove(&***field).is_some()).count();
    if hash.is_empty() {
        context.db().remove(&args[1], now);
    }
    Ok(count(removed))
}

fn add(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let increment = integer(&args[3])?;
    // Read before anything is put there: a failure leaves no empty hash.
    let current = match hash(context, args)?.and_then(|hash| hash.get(&*args[2])) {
        Some(digits) => strict_integer(digits).ok_or_else(|| Value::error("ERR hash value is not an integer"))?,
        None => 0,
    };
    let sum =
        current.checked_add(increment).ok_or_else(|| Value::error("ERR increment or decrement would overflow"))?;
    hash_to_change(context, args)?.insert((*args[2]).into(), sum.to_string().into_bytes().into());
    Ok(Value::Integer(sum))
}

fn add_float(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let increment = LongDouble::parse(&args[3]).ok_or_else(|| Value::error("ERR value is not a valid float"))?;
    if increment == LongDouble::Infinite {
        return Err(Value::error("ERR value is NaN or Infinity"));
    }
    let current = match hash(context, args)?.and_then(|hash| hash.get(&*args[2])) {
        Some(text) => LongDouble::parse(text).ok_or_else(|| Value::error("ERR hash value is not a float"))?,
        None => LongDouble::ZERO,
    };
    let text = current.add(increment).ok_or_else(not_finite)?.to_redis_string();
    hash_to_change(context, args)?.insert((*args[2]).into(), text.clone().into_bytes().into());
    Ok(bulk(text.as_bytes()))
}

/// Fields at random.
fn random(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (wanted, with_values) = wanted_pairs(&args[2..], "withvalues", "fields")?;
    let resp3 = context.speaks_resp3();
    let found = hash(context, args)?;
    let chosen: Vec<(Value, Value)> = match (found, wanted) {
        (None, None) => return Ok(Value::Nil),
        (None, Some(_)) => Vec::new(),
        (Some(hash), None) => {
            return Ok(hash.get_index(one_place(hash.len())).map_or(Value::Nil, |(field, _)| bulk(field)));
        }
        (Some(hash), Some(wanted)) => {
            let chosen = places(wanted, hash.len()).into_iter().filter_map(|place| hash.get_index(place));
            chosen.map(|(field, value)| (bulk(field), bulk(value))).collect()
        }
    };
    Ok(Value::Array(match (with_values, resp3) {
        (false, _) => chosen.into_iter().map(|(field, _)| field).collect(),
        (true, false) => chosen.into_iter().flat_map(|(field, value)| [field, value]).collect(),
        (true, true) => chosen.into_iter().map(|(field, value)| Value::Array(vec![field, value])).collect(),
    }))
}
