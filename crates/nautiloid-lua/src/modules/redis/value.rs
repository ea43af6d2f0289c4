//! One Lua value as one argument of a command, and what is said when it can be none.

use std::borrow::Cow;

use nautiloid_redis::Request;

use super::fault::Fault;
use crate::call::{Text, text};
use crate::stack::Seen;

/// One value: strings byte for byte, numbers as digits, booleans as `1` and `0`.
pub(super) fn add_value(request: &mut Request, value: Seen<'_>) -> Result<(), Fault> {
    add(request, value, Request::arg)
}

/// How a text goes into a request: [`Request::arg`] or [`Request::key`].
pub(super) type AddText = for<'a> fn(&'a mut Request, &[u8]) -> &'a mut Request;

/// One value, as what `add` makes of it.
pub(super) fn add(request: &mut Request, value: Seen<'_>, add: AddText) -> Result<(), Fault> {
    match value {
        Seen::Number(n) if n.fract() == 0.0 && n.abs() < LEAST_LONG => {
            #[expect(clippy::cast_possible_truncation, reason = "integral and small")]
            add(request, itoa::Buffer::new().format(n as i64).as_bytes());
        }
        other => {
            add(request, &bytes(other)?);
        }
    }
    Ok(())
}

/// Integers below need no look at how large they are.
const LEAST_LONG: f64 = 1e15;

/// The bytes that a value is sent as.
pub(super) fn bytes(value: Seen<'_>) -> Result<Text<'_>, Fault> {
    match value {
        Seen::Boolean(b) => Ok(Cow::Borrowed(if b { b"1" } else { b"0" })),
        other => text(other).ok_or_else(|| unable_to_convert(other)),
    }
}

/// A score as Redis reads it; strings such as `"inf"` or `"(5"` go as they are. `None` for what is neither string nor
/// number.
pub(super) fn score_text(value: Seen<'_>) -> Option<Text<'_>> {
    match value {
        Seen::Number(score) if score.is_infinite() => Some(Cow::Borrowed(if score > 0.0 { b"+inf" } else { b"-inf" })),
        other => text(other),
    }
}

pub(super) fn unable_to_convert(value: Seen<'_>) -> Fault {
    Fault::Refused(format!("unable to convert Lua value of type {}", value.type_name()))
}

pub(super) fn wrong_number() -> Fault {
    Fault::Refused("invalid number of arguments".to_owned())
}
