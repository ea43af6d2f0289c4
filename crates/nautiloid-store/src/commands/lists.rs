//! Commands on lists.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::parse::{bulk, count, integer, is, not_negative, pop_count, range_of_places, syntax};
use super::{Command, Kind, command};
use crate::context::{Context, Outcome};
use crate::keyspace::List;

pub(super) const COMMANDS: &[Command] = &[
    command("lpush", -3, Kind::Write, |context, args| push(context, args, End::Left, false)),
    command("rpush", -3, Kind::Write, |context, args| push(context, args, End::Right, false)),
    command("lpushx", -3, Kind::Write, |context, args| push(context, args, End::Left, true)),
    command("rpushx", -3, Kind::Write, |context, args| push(context, args, End::Right, true)),
    command("lpop", -2, Kind::Write, |context, args| pop(context, args, End::Left, "lpop")),
    command("rpop", -2, Kind::Write, |context, args| pop(context, args, End::Right, "rpop")),
    command("llen", 2, Kind::Read, |context, args| Ok(count(list(context, &args[1])?.map_or(0, List::len)))),
    command("lrange", 4, Kind::Read, range),
    command("lindex", 3, Kind::Read, index),
    command("lset", 4, Kind::Write, set),
    command("linsert", 5, Kind::Write, insert),
    command("lrem", 4, Kind::Write, remove),
    command("ltrim", 4, Kind::Write, trim),
    command("lmove", 5, Kind::Write, |context, args| {
        let (from, to) = (End::parse(&args[3])?, End::parse(&args[4])?);
        move_one(context, &args[1], &args[2], from, to)
    }),
    command("rpoplpush", 3, Kind::Write, |context, args| move_one(context, &args[1], &args[2], End::Right, End::Left)),
    command("lpos", -3, Kind::Read, positions),
];

/// An end of a list.
#[derive(Debug, Clone, Copy)]
enum End {
    Left,
    Right,
}

impl End {
    fn parse(word: &Bytes) -> Result<Self, Value> {
        match word {
            word if is(word, "left") => Ok(End::Left),
            word if is(word, "right") => Ok(End::Right),
            _ => Err(syntax()),
        }
    }

    fn push(self, list: &mut List, item: Box<[u8]>) {
        match self {
            End::Left => list.push_front(item),
            End::Right => list.push_back(item),
        }
    }

    fn pop(self, list: &mut List) -> Option<Box<[u8]>> {
        match self {
            End::Left => list.pop_front(),
            End::Right => list.pop_back(),
        }
    }
}

fn list<'a>(context: &'a mut Context<'_>, key: &[u8]) -> Result<Option<&'a List>, Value> {
    let now = context.now;
    context.db().read::<List>(key, now)
}

fn list_to_change<'a>(context: &'a mut Context<'_>, key: &[u8]) -> Result<Option<&'a mut List>, Value> {
    let now = context.now;
    context.db().change::<List>(key, now)
}

/// A list without elements is no key.
fn remove_if_empty(context: &mut Context<'_>, key: &[u8]) -> Result<(), Value> {
    if list(context, key)?.is_some_and(List::is_empty) {
        let now = context.now;
        context.db().remove(key, now);
    }
    Ok(())
}

fn push(context: &mut Context<'_>, args: &[Bytes], end: End, only_if_there: bool) -> Outcome {
    let now = context.now;
    if only_if_there && list(context, &args[1])?.is_none() {
        return Ok(Value::Integer(0));
    }
    let list = context.db().change_or_add::<List>(&args[1], now)?;
    for item in &args[2..] {
        end.push(list, (**item).into());
    }
    Ok(count(list.len()))
}

fn pop(context: &mut Context<'_>, args: &[Bytes], end: End, name: &str) -> Outcome {
    let wanted = match &args[2..] {
        [] => None,
        [wanted] => Some(pop_count(wanted)?),
        _ => return Err(super::wrong_number(name)),
    };
    let Some(list) = list_to_change(context, &args[1])? else {
        return Ok(if wanted.is_some() { Value::NilArray } else { Value::Nil });
    };
    let most = wanted.unwrap_or(1).min(list.len());
    let popped: Vec<Value> = (0..most).filter_map(|_| end.pop(list)).map(|item| bulk(&item)).collect();
    remove_if_empty(context, &args[1])?;
    Ok(match wanted {
        Some(_) => Value::Array(popped),
        None => popped.into_iter().next().unwrap_or(Value::Nil),
    })
}

fn range(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (start, stop) = (integer(&args[2])?, integer(&args[3])?);
    let Some(list) = list(context, &args[1])? else { return Ok(Value::Array(Vec::new())) };
    Ok(Value::Array(list.range(range_of_places(start, stop, list.len())).map(|item| bulk(item)).collect()))
}

/// The place of an index, negative ones from the end.
fn place(index: i64, length: usize) -> Option<usize> {
    let from_start = if index < 0 { index.checked_add(i64::try_from(length).ok()?)? } else { index };
    usize::try_from(from_start).ok().filter(|place| *place < length)
}

