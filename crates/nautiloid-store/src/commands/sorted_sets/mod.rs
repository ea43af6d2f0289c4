//! Commands on sorted sets: `range` finds members by rank, score or name; `combine` makes one set of several.

mod combine;
mod range;

pub(super) use combine::limit;

use bytes::Bytes;
use nautiloid_resp::Value;

use super::draw::{one_place, places, wanted_pairs};
use super::parse::{bulk, count, is, pop_count, syntax};
use super::score::score;
use super::{Command, Kind, command};
use crate::context::{Context, Outcome};
use crate::keyspace::{Scored, SortedSet};

pub(super) const COMMANDS: &[&[Command]] = &[BASIC, range::COMMANDS, combine::COMMANDS];

const BASIC: &[Command] = &[
    command("zadd", -4, Kind::Write, add),
    command("zincrby", 4, Kind::Write, |context, args| {
        let increment = score(&args[2])?;
        let key = &args[1];
        let new = change(context, key, |set| raised(set.score(&args[3]).unwrap_or(0.0), increment))?;
        set_to_change(context, key)?.insert(&args[3], new);
        Ok(Value::Double(new))
    }),
    command("zrem", -3, Kind::Write, remove),
    command("zcard", 2, Kind::Read, |context, args| Ok(count(set(context, &args[1])?.map_or(0, SortedSet::len)))),
    command("zscore", 3, Kind::Read, |context, args| Ok(score_of(set(context, &args[1])?, &args[2]))),
    command("zmscore", -3, Kind::Read, |context, args| {
        let set = set(context, &args[1])?;
        Ok(Value::Array(args[2..].iter().map(|member| score_of(set, member)).collect()))
    }),
    command("zrank", 3, Kind::Read, |context, args| {
        let set = set(context, &args[1])?;
        Ok(set.and_then(|set| set.rank(&args[2])).map_or(Value::Nil, count))
    }),
    command("zrevrank", 3, Kind::Read, |context, args| {
        let set = set(context, &args[1])?;
        Ok(set.and_then(|set| Some(set.len() - 1 - set.rank(&args[2])?)).map_or(Value::Nil, count))
    }),
    command("zpopmin", -2, Kind::Write, |context, args| pop(context, args, false)),
    command("zpopmax", -2, Kind::Write, |context, args| pop(context, args, true)),
    command("zrandmember", -2, Kind::Read, random),
];

/// The set of a key, to be read.
fn set<'a>(context: &'a mut Context<'_>, key: &[u8]) -> Result<Option<&'a SortedSet>, Value> {
    let now = context.now;
    context.db().read::<SortedSet>(key, now)
}

fn set_to_change<'a>(context: &'a mut Context<'_>, key: &[u8]) -> Result<&'a mut SortedSet, Value> {
    let now = context.now;
    context.db().change_or_add::<SortedSet>(key, now)
}

/// What `look` makes of the set of a key, or of an empty one: nothing is put there by a failure.
fn change<T>(
    context: &mut Context<'_>,
    key: &[u8],
    look: impl FnOnce(&SortedSet) -> Result<T, Value>,
) -> Result<T, Value> {
    match set(context, key)? {
        Some(set) => look(set),
        None => look(&SortedSet::default()),
    }
}

fn score_of(set: Option<&SortedSet>, member: &[u8]) -> Value {
    set.and_then(|set| set.score(member)).map_or(Value::Nil, Value::Double)
}

/// The sum of two scores.
fn raised(current: f64, increment: f64) -> Result<f64, Value> {
    let sum = current + increment;
    if sum.is_nan() { Err(Value::error("ERR resulting score is not a number (NaN)")) } else { Ok(sum) }
}

/// The options of `ZADD`.
#[derive(Default)]
struct AddOptions {
    if_new: bool,
    if_there: bool,
    if_greater: bool,
    if_less: bool,
    count_changed: bool,
    increment: bool,
}

impl AddOptions {
    /// The options at the start of `args`, and how many there are.
    fn parse(args: &[Bytes]) -> (Self, usize) {
        let mut options = AddOptions::default();
        for (place, option) in args.iter().enumerate() {
            match () {
                () if is(option, "nx") => options.if_new = true,
                () if is(option, "xx") => options.if_there = true,
                () if is(option, "gt") => options.if_greater = true,
                () if is(option, "lt") => options.if_less = true,
                () if is(option, "ch") => options.count_changed = true,
                () if is(option, "incr") => options.increment = true,
                () => return (options, place),
            }
        }
        (options, args.len())
    }

    fn check(&self, pairs: usize) -> Result<(), Value> {
        if self.if_new && self.if_there {
            return Err(Value::error("ERR XX and NX options at the same time are not compatible"));
        }
        if (self.if_greater && (self.if_new || self.if_less)) || (self.if_less && self.if_new) {
            return Err(Value::error("ERR GT, LT, and/or NX options at the same time are not compatible"));
        }
        if self.increment && pairs > 1 {
            return Err(Value::error("ERR INCR option supports a single increment-element pair"));
        }
        Ok(())
    }

