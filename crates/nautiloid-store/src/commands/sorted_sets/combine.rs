//! Several sorted sets, or sets, as one: union, intersection and difference, read or stored.

use std::collections::HashMap;

use bytes::Bytes;
use nautiloid_resp::Value;

use super::range::put;
use super::{popped_values, scored};
use crate::commands::parse::{bulk, count, integer, is, not_negative, syntax};
use crate::commands::score::exact;
use crate::commands::{Command, Kind, command};
use crate::context::{Context, Outcome};
use crate::keyspace::{SortedSet, Stored, wrong_type};

pub(super) const COMMANDS: &[Command] = &[
    command("zunionstore", -4, Kind::Write, |context, args| store(context, args, "zunionstore", Operation::Union)),
    command("zinterstore", -4, Kind::Write, |context, args| {
        store(context, args, "zinterstore", Operation::Intersection)
    }),
    command("zdiffstore", -4, Kind::Write, |context, args| store(context, args, "zdiffstore", Operation::Difference)),
    command("zunion", -3, Kind::Read, |context, args| read(context, args, "zunion", Operation::Union)),
    command("zinter", -3, Kind::Read, |context, args| read(context, args, "zinter", Operation::Intersection)),
    command("zdiff", -3, Kind::Read, |context, args| read(context, args, "zdiff", Operation::Difference)),
    command("zintercard", -3, Kind::Read, cardinality),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Union,
    Intersection,
    Difference,
}

#[derive(Debug, Clone, Copy, Default)]
enum Aggregate {
    #[default]
    Sum,
    Least,
    Most,
}

impl Aggregate {
    fn of(self, a: f64, b: f64) -> f64 {
        match self {
            // Infinity and its opposite are nothing together.
            Aggregate::Sum => Some(a + b).filter(|sum| !sum.is_nan()).unwrap_or(0.0),
            Aggregate::Least => a.min(b),
            Aggregate::Most => a.max(b),
        }
    }
}

/// Which sets, and how.
struct Plan {
    operation: Operation,
    inputs: Vec<(HashMap<Vec<u8>, f64>, f64)>,
    aggregate: Aggregate,
    with_scores: bool,
}

impl Plan {
    /// Reads `numkeys key … [options]`. Options are looked at after the keys have been, as in Redis.
    fn parse(
        context: &mut Context<'_>,
        args: &[Bytes],
        name: &str,
        operation: Operation,
        stores: bool,
    ) -> Result<Self, Value> {
        let (keys, mut options) = numbered_keys(args, name)?;
        let inputs = keys.iter().map(|key| input(context, key)).collect::<Result<Vec<_>, _>>()?;
        let mut plan = Plan {
            operation,
            inputs: inputs.into_iter().map(|input| (input, 1.0)).collect(),
            aggregate: Aggregate::default(),
            with_scores: false,
        };
        while let Some((option, rest)) = options.split_first() {
            options = rest;
            if operation != Operation::Difference && is(option, "weights") && rest.len() >= keys.len() {
                for ((_, weight), text) in plan.inputs.iter_mut().zip(rest) {
                    *weight = exact(text).ok_or_else(|| Value::error("ERR weight value is not a float"))?;
                }
                options = &rest[keys.len()..];
            } else if operation != Operation::Difference && is(option, "aggregate") && !rest.is_empty() {
                plan.aggregate = match &rest[0] {
                    kind if is(kind, "sum") => Aggregate::Sum,
                    kind if is(kind, "min") => Aggregate::Least,
                    kind if is(kind, "max") => Aggregate::Most,
                    _ => return Err(syntax()),
                };
                options = &rest[1..];
            } else if !stores && is(option, "withscores") {
                plan.with_scores = true;
            } else {
                return Err(syntax());
            }
        }
        Ok(plan)
    }