fn index(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let Some(list) = list(context, &args[1])? else { return Ok(Value::Nil) };
    let index = integer(&args[2])?;
    Ok(place(index, list.len()).and_then(|place| list.get(place)).map_or(Value::Nil, |item| bulk(item)))
}

fn set(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let Some(list) = list_to_change(context, &args[1])? else { return Err(Value::error("ERR no such key")) };
    let index = integer(&args[2])?;
    let item = place(index, list.len()).and_then(|place| list.get_mut(place));
    *item.ok_or_else(|| Value::error("ERR index out of range"))? = (*args[3]).into();
    context.db().touch(&args[1]);
    Ok(Value::OK)
}

fn insert(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let behind = match &args[2] {
        word if is(word, "before") => 0,
        word if is(word, "after") => 1,
        _ => return Err(syntax()),
    };
    let Some(list) = list_to_change(context, &args[1])? else { return Ok(Value::Integer(0)) };
    let Some(pivot) = list.iter().position(|item| **item == *args[3]) else { return Ok(Value::Integer(-1)) };
    list.insert(pivot + behind, (*args[4]).into());
    Ok(count(list.len()))
}

/// Removes elements from the left with a positive count, from the right with a negative one, all with 0.
fn remove(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let wanted = integer(&args[2])?;
    let Some(list) = list_to_change(context, &args[1])? else { return Ok(Value::Integer(0)) };
    let most = match usize::try_from(wanted.unsigned_abs()) {
        Ok(0) | Err(_) => usize::MAX,
        Ok(most) => most,
    };
    let matching = list.iter().filter(|item| ***item == *args[3]).count();
    let removed = matching.min(most);
    // Of those that match, the last ones go when it counts from the right.
    let spared = if wanted < 0 { matching - removed } else { 0 };
    let mut met = 0;
    list.retain(|item| {
        if **item != *args[3] {
            return true;
        }
        met += 1;
        !(spared < met && met <= spared + removed)
    });
    remove_if_empty(context, &args[1])?;
    Ok(count(removed))
}

fn trim(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (start, stop) = (integer(&args[2])?, integer(&args[3])?);
    let Some(list) = list_to_change(context, &args[1])? else { return Ok(Value::OK) };
    let kept = range_of_places(start, stop, list.len());
    list.truncate(kept.end);
    list.drain(..kept.start);
    context.db().touch(&args[1]);
    remove_if_empty(context, &args[1])?;
    Ok(Value::OK)
}

fn move_one(context: &mut Context<'_>, source: &[u8], destination: &[u8], from: End, to: End) -> Outcome {
    if list(context, source)?.is_none() {
        return Ok(Value::Nil);
    }
    // Of another type, nothing may have been taken from the source.
    list(context, destination)?;
    let Some(item) = list_to_change(context, source)?.and_then(|list| from.pop(list)) else { return Ok(Value::Nil) };
    let reply = bulk(&item);
    let now = context.now;
    to.push(context.db().change_or_add::<List>(destination, now)?, item);
    remove_if_empty(context, source)?;
    Ok(reply)
}

/// `LPOS key element [RANK rank] [COUNT count] [MAXLEN length]`
fn positions(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (mut rank, mut wanted, mut longest) = (1, None, 0);
    for option in args[3..].chunks(2) {
        match option {
            [name, value] if is(name, "rank") => {
                rank = integer(value)?;
                if rank == 0 {
                    return Err(Value::error(
                        "ERR RANK can't be zero: use 1 to start from the first match, 2 from the \
                         second ... or use negative to start from the end of the list",
                    ));
                }
            }
            [name, value] if is(name, "count") => wanted = Some(not_negative(value, "COUNT")?),
            [name, value] if is(name, "maxlen") => longest = not_negative(value, "MAXLEN")?,
            _ => return Err(syntax()),
        }
    }
    let most = match wanted {
        None => 1,
        Some(0) => usize::MAX,
        Some(wanted) => wanted,
    };
    let compared = if longest == 0 { usize::MAX } else { longest };
    // As in Redis, the least rank, whose opposite does not fit, is passed by the first match.
    let skipped = if rank == i64::MIN { 0 } else { usize::try_from(rank.unsigned_abs() - 1).unwrap_or(usize::MAX) };
    let found: Vec<usize> = match list(context, &args[1])? {
        None => Vec::new(),
        Some(list) => {
            let matches = |(place, item): (usize, &[u8])| (*item == *args[2]).then_some(place);
            let (items, length) = (list.iter().map(|item| &**item), list.len());
            if rank > 0 {
                items.enumerate().take(compared).filter_map(matches).skip(skipped).take(most).collect()
            } else {
                let from_end = items.rev().enumerate().take(compared).filter_map(matches);
                from_end.map(|place| length - 1 - place).skip(skipped).take(most).collect()
            }
        }
    };
    Ok(match wanted {
        Some(_) => Value::Array(found.into_iter().map(count).collect()),
        None => found.first().map_or(Value::Nil, |place| count(*place)),
    })
}
