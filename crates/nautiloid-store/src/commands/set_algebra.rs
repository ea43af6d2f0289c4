//! Several sets as one: union, intersection and difference, read or stored; and moving a member from one to another.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::parse::{bulks, count, strict_integer};
use super::sorted_sets::limit;
use super::{Command, Kind, command};
use crate::context::{Context, Outcome};
use crate::keyspace::{Set, Stored};

pub(super) const COMMANDS: &[Command] = &[
    command("sunion", -2, Kind::Read, |context, args| read(context, &args[1..], Operation::Union)),
    command("sinter", -2, Kind::Read, |context, args| read(context, &args[1..], Operation::Intersection)),
    command("sdiff", -2, Kind::Read, |context, args| read(context, &args[1..], Operation::Difference)),
    command("sunionstore", -3, Kind::Write, |context, args| store(context, args, Operation::Union)),
    command("sinterstore", -3, Kind::Write, |context, args| store(context, args, Operation::Intersection)),
    command("sdiffstore", -3, Kind::Write, |context, args| store(context, args, Operation::Difference)),
    command("sintercard", -3, Kind::Read, cardinality),
    command("smove", 4, Kind::Write, move_member),
];

#[derive(Debug, Clone, Copy)]
enum Operation {
    Union,
    Intersection,
    Difference,
}

fn combine(context: &mut Context<'_>, keys: &[Bytes], operation: Operation) -> Result<Set, Value> {
    let now = context.now;
    let mut result: Option<Set> = None;
    for key in keys {
        let set = context.db().read::<Set>(key, now)?;
        result = Some(match (result, set) {
            (None, set) => set.cloned().unwrap_or_default(),
            (Some(mut result), Some(set)) => {
                match operation {
                    Operation::Union => result.extend(set.iter().cloned()),
                    Operation::Intersection => result.retain(|member| set.contains(member)),
                    Operation::Difference => result.retain(|member| !set.contains(member)),
                }
                result
            }
            (Some(_), None) if matches!(operation, Operation::Intersection) => Set::default(),
            (Some(result), None) => result,
        });
    }
    Ok(result.unwrap_or_default())
}

fn read(context: &mut Context<'_>, keys: &[Bytes], operation: Operation) -> Outcome {
    Ok(Value::Set(bulks(&combine(context, keys, operation)?)))
}

fn store(context: &mut Context<'_>, args: &[Bytes], operation: Operation) -> Outcome {
    let result = combine(context, &args[2..], operation)?;
    let (now, length) = (context.now, result.len());
    if result.is_empty() {
        context.db().remove(&args[1], now);
    } else {
        context.db().insert(&args[1], Stored::Set(Box::new(result)));
    }
    Ok(count(length))
}

/// `SINTERCARD numkeys key … [LIMIT n]`
fn cardinality(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let number = strict_integer(&args[1]).and_then(|number| usize::try_from(number).ok()).filter(|number| *number > 0);
    let number = number.ok_or_else(|| Value::error("ERR numkeys should be greater than 0"))?;
    if number > args.len() - 2 {
        return Err(Value::error("ERR Number of keys can't be greater than number of args"));
    }
    let (keys, options) = args[2..].split_at(number);
    let most = limit(options)?;
    let common = combine(context, keys, Operation::Intersection)?.len();
    Ok(count(if most == 0 { common } else { common.min(most) }))
}

fn move_member(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (source, destination, member) = (&args[1], &args[2], &args[3]);
    let now = context.now;
    let Some(set) = context.db().read::<Set>(source, now)? else { return Ok(Value::Integer(0)) };
    let there = set.contains(&**member);
    context.db().read::<Set>(destination, now)?;
    if !there || source == destination {
        return Ok(Value::Integer(i64::from(there)));
    }
    if let Some(set) = context.db().change::<Set>(source, now)? {
        set.swap_remove(&**member);
        if set.is_empty() {
            context.db().remove(source, now);
        }
    }
    context.db().change_or_add::<Set>(destination, now)?.insert((**member).into());
    Ok(Value::Integer(1))
}