    /// The score that a member gets; `None` when it stays as it is.
    fn new_score(&self, current: Option<f64>, given: f64) -> Result<Option<f64>, Value> {
        let Some(current) = current else { return Ok((!self.if_there).then_some(given)) };
        if self.if_new {
            return Ok(None);
        }
        let new = if self.increment { raised(current, given)? } else { given };
        Ok((!(self.if_less && new >= current || self.if_greater && new <= current)).then_some(new))
    }
}

fn add(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (options, taken) = AddOptions::parse(&args[2..]);
    let pairs = &args[2 + taken..];
    if pairs.is_empty() || !pairs.len().is_multiple_of(2) {
        return Err(syntax());
    }
    options.check(pairs.len() / 2)?;
    let scores = pairs.iter().step_by(2).map(|text| score(text)).collect::<Result<Vec<_>, _>>()?;
    let key = &args[1];
    if options.if_there && set(context, key)?.is_none() {
        return Ok(if options.increment { Value::Nil } else { Value::Integer(0) });
    }
    let members = pairs.iter().skip(1).step_by(2);
    if options.increment {
        let (Some(member), Some(given)) = (pairs.get(1), scores.first()) else { return Err(syntax()) };
        let new = change(context, key, |set| options.new_score(set.score(member), *given))?;
        return Ok(match new {
            Some(new) => {
                set_to_change(context, key)?.insert(member, new);
                Value::Double(new)
            }
            None => Value::Nil,
        });
    }
    let set = set_to_change(context, key)?;
    let (mut added, mut changed) = (0, 0);
    for (member, given) in members.zip(scores) {
        let current = set.score(member);
        let Some(new) = options.new_score(current, given)? else { continue };
        match current {
            None => added += 1,
            Some(current) if current != new => changed += 1,
            Some(_) => continue,
        }
        set.insert(member, new);
    }
    Ok(count(if options.count_changed { added + changed } else { added }))
}

fn remove(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    remove_all(context, &args[1], args[2..].iter().map(|member| member.to_vec()))
}

/// Removes members, and the key with the last of them; gives how many there were.
fn remove_all(context: &mut Context<'_>, key: &[u8], members: impl IntoIterator<Item = Vec<u8>>) -> Outcome {
    let now = context.now;
    let Some(set) = context.db().change::<SortedSet>(key, now)? else { return Ok(Value::Integer(0)) };
    let removed = members.into_iter().filter(|member| set.remove(member)).count();
    if set.is_empty() {
        context.db().remove(key, now);
    }
    Ok(count(removed))
}

fn pop(context: &mut Context<'_>, args: &[Bytes], highest: bool) -> Outcome {
    let wanted = match &args[2..] {
        [] => None,
        [wanted] => Some(pop_count(wanted)?),
        _ => return Err(syntax()),
    };
    let resp3 = context.speaks_resp3();
    let Some(set) = set(context, &args[1])? else { return Ok(Value::Array(Vec::new())) };
    let (length, most) = (set.len(), wanted.unwrap_or(1).min(set.len()));
    let popped = if highest {
        let mut popped = set.range(length - most..length);
        popped.reverse();
        popped
    } else {
        set.range(0..most)
    };
    let members: Vec<Vec<u8>> = popped.iter().map(|(member, _)| member.to_vec()).collect();
    let reply = match (wanted, popped.first()) {
        // Without a count it is one pair, in RESP3 too.
        (None, Some((member, score))) => Value::Array(vec![bulk(member), Value::Double(*score)]),
        _ => scored(popped_values(&popped), resp3),
    };
    remove_all(context, &args[1], members)?;
    Ok(reply)
}

fn popped_values(popped: &[Scored<'_>]) -> Vec<(Value, f64)> {
    popped.iter().map(|(member, score)| (bulk(member), *score)).collect()
}

/// Members with scores: one after the other, in RESP3 in pairs.
fn scored(pairs: Vec<(Value, f64)>, resp3: bool) -> Value {
    if resp3 {
        Value::Array(pairs.into_iter().map(|(m, score)| Value::Array(vec![m, Value::Double(score)])).collect())
    } else {
        Value::Array(pairs.into_iter().flat_map(|(member, score)| [member, Value::Double(score)]).collect())
    }
}

/// Members at random.
fn random(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (wanted, with_scores) = wanted_pairs(&args[2..], "withscores", "members")?;
    let resp3 = context.speaks_resp3();
    let found = set(context, &args[1])?.map(SortedSet::members);
    let chosen: Vec<(Value, f64)> = match (found, wanted) {
        (None, None) => return Ok(Value::Nil),
        (None, Some(_)) => Vec::new(),
        (Some(members), None) => {
            return Ok(members.get_index(one_place(members.len())).map_or(Value::Nil, |(member, _)| bulk(member)));
        }
        (Some(members), Some(wanted)) => {
            let chosen = places(wanted, members.len()).into_iter().filter_map(|place| members.get_index(place));
            chosen.map(|(member, score)| (bulk(member), *score)).collect()
        }
    };
    if with_scores {
        return Ok(scored(chosen, resp3));
    }
    Ok(Value::Array(chosen.into_iter().map(|(member, _)| member).collect()))
}
