//! Reads arguments as Redis does, with its errors.

use std::ops::Range;

use bytes::Bytes;
use nautiloid_resp::Value;

use crate::context::error_line;

/// An integer: decimal, no plus sign, no leading zeros, no spaces.
pub(super) fn integer(bytes: &[u8]) -> Result<i64, Value> {
    strict_integer(bytes).ok_or_else(|| Value::error("ERR value is not an integer or out of range"))
}

/// An [`integer`] of that range.
pub(super) fn integer_within(bytes: &[u8], least: i64, most: i64) -> Result<i64, Value> {
    let number = integer(bytes)?;
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(Value::error(format!("ERR value is out of range, value must between {least} and {most}")))
    }
}

/// As [`integer`], without an error of its own.
pub(super) fn strict_integer(bytes: &[u8]) -> Option<i64> {
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let plain = match digits {
        [b'0'] => digits.len() == bytes.len(),
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if plain { std::str::from_utf8(bytes).ok()?.parse().ok() } else { None }
}

/// How many elements are to be popped.
pub(super) fn pop_count(bytes: &[u8]) -> Result<usize, Value> {
    let count = strict_integer(bytes).and_then(|count| usize::try_from(count).ok());
    count.ok_or_else(|| Value::error("ERR value is out of range, must be positive"))
}

/// The value of the option named, 0 or more.
pub(super) fn not_negative(value: &Bytes, name: &str) -> Result<usize, Value> {
    let number = strict_integer(value).and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| Value::error(format!("ERR {name} can't be negative")))
}

/// Positions from `start` to `stop`, both included, negative ones from the end, of so many.
pub(super) fn range_of_places(start: i64, stop: i64, length: usize) -> Range<usize> {
    let total = i64::try_from(length).unwrap_or(i64::MAX);
    let from_end = |n: i64| if n < 0 { (total + n).max(0) } else { n };
    let stop = if stop < 0 { total + stop } else { stop.min(total - 1) };
    let start = from_end(start);
    if start > stop || start >= total {
        return 0..0;
    }
    usize::try_from(start).unwrap_or(0)..usize::try_from(stop + 1).unwrap_or(0)
}

/// Whether an argument is the option named, in any case.
pub(super) fn is(argument: &Bytes, option: &str) -> bool {
    argument.eq_ignore_ascii_case(option.as_bytes())
}

/// `ERR syntax error`
pub(super) fn syntax() -> Value {
    Value::error("ERR syntax error")
}

/// An error with bytes of the client in it: up to the first NUL, where C ends a string, and at most `most` of them.
pub(super) fn error_about(before: &str, bytes: &[u8], most: usize, after: &str) -> Value {
    error_line(&[before.as_bytes(), c_string(bytes, most), after.as_bytes()].concat())
}

/// What `%.*s` of C prints.
pub(super) fn c_string(bytes: &[u8], most: usize) -> &[u8] {
    let end = bytes.iter().take(most).position(|b| *b == 0).unwrap_or(bytes.len().min(most));
    bytes.get(..end).unwrap_or_default()
}

/// A length or a count as a reply.
pub(super) fn count(n: usize) -> Value {
    Value::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// A bulk string with a copy of the bytes.
pub(super) fn bulk(bytes: &[u8]) -> Value {
    Value::Bulk(Bytes::copy_from_slice(bytes))
}

/// An array of copies.
pub(super) fn bulks<'a>(items: impl IntoIterator<Item = &'a Box<[u8]>>) -> Vec<Value> {
    items.into_iter().map(|item| bulk(item)).collect()
}
