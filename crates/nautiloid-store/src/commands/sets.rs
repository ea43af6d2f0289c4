//! Commands on sets.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::draw::{one_place, places, wanted};
use super::parse::{bulk, bulks, count, pop_count, syntax};
use super::{Command, Kind, command};
use crate::context::{Context, Outcome};
use crate::keyspace::Set;

pub(super) const COMMANDS: &[Command] = &[
    command("sadd", -3, Kind::Write, add),
    command("srem", -3, Kind::Write, remove),
    command("smembers", 2, Kind::Read, |context, args| {
        Ok(Value::Set(set(context, args)?.map(bulks).unwrap_or_default()))
    }),
    command("sismember", 3, Kind::Read, |context, args| {
        let set = set(context, args)?;
        Ok(is_member(set, &args[2]))
    }),
    command("smismember", -3, Kind::Read, |context, args| {
        let set = set(context, args)?;
        Ok(Value::Array(args[2..].iter().map(|member| is_member(set, member)).collect()))
    }),
    command("scard", 2, Kind::Read, |context, args| Ok(count(set(context, args)?.map_or(0, Set::len)))),
    command("spop", -2, Kind::Write, pop),
    command("srandmember", -2, Kind::Read, random),
];

fn set<'a>(context: &'a mut Context<'_>, args: &[Bytes]) -> Result<Option<&'a Set>, Value> {
    let now = context.now;
    context.db().read::<Set>(&args[1], now)
}

fn is_member(set: Option<&Set>, member: &Bytes) -> Value {
    Value::Integer(i64::from(set.is_some_and(|set| set.contains(&**member))))
}

fn add(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    let set = context.db().change_or_add::<Set>(&args[1], now)?;
    Ok(count(args[2..].iter().filter(|member| set.insert((***member).into())).count()))
}

fn remove(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    let Some(set) = context.db().change::<Set>(&args[1], now)? else { return Ok(Value::Integer(0)) };
    let removed = args[2..].iter().filter(|member| set.swap_remove(&***member)).count();
    if set.is_empty() {
        context.db().remove(&args[1], now);
    }
    Ok(count(removed))
}

fn pop(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    let wanted = match &args[2..] {
        [] => None,
        [wanted] => Some(pop_count(wanted)?),
        _ => return Err(syntax()),
    };
    let Some(set) = context.db().change::<Set>(&args[1], now)? else {
        return Ok(if wanted.is_some() { Value::Set(Vec::new()) } else { Value::Nil });
    };
    let mut popped = Vec::new();
    while popped.len() < wanted.unwrap_or(1) && !set.is_empty() {
        popped.extend(set.swap_remove_index(fastrand::usize(..set.len())));
    }
    if set.is_empty() {
        context.db().remove(&args[1], now);
    }
    Ok(match wanted {
        Some(_) => Value::Set(bulks(&popped)),
        None => popped.first().map_or(Value::Nil, |member| bulk(member)),
    })
}

/// Members at random.
fn random(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let wanted = match &args[2..] {
        [] => None,
        [count] => Some(wanted(count, "members")?),
        _ => return Err(syntax()),
    };
    let set = set(context, args)?;
    Ok(match (set, wanted) {
        (None, None) => Value::Nil,
        (None, Some(_)) => Value::Array(Vec::new()),
        (Some(set), None) => set.get_index(one_place(set.len())).map_or(Value::Nil, |member| bulk(member)),
        (Some(set), Some(wanted)) => {
            let chosen = places(wanted, set.len());
            Value::Array(bulks(chosen.into_iter().filter_map(|place| set.get_index(place))))
        }
    })
}
