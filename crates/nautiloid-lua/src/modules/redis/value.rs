//! One Lua value as one argument of a command, and what is said when it can be none.

use mlua::Value;
use nautiloid_redis::Request;

use crate::arguments::{Text, type_name};

/// An argument that is given back as `nil, message` rather than raised.
pub(super) struct Refusal(pub(super) String);

pub(super) const WRONG_NUMBER: &str = "invalid number of arguments";

/// One value: strings byte for byte, numbers as digits, booleans as `1` and `0`.
pub(super) fn add_value(request: &mut Request, value: &Value) -> Result<(), Refusal> {
    with_bytes(value, |bytes| {
        request.arg(bytes);
    })
}

/// The name of a key, which is converted as a value is.
pub(super) fn add_key(request: &mut Request, value: &Value) -> Result<(), Refusal> {
    with_bytes(value, |bytes| {
        request.key(bytes);
    })
}

pub(super) fn with_bytes(value: &Value, add: impl FnOnce(&[u8])) -> Result<(), Refusal> {
    match value {
        Value::String(s) => add(&s.as_bytes()),
        Value::Boolean(b) => add(if *b { b"1" } else { b"0" }),
        other => match Text::from_value(other) {
            Some(text) => add(text.as_bytes()),
            None => return unable_to_convert(other),
        },
    }
    Ok(())
}

/// A score as Redis reads it; strings such as `"inf"` or `"(5"` go as they are. `None` for what is neither string nor
/// number.
pub(super) fn score_text(value: &Value) -> Option<Text> {
    match value {
        Value::Number(score) if score.is_infinite() => {
            Some(Text::Digits(if *score > 0.0 { "+inf" } else { "-inf" }.to_owned()))
        }
        other => Text::from_value(other),
    }
}

pub(super) fn unable_to_convert(value: &Value) -> Result<(), Refusal> {
    refuse(&format!("unable to convert Lua value of type {}", type_name(value)))
}

pub(super) fn refuse(message: &str) -> Result<(), Refusal> {
    Err(Refusal(message.to_owned()))
}
