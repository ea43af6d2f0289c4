//! What was given to consumers and is not done with: XPENDING lists it, XCLAIM and XAUTOCLAIM give it to another.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::ids::{entry_reply, id_reply, range_end, range_start, stream_id};
use super::{no_group_in, stream, stream_to_change};
use crate::commands::parse::{bulk, count, error_about, integer, is, strict_integer, syntax};
use crate::commands::{Command, Kind, command};
use crate::context::{Context, Outcome};
use crate::keyspace::{Group, Pending, StreamId};

pub(super) const COMMANDS: &[Command] = &[
    command("xpending", -3, Kind::Read, |context, args| match args.len() {
        3 => Ok(summary(group(context, args)?)),
        6..=9 => list(context, args),
        _ => Err(syntax()),
    }),
    command("xclaim", -6, Kind::Write, claim),
    command("xautoclaim", -6, Kind::Write, claim_what_is_idle),
];

/// Entries that XAUTOCLAIM gives at most, unless told otherwise, and how many it looks at for each.
const USUAL_COUNT: usize = 100;
const LOOKED_AT: usize = 10;

fn no_group(args: &[Bytes]) -> Value {
    no_group_in(&args[1], &args[2], "'")
}

fn group<'a>(context: &'a mut Context<'_>, args: &[Bytes]) -> Result<&'a Group, Value> {
    let group = stream(context, &args[1])?.and_then(|stream| stream.groups.get(&*args[2]));
    group.ok_or_else(|| no_group(args))
}

/// How many entries, from which to which, and how many each consumer has.
fn summary(group: &Group) -> Value {
    let pending = group.pending();
    let (Some((first, _)), Some((last, _))) = (pending.first_key_value(), pending.last_key_value()) else {
        return Value::Array(vec![Value::Integer(0), Value::Nil, Value::Nil, Value::NilArray]);
    };
    let consumers = group.consumers().iter().filter(|(_, consumer)| !consumer.pending.is_empty());
    let consumers = consumers
        .map(|(name, consumer)| Value::Array(vec![bulk(name), bulk(consumer.pending.len().to_string().as_bytes())]));
    Value::Array(vec![count(pending.len()), id_reply(*first), id_reply(*last), Value::Array(consumers.collect())])
}

/// `XPENDING key group [IDLE least] start end count [consumer]`
fn list(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let (least_idle, range) = match &args[3..] {
        [option, idle, rest @ ..] if is(option, "idle") => (integer(idle)?, rest),
        rest => (0, rest),
    };
    let [start, end, most, rest @ ..] = range else { return Err(syntax()) };
    let most = usize::try_from(integer(most)?).unwrap_or(0);
    let (start, end) = (range_start(start)?, range_end(end)?);
    let now = context.now;
    let group = group(context, args)?;
    let listed = |(id, pending): (StreamId, &Pending)| {
        let idle = idle(now, pending.delivered);
        (idle >= least_idle).then(|| {
            let (idle, deliveries) = (Value::Integer(idle), Value::Integer(pending.deliveries));
            Value::Array(vec![id_reply(id), bulk(&pending.consumer), idle, deliveries])
        })
    };
    Ok(Value::Array(match rest.first() {
        Some(consumer) => {
            let given = group.pending_of(consumer, start).take_while(|(id, _)| *id <= end);
            given.filter_map(listed).take(most).collect()
        }
        None => {
            let given = group.pending().range(start..).take_while(|(id, _)| **id <= end);
            given.map(|(id, pending)| (*id, pending)).filter_map(listed).take(most).collect()
        }
    }))
}

/// For how many milliseconds nobody asked for it.
fn idle(now: u64, delivered: u64) -> i64 {
    i64::try_from(now.saturating_sub(delivered)).unwrap_or(i64::MAX)
}

/// What XCLAIM is told of the entries that it gives.
#[derive(Default)]
struct Claim {
    force: bool,
    only_ids: bool,
    delivered: Option<i64>,
    deliveries: Option<i64>,
    last_id: StreamId,
}

impl Claim {
    fn parse(mut options: &[Bytes], now: u64) -> Result<Self, Value> {
        let now = i64::try_from(now).unwrap_or(i64::MAX);
        let mut claim = Claim::default();
        let number = |name: &str, value: &Bytes| {
            let invalid = || Value::error(format!("ERR Invalid {name} option argument for XCLAIM"));
            strict_integer(value).ok_or_else(invalid)
        };
        while let Some((option, rest)) = options.split_first() {
            let value = rest.first();
            let has_value = match (option, value) {
                (option, _) if is(option, "force") => {
                    claim.force = true;
                    false
                }
                (option, _) if is(option, "justid") => {
                    claim.only_ids = true;
                    false
                }
                (option, Some(value)) if is(option, "idle") => {
                    claim.delivered = Some(now.wrapping_sub(number("IDLE", value)?));
                    true
                }
                (option, Some(value)) if is(option, "time") => {
                    claim.delivered = Some(number("TIME", value)?);
                    true
                }
                (option, Some(value)) if is(option, "retrycount") => {
                    claim.deliveries = Some(number("RETRYCOUNT", value)?);
                    true
                }
                (option, Some(value)) if is(option, "lastid") => {
                    claim.last_id = stream_id(value, 0)?;
                    true
                }
                _ => return Err(error_about("ERR Unrecognized XCLAIM option '", option, usize::MAX, "'")),
            };
            options = &rest[usize::from(has_value)..];
        }
        Ok(claim)
    }

