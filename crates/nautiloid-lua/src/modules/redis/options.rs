//! Tables of options: `{ nx = true, ex = 60 }`.

use mlua::{Table, Value};
use nautiloid_redis::Request;
use nautiloid_redis::commands::{Choice, LIMIT, Takes};

use crate::arguments::{Arguments, Raise, Text, type_name};
use crate::declarations;

/// Adds what the options at `index` become, in the order of the row, so that equal calls are equal commands.
pub(super) fn add(
    request: &mut Request,
    index: usize,
    table: &Table,
    choices: &'static [Choice],
    arguments: &Arguments<'_>,
) -> Result<(), Raise> {
    // A negative count is all that are left.
    let (mut limited, mut offset, mut count) = (false, 0, -1);
    for (choice, value) in chosen(index, table, choices, arguments)? {
        let option = Chosen { index, choice, value: &value, arguments };
        match choice.takes {
            Takes::LimitOffset => (limited, offset) = (true, option.integer("an integer", |_| true)?),
            Takes::LimitCount => (limited, count) = (true, option.integer("an integer", |_| true)?),
            _ => {
                request.arg(choice.redis.as_bytes());
                option.add_value(request)?;
            }
        }
    }
    if limited {
        request.arg(b"LIMIT").integer(offset).integer(count);
    }
    Ok(())
}

/// Adds which entries of a stream stay: `MAXLEN ~ 1000`, the flag between the name and the value of the other option.
pub(super) fn trim(
    request: &mut Request,
    index: usize,
    choices: &'static [Choice],
    arguments: &Arguments<'_>,
) -> Result<(), Raise> {
    let chosen = chosen(index, arguments.table(index)?, choices, arguments)?;
    let is_flag = |choice: &Choice| choice.takes == Takes::Flag;
    let Some((choice, value)) = chosen.iter().find(|(choice, _)| !is_flag(choice)) else {
        let names = choices.iter().filter(|choice| !is_flag(choice)).map(|choice| format!("'{}'", choice.name));
        let names: Vec<String> = names.collect();
        return Err(arguments.bad(index, &format!("the option {} expected", names.join(" or "))));
    };
    request.arg(choice.redis.as_bytes());
    for (flag, value) in chosen.iter().filter(|(choice, _)| is_flag(choice)) {
        request.arg(flag.redis.as_bytes());
        Chosen { index, choice: flag, value, arguments }.add_value(request)?;
    }
    Chosen { index, choice, value, arguments }.add_value(request)
}

/// Adds `LIMIT offset count`: from a table, or from the two arguments at `index`.
pub(super) fn limit(request: &mut Request, index: usize, arguments: &Arguments<'_>) -> Result<(), Raise> {
    if let Some(Value::Table(table)) = arguments.get(index) {
        return add(request, index, table, LIMIT, arguments);
    }
    let (offset, count) = (arguments.integer(index)?, arguments.integer(index + 1)?);
    request.arg(b"LIMIT").integer(offset).integer(count);
    Ok(())
}

/// The choices that were made, in the order of the row.
fn chosen(
    index: usize,
    table: &Table,
    choices: &'static [Choice],
    arguments: &Arguments<'_>,
) -> Result<Vec<(&'static Choice, Value)>, Raise> {
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
    let mut chosen: Vec<(&Choice, Value)> = Vec::new();
    for choice in choices {
        let value = table.raw_get::<Value>(choice.name)?;
        if matches!(value, Value::Nil | Value::Boolean(false)) {
            continue;
        }
        if let Some((other, _)) =
            chosen.iter().find(|(other, _)| !choice.group.is_empty() && other.group == choice.group)
        {
            let problem = format!("the options '{}' and '{}' exclude each other", other.name, choice.name);
            return Err(arguments.bad(index, &problem));
        }
        chosen.push((choice, value));
    }
    Ok(chosen)
}

/// An option with its value.
struct Chosen<'a> {
    index: usize,
    choice: &'a Choice,
    value: &'a Value,
    arguments: &'a Arguments<'a>,
}

impl Chosen<'_> {
    fn add_value(&self, request: &mut Request) -> Result<(), Raise> {
        match self.choice.takes {
            Takes::Flag => {
                if !matches!(self.value, Value::Boolean(true)) {
                    return Err(self.expected("true or false"));
                }
            }
            Takes::Positive => {
                request.integer(self.integer("an integer more than 0", |n| n > 0)?);
            }
            Takes::Count => {
                request.integer(self.integer("an integer of 0 or more", |n| n >= 0)?);
            }
            Takes::Integer | Takes::LimitOffset | Takes::LimitCount => {
                request.integer(self.integer("an integer", |_| true)?);
            }
            Takes::Text => {
                request.arg(Text::from_value(self.value).ok_or_else(|| self.expected("string"))?.as_bytes());
            }
        }
        Ok(())
    }

    fn integer(&self, what: &str, fits: impl Fn(i64) -> bool) -> Result<i64, Raise> {
        integer(self.value).filter(|n| fits(*n)).ok_or_else(|| self.expected(what))
    }

    fn expected(&self, what: &str) -> Raise {
        let got = Text::from_value(self.value).filter(|_| !self.value.is_string());
        let got = got
            .map_or_else(|| type_name(self.value).to_owned(), |n| String::from_utf8_lossy(n.as_bytes()).into_owned());
        self.arguments.bad(self.index, &format!("option '{}': {what} expected, got {got}", self.choice.name))
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(n) => Some(*n),
        Value::Number(n) => declarations::integer(*n),
        _ => None,
    }
}
