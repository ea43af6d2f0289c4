//! Reads names of entries as Redis does, and writes entries as replies.

use bytes::Bytes;
use nautiloid_resp::Value;

use crate::commands::parse::{bulk, bulks, c_string, integer, is, strict_integer, syntax};
use crate::keyspace::{Entry, Stream, StreamId};

/// Longest name, in bytes.
const LONGEST: usize = 127;

/// A name of an entry: `5-1`, or `5` with the second part given.
///
/// # Errors
/// `ERR Invalid stream ID specified as stream command argument`
pub(super) fn stream_id(text: &[u8], missing: u64) -> Result<StreamId, Value> {
    match parts(text) {
        Some((ms, Some(seq))) => number(seq).map(|seq| StreamId { ms, seq }),
        Some((ms, None)) => Some(StreamId { ms, seq: missing }),
        None => None,
    }
    .ok_or_else(invalid)
}

/// As XADD takes it: `*`, `5-*` or a whole name.
#[derive(Debug, Clone, Copy)]
pub(super) enum NewId {
    Now,
    In(u64),
    Given(StreamId),
}

impl NewId {
    pub(super) fn parse(text: &[u8]) -> Result<Self, Value> {
        match parts(text) {
            _ if text == b"*" => Ok(NewId::Now),
            Some((ms, Some(b"*"))) => Ok(NewId::In(ms)),
            _ => stream_id(text, 0).map(NewId::Given),
        }
    }

    /// The name of the next entry; `None` when it is not greater than the last one.
    pub(super) fn resolve(self, stream: &Stream, now: u64) -> Option<StreamId> {
        let last = stream.last_id;
        let id = match self {
            NewId::Given(id) => id,
            NewId::Now if now <= last.ms => last.next()?,
            NewId::Now => StreamId { ms: now, seq: 0 },
            NewId::In(ms) if ms == last.ms => StreamId { ms, seq: last.seq.checked_add(1)? },
            NewId::In(ms) => StreamId { ms, seq: 0 },
        };
        (id > last).then_some(id)
    }
}

/// Where a range begins: `-`, a name, or `(` and a name, which is left out.
pub(super) fn range_start(text: &[u8]) -> Result<StreamId, Value> {
    match text {
        [b'(', rest @ ..] => {
            let left_out = stream_id(rest, 0)?;
            left_out.next().ok_or_else(|| Value::error("ERR invalid start ID for the interval"))
        }
        _ => Ok(end_of_all(text).map_or_else(|| stream_id(text, 0), Ok)?),
    }
}

/// Where a range ends: `+`, a name, or `(` and a name, which is left out.
pub(super) fn range_end(text: &[u8]) -> Result<StreamId, Value> {
    match text {
        [b'(', rest @ ..] => {
            let left_out = stream_id(rest, u64::MAX)?;
            left_out.previous().ok_or_else(|| Value::error("ERR invalid end ID for the interval"))
        }
        _ => Ok(end_of_all(text).map_or_else(|| stream_id(text, u64::MAX), Ok)?),
    }
}

/// The least name, or the greatest.
pub(super) fn end_of_all(text: &[u8]) -> Option<StreamId> {
    match text {
        b"-" => Some(StreamId::ZERO),
        b"+" => Some(StreamId::MAX),
        _ => None,
    }
}

/// The first part, and the second as it is written.
fn parts(text: &[u8]) -> Option<(u64, Option<&[u8]>)> {
    if text.len() > LONGEST {
        return None;
    }
    let text = c_string(text, LONGEST);
    match text.iter().position(|byte| *byte == b'-') {
        Some(dash) => Some((number(text.get(..dash)?)?, Some(text.get(dash + 1..)?))),
        None => Some((number(text)?, None)),
    }
}

/// As C's `strtoull` reads it, with spaces and a sign; but a plain negative number is none.
fn number(text: &[u8]) -> Option<u64> {
    if let Some(plain) = strict_integer(text) {
        return u64::try_from(plain).ok();
    }
    let text = std::str::from_utf8(text).ok()?.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let value: u64 = digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits)?.parse().ok()?;
    Some(if negative { value.wrapping_neg() } else { value })
}

fn invalid() -> Value {
    Value::error("ERR Invalid stream ID specified as stream command argument")
}

/// The strings given as names, all of them.
pub(super) fn stream_ids(texts: &[Bytes]) -> Result<Vec<StreamId>, Value> {
    texts.iter().map(|text| stream_id(text, 0)).collect()
}

/// `[COUNT n]`: most entries wanted; the last one counts, and one below zero is zero.
pub(super) fn count_option(options: &[Bytes]) -> Result<Option<usize>, Value> {
    let mut count = None;
    for option in options.chunks(2) {
        match option {
            [name, value] if is(name, "count") => count = Some(usize::try_from(integer(value)?).unwrap_or(0)),
            _ => return Err(syntax()),
        }
    }
    Ok(count)
}

pub(super) fn id_reply(id: StreamId) -> Value {
    Value::bulk(id.to_string())
}

pub(super) fn entry_reply(entry: &Entry) -> Value {
    Value::Array(vec![id_reply(entry.id), Value::Array(bulks(&entry.fields))])
}

/// A name and a value of a map.
pub(super) fn pair(name: &str, value: Value) -> (Value, Value) {
    (bulk(name.as_bytes()), value)
}
