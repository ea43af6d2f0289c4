//! Tables of options: `{ nx = true, ex = 60 }`.

use mlua::{Table, Value};
use nautiloid_redis::Request;
use nautiloid_redis::commands::{Choice, Takes};

use crate::arguments::{Arguments, Raise, Text, type_name};

/// Adds what the options at `index` become, in the order of the row, so that equal calls are equal commands.
pub(super) fn add(
    request: &mut Request,
    index: usize,
    table: &Table,
    choices: &'static [Choice],
    arguments: &Arguments<'_>,
) -> Result<(), Raise> {
    for pair in table.pairs::<Value, Value>() {
        let (key, _) = pair?;
        let known =
            key.as_string().is_some_and(|key| choices.iter().any(|choice| *key.as_bytes() == *choice.name.as_bytes()));
        if !known {
            let names: Vec<&str> = choices.iter().map(|choice| choice.name).collect();
            let key = Text::from_value(&key)
                .map_or_else(|| type_name(&key).to_owned(), |key| String::from_utf8_lossy(key.as_bytes()).into_owned());
            return Err(arguments.bad(index, &format!("unknown option '{key}': there are {}", names.join(", "))));
        }
    }
    let mut chosen: Vec<&Choice> = Vec::new();
    for choice in choices {
        let value = table.raw_get::<Value>(choice.name)?;
        if matches!(value, Value::Nil | Value::Boolean(false)) {
            continue;
        }
        if let Some(other) = chosen.iter().find(|other| !choice.group.is_empty() && other.group == choice.group) {
            let problem = format!("the options '{}' and '{}' exclude each other", other.name, choice.name);
            return Err(arguments.bad(index, &problem));
        }
        chosen.push(choice);
        add_one(request, index, choice, &value, arguments)?;
    }
    Ok(())
}

fn add_one(
    request: &mut Request,
    index: usize,
    choice: &Choice,
    value: &Value,
    arguments: &Arguments<'_>,
) -> Result<(), Raise> {
    let expected = |what: &str| {
        let got = Text::from_value(value).filter(|_| !value.is_string());
        let got =
            got.map_or_else(|| type_name(value).to_owned(), |n| String::from_utf8_lossy(n.as_bytes()).into_owned());
        arguments.bad(index, &format!("option '{}': {what} expected, got {got}", choice.name))
    };
    request.arg(choice.redis.as_bytes());
    match choice.takes {
        Takes::Flag => {
            if !matches!(value, Value::Boolean(true)) {
                return Err(expected("true or false"));
            }
        }
        Takes::Positive => {
            let n = integer(value).filter(|n| *n > 0).ok_or_else(|| expected("an integer more than 0"))?;
            request.integer(n);
        }
        Takes::Count => {
            let n = integer(value).filter(|n| *n >= 0).ok_or_else(|| expected("an integer of 0 or more"))?;
            request.integer(n);
        }
        Takes::Text => {
            request.arg(Text::from_value(value).ok_or_else(|| expected("string"))?.as_bytes());
        }
    }
    Ok(())
}

/// Adds `LIMIT offset count`: from a table, or from the two arguments at `index`.
pub(super) fn limit(request: &mut Request, index: usize, arguments: &Arguments<'_>) -> Result<(), Raise> {
    let (offset, count) = match arguments.get(index) {
        Some(Value::Table(table)) => {
            let field = |name: &str, default| match table.raw_get::<Value>(name)? {
                Value::Nil => Ok(default),
                value => integer(&value).ok_or_else(|| {
                    arguments.bad(index, &format!("option '{name}': integer expected, got {}", type_name(&value)))
                }),
            };
            // A negative count is all that are left.
            (field("offset", 0)?, field("count", -1)?)
        }
        _ => (arguments.integer(index)?, arguments.integer(index + 1)?),
    };
    request.arg(b"LIMIT").integer(offset).integer(count);
    Ok(())
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(n) => Some(*n),
        #[expect(clippy::cast_possible_truncation, reason = "integral and within 2^53")]
        Value::Number(n) if n.fract() == 0.0 && n.abs() <= 9_007_199_254_740_992.0 => Some(*n as i64),
        _ => None,
    }
}