    /// A time that has not come yet, or never was, is now.
    fn delivered(&self, now: u64) -> u64 {
        self.delivered.and_then(|time| u64::try_from(time).ok()).filter(|time| *time <= now).unwrap_or(now)
    }
}

fn least_idle(text: &[u8], command: &str) -> Result<i64, Value> {
    let invalid = || Value::error(format!("ERR Invalid min-idle-time argument for {command}"));
    strict_integer(text).ok_or_else(invalid)
}

/// `XCLAIM key group consumer min-idle-time id … [options]`
fn claim(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    group(context, args)?;
    let least_idle = least_idle(&args[4], "XCLAIM")?;
    let ids: Vec<_> = args[5..].iter().map_while(|text| stream_id(text, 0).ok()).collect();
    let now = context.now;
    let claim = Claim::parse(&args[5 + ids.len()..], now)?;
    let Some(stream) = stream_to_change(context, &args[1])? else { return Err(no_group(args)) };
    let there: Vec<_> = ids.iter().map(|id| stream.get(*id).map(entry_reply)).collect();
    let Some(group) = stream.groups.get_mut(&*args[2]) else { return Err(no_group(args)) };
    group.last_id = group.last_id.max(claim.last_id);
    let mut claimed = Vec::new();
    for (id, entry) in ids.into_iter().zip(there) {
        let Some(entry) = entry else {
            group.acknowledge(id);
            continue;
        };
        let deliveries = match group.pending().get(&id) {
            Some(pending) if idle(now, pending.delivered) < least_idle => continue,
            Some(pending) => pending.deliveries,
            None if claim.force => 1,
            None => continue,
        };
        let given = claim.deliveries.filter(|deliveries| *deliveries >= 0);
        let deliveries = given.unwrap_or(deliveries + i64::from(!claim.only_ids));
        // As in Redis, a consumer that gets nothing is not made.
        group.see(&args[3], now);
        group.give(id, &args[3], claim.delivered(now), deliveries);
        claimed.push(if claim.only_ids { id_reply(id) } else { entry });
    }
    Ok(Value::Array(claimed))
}

/// `XAUTOCLAIM key group consumer min-idle-time start [COUNT n] [JUSTID]`: where to go on, what was given, and what was
/// deleted from the stream meanwhile.
fn claim_what_is_idle(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let least_idle = least_idle(&args[4], "XAUTOCLAIM")?;
    let start = range_start(&args[5])?;
    let (mut most, mut only_ids, mut options) = (USUAL_COUNT, false, &args[6..]);
    while let Some((option, rest)) = options.split_first() {
        options = rest;
        if is(option, "count") && !rest.is_empty() {
            let wanted = strict_integer(&rest[0]).filter(|wanted| (1..=i64::MAX / 16).contains(wanted));
            let wanted = wanted.and_then(|wanted| usize::try_from(wanted).ok());
            most = wanted.ok_or_else(|| Value::error("ERR COUNT must be > 0"))?;
            options = &rest[1..];
        } else if is(option, "justid") {
            only_ids = true;
        } else {
            return Err(syntax());
        }
    }
    group(context, args)?;
    let now = context.now;
    let Some(stream) = stream_to_change(context, &args[1])? else { return Err(no_group(args)) };
    let Some(group) = stream.groups.get_mut(&*args[2]) else { return Err(no_group(args)) };
    let mut looked_at: Vec<_> = group
        .pending()
        .range(start..)
        .take(most.saturating_mul(LOOKED_AT) + 1)
        .map(|(id, pending)| (*id, idle(now, pending.delivered), pending.deliveries))
        .collect();
    // The one behind the last that is looked at.
    let mut next =
        if looked_at.len() > most.saturating_mul(LOOKED_AT) { looked_at.pop().map(|(id, ..)| id) } else { None };
    let (mut claimed, mut deleted) = (Vec::new(), Vec::new());
    for (id, idle, deliveries) in looked_at {
        if claimed.len() + deleted.len() == most {
            next = Some(id);
            break;
        }
        let entry = stream.get(id).map(entry_reply);
        let Some(group) = stream.groups.get_mut(&*args[2]) else { break };
        match entry {
            None => {
                group.acknowledge(id);
                deleted.push(id_reply(id));
            }
            Some(entry) if idle >= least_idle => {
                group.see(&args[3], now);
                group.give(id, &args[3], now, deliveries + i64::from(!only_ids));
                claimed.push(if only_ids { id_reply(id) } else { entry });
            }
            Some(_) => {}
        }
    }
    let next = id_reply(next.unwrap_or(StreamId::ZERO));
    Ok(Value::Array(vec![next, Value::Array(claimed), Value::Array(deleted)]))
}