    fn result(&self) -> SortedSet {
        // A weight of nothing times infinity is nothing.
        let weighted = |score: f64, weight: f64| Some(score * weight).filter(|w| !w.is_nan()).unwrap_or(0.0);
        let mut result: HashMap<&[u8], f64> = HashMap::new();
        for (place, (input, weight)) in self.inputs.iter().enumerate() {
            match self.operation {
                Operation::Union => {
                    for (member, score) in input {
                        let new = weighted(*score, *weight);
                        let entry = result.entry(member);
                        entry.and_modify(|score| *score = self.aggregate.of(*score, new)).or_insert(new);
                    }
                }
                _ if place == 0 => {
                    result = input.iter().map(|(member, score)| (&**member, weighted(*score, *weight))).collect();
                }
                Operation::Intersection => result.retain(|member, score| match input.get(*member) {
                    Some(other) => {
                        *score = self.aggregate.of(*score, weighted(*other, *weight));
                        true
                    }
                    None => false,
                }),
                Operation::Difference => result.retain(|member, _| !input.contains_key(*member)),
            }
        }
        let mut set = SortedSet::default();
        for (member, score) in result {
            set.insert(member, score);
        }
        set
    }
}

/// The keys behind their number, and what follows them.
fn numbered_keys<'a>(args: &'a [Bytes], name: &str) -> Result<(&'a [Bytes], &'a [Bytes]), Value> {
    let (number, rest) = args.split_first().ok_or_else(syntax)?;
    let number = integer(number)?;
    if number < 1 {
        return Err(Value::error(format!("ERR at least 1 input key is needed for '{name}' command")));
    }
    match usize::try_from(number) {
        Ok(number) if number <= rest.len() => Ok(rest.split_at(number)),
        _ => Err(syntax()),
    }
}

/// A sorted set, or a set, whose members all have the score 1.
fn input(context: &mut Context<'_>, key: &[u8]) -> Result<HashMap<Vec<u8>, f64>, Value> {
    let now = context.now;
    Ok(match context.db().get(key, now) {
        None => HashMap::new(),
        Some(Stored::SortedSet(set)) => set.members().iter().map(|(m, score)| (m.to_vec(), *score)).collect(),
        Some(Stored::Set(set)) => set.iter().map(|member| (member.to_vec(), 1.0)).collect(),
        Some(_) => return Err(wrong_type()),
    })
}

fn store(context: &mut Context<'_>, args: &[Bytes], name: &str, operation: Operation) -> Outcome {
    let result = Plan::parse(context, &args[2..], name, operation, true)?.result();
    Ok(put(context, &args[1], result))
}

fn read(context: &mut Context<'_>, args: &[Bytes], name: &str, operation: Operation) -> Outcome {
    let plan = Plan::parse(context, &args[1..], name, operation, false)?;
    let result = plan.result();
    let found = result.range(0..result.len());
    if plan.with_scores {
        return Ok(scored(popped_values(&found), context.speaks_resp3()));
    }
    Ok(Value::Array(found.iter().map(|(member, _)| bulk(member)).collect()))
}

/// `ZINTERCARD numkeys key … [LIMIT n]`
fn cardinality(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (keys, options) = numbered_keys(&args[1..], "zintercard")?;
    let inputs = keys.iter().map(|key| input(context, key)).collect::<Result<Vec<_>, _>>()?;
    let most = limit(options)?;
    let (first, others) = inputs.split_first().ok_or_else(syntax)?;
    let common = first.keys().filter(|member| others.iter().all(|other| other.contains_key(*member))).count();
    Ok(count(if most == 0 { common } else { common.min(most) }))
}

/// `LIMIT n` of `ZINTERCARD` and `SINTERCARD`, the last one counts; 0 is none.
pub(in crate::commands) fn limit(options: &[Bytes]) -> Result<usize, Value> {
    let mut most = 0;
    for option in options.chunks(2) {
        match option {
            [name, value] if is(name, "limit") => most = not_negative(value, "LIMIT")?,
            _ => return Err(syntax()),
        }
    }
    Ok(most)
}
