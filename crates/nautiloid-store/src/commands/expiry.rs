//! Deadlines of keys: setting, reading and removing them.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::parse::{error_about, integer, is};
use super::{Command, Kind, command};
use crate::context::{Context, Outcome};

pub(super) const COMMANDS: &[Command] = &[
    command("expire", -3, Kind::Write, |context, args| expire(context, args, "expire", Time::SECONDS)),
    command("pexpire", -3, Kind::Write, |context, args| expire(context, args, "pexpire", Time::MILLISECONDS)),
    command("expireat", -3, Kind::Write, |context, args| expire(context, args, "expireat", Time::AT_SECONDS)),
    command("pexpireat", -3, Kind::Write, |context, args| expire(context, args, "pexpireat", Time::AT_MILLISECONDS)),
    command("persist", 2, Kind::Write, persist),
    command("ttl", 2, Kind::Read, |context, args| left(context, args, |ms, now| (ms.saturating_sub(now) + 500) / 1000)),
    command("pttl", 2, Kind::Read, |context, args| left(context, args, u64::saturating_sub)),
    command("expiretime", 2, Kind::Read, |context, args| left(context, args, |ms, _| (ms + 500) / 1000)),
    command("pexpiretime", 2, Kind::Read, |context, args| left(context, args, |ms, _| ms)),
];

/// How a command gives a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    seconds: bool,
    absolute: bool,
}

impl Time {
    pub(super) const SECONDS: Time = Time { seconds: true, absolute: false };
    pub(super) const MILLISECONDS: Time = Time { seconds: false, absolute: false };
    pub(super) const AT_SECONDS: Time = Time { seconds: true, absolute: true };
    pub(super) const AT_MILLISECONDS: Time = Time { seconds: false, absolute: true };

    /// The option of `SET` and `GETEX` of that name.
    pub(super) fn from_option(option: &Bytes) -> Option<Time> {
        [("ex", Time::SECONDS), ("px", Time::MILLISECONDS), ("exat", Time::AT_SECONDS), ("pxat", Time::AT_MILLISECONDS)]
            .into_iter()
            .find_map(|(name, time)| is(option, name).then_some(time))
    }

    /// The Unix time in milliseconds, which may be in the past or before 1970; `None` on overflow.
    fn resolve(self, value: i64, now: u64) -> Option<i64> {
        let milliseconds = if self.seconds { value.checked_mul(1000)? } else { value };
        if self.absolute { Some(milliseconds) } else { milliseconds.checked_add(i64::try_from(now).ok()?) }
    }

    /// The deadline that an option of `SET` and the like gives: only more than zero is a time.
    ///
    /// # Errors
    /// `ERR invalid expire time in 'set' command`
    pub(super) fn deadline(self, argument: &Bytes, now: u64, command: &str) -> Result<u64, Value> {
        let value = integer(argument)?;
        Some(value)
            .filter(|value| *value > 0)
            .and_then(|value| self.resolve(value, now))
            .and_then(|deadline| u64::try_from(deadline).ok())
            .ok_or_else(|| invalid_time(command))
    }
}

fn invalid_time(command: &str) -> Value {
    Value::error(format!("ERR invalid expire time in '{command}' command"))
}

/// The conditions of `EXPIRE`.
#[derive(Default)]
struct Conditions {
    if_none: bool,
    if_some: bool,
    if_greater: bool,
    if_less: bool,
}

impl Conditions {
    fn parse(options: &[Bytes]) -> Result<Self, Value> {
        let mut conditions = Conditions::default();
        for option in options {
            match () {
                () if is(option, "nx") => conditions.if_none = true,
                () if is(option, "xx") => conditions.if_some = true,
                () if is(option, "gt") => conditions.if_greater = true,
                () if is(option, "lt") => conditions.if_less = true,
                () => return Err(error_about("ERR Unsupported option ", option, usize::MAX, "")),
            }
        }
        if conditions.if_none && (conditions.if_some || conditions.if_greater || conditions.if_less) {
            return Err(Value::error("ERR NX and XX, GT or LT options at the same time are not compatible"));
        }
        if conditions.if_greater && conditions.if_less {
            return Err(Value::error("ERR GT and LT options at the same time are not compatible"));
        }
        Ok(conditions)
    }

    /// A key that stays counts as one that expires later than any time.
    fn allow(&self, current: Option<u64>, new: i64) -> bool {
        let current = current.map(|current| i64::try_from(current).unwrap_or(i64::MAX));
        !(self.if_none && current.is_some()
            || self.if_some && current.is_none()
            || self.if_greater && current.is_none_or(|current| new <= current)
            || self.if_less && current.is_some_and(|current| new >= current))
    }
}

fn expire(context: &mut Context<'_>, args: &[Bytes], command: &str, time: Time) -> Outcome {
    let conditions = Conditions::parse(&args[3..])?;
    let deadline = time.resolve(integer(&args[2])?, context.now).ok_or_else(|| invalid_time(command))?;
    let now = context.now;
    let db = context.db();
    match db.deadline(&args[1], now) {
        Some(current) if conditions.allow(current, deadline) => {
            // One before 1970 is as past as any.
            db.set_deadline(&args[1], Some(u64::try_from(deadline).unwrap_or(0)), now);
            Ok(Value::Integer(1))
        }
        _ => Ok(Value::Integer(0)),
    }
}

fn persist(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let now = context.now;
    let db = context.db();
    let expires = matches!(db.deadline(&args[1], now), Some(Some(_)));
    if expires {
        db.set_deadline(&args[1], None, now);
    }
    Ok(Value::Integer(i64::from(expires)))
}

/// `-2` without a key, `-1` for one that stays, else what `show` makes of deadline and now.
fn left(context: &mut Context<'_>, args: &[Bytes], show: fn(u64, u64) -> u64) -> Outcome {
    let now = context.now;
    Ok(Value::Integer(match context.db().deadline(&args[1], now) {
        None => -2,
        Some(None) => -1,
        Some(Some(deadline)) => i64::try_from(show(deadline, now)).unwrap_or(i64::MAX),
    }))
}
