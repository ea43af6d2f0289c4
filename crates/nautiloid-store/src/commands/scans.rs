//! Scans: `SCAN` over keys is with the other commands on keys; here are those over the elements of one value, and what
//! all of them have in common.
//!
//! The collections are indexed maps, scanned from the last index down: removing an element moves only the last one, to a
//! lower index, so no element that is there all the time can be jumped over.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::parse::{bulk, integer, is, syntax};
use super::{Command, Kind, command};
use crate::glob;
use crate::keyspace::{Hash, Set, SortedSet, scan_range};

pub(super) const COMMANDS: &[Command] = &[
    command("hscan", -3, Kind::Read, |context, args| {
        let (cursor, now) = (parse_cursor(&args[2])?, context.now);
        let Some(hash) = context.db().read::<Hash>(&args[1], now)? else { return Ok(step(0, Vec::new())) };
        let options = Options::parse(&args[3..], false)?;
        let (range, next) = scan_range(hash.len(), cursor, options.count);
        let found = range.rev().filter_map(|index| hash.get_index(index)).filter(|(field, _)| options.matches(field));
        Ok(step(next, found.flat_map(|(field, value)| [bulk(field), bulk(value)]).collect()))
    }),
    command("sscan", -3, Kind::Read, |context, args| {
        let (cursor, now) = (parse_cursor(&args[2])?, context.now);
        let Some(set) = context.db().read::<Set>(&args[1], now)? else { return Ok(step(0, Vec::new())) };
        let options = Options::parse(&args[3..], false)?;
        let (range, next) = scan_range(set.len(), cursor, options.count);
        let found = range.rev().filter_map(|index| set.get_index(index)).filter(|member| options.matches(member));
        Ok(step(next, found.map(|member| bulk(member)).collect()))
    }),
    command("zscan", -3, Kind::Read, |context, args| {
        let (cursor, now) = (parse_cursor(&args[2])?, context.now);
        let Some(set) = context.db().read::<SortedSet>(&args[1], now)? else { return Ok(step(0, Vec::new())) };
        let options = Options::parse(&args[3..], false)?;
        let members = set.members();
        let (range, next) = scan_range(members.len(), cursor, options.count);
        let found = range.rev().filter_map(|index| members.get_index(index));
        let found = found.filter(|(member, _)| options.matches(member));
        // A string also in RESP3, as in Redis.
        let text = |score: f64| bulk(nautiloid_resp::general(score, 17).as_bytes());
        Ok(step(next, found.flat_map(|(member, score)| [bulk(member), text(*score)]).collect()))
    }),
];

/// What follows the cursor.
pub(super) struct Options<'a> {
    pattern: Option<&'a Bytes>,
    /// The type of the keys wanted.
    pub(super) type_name: Option<&'a Bytes>,
    /// How many elements to look at.
    pub(super) count: usize,
}

impl<'a> Options<'a> {
    pub(super) fn parse(args: &'a [Bytes], of_keys: bool) -> Result<Self, Value> {
        let mut options = Options { pattern: None, type_name: None, count: 10 };
        for option in args.chunks(2) {
            match option {
                [name, value] if is(name, "match") => options.pattern = Some(value),
                [name, value] if of_keys && is(name, "type") => options.type_name = Some(value),
                [name, value] if is(name, "count") => {
                    let count = usize::try_from(integer(value)?).ok().filter(|n| *n > 0);
                    options.count = count.ok_or_else(syntax)?;
                }
                _ => return Err(syntax()),
            }
        }
        Ok(options)
    }

    pub(super) fn matches(&self, name: &[u8]) -> bool {
        self.pattern.is_none_or(|pattern| glob::matches(pattern, name))
    }
}

/// Where to go on, and what was found.
pub(super) fn step(cursor: u64, found: Vec<Value>) -> Value {
    Value::Array(vec![bulk(cursor.to_string().as_bytes()), Value::Array(found)])
}

/// A cursor as C's `strtoul` reads it: nothing at all is 0, and a negative one counts from the end of all numbers.
///
/// # Errors
/// `ERR invalid cursor`
pub(super) fn parse_cursor(text: &[u8]) -> Result<u64, Value> {
    let number = |digits: &[u8]| match digits {
        [b'0'..=b'9', ..] => std::str::from_utf8(digits).ok()?.parse::<u64>().ok(),
        _ => None,
    };
    let cursor = match text {
        [] => Some(0),
        [b'+', digits @ ..] => number(digits),
        [b'-', digits @ ..] => number(digits).map(u64::wrapping_neg),
        digits => number(digits),
    };
    cursor.ok_or_else(|| Value::error("ERR invalid cursor"))
}
