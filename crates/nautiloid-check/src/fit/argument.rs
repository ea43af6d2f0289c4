//! Whether an argument is what a parameter takes.

use nautiloid_lua::declarations::{Type, integer};
use nautiloid_redis::commands::nearest::nearest;
use nautiloid_redis::commands::{Choice, Takes};

use crate::rules::{ARGUMENT_TYPE, NEGATIVE_EXPIRY, NOT_A_HANDLE, OPTION, Rule};
use crate::syntax::ast::Field;
use crate::value::Value;

/// What is wrong with an argument.
pub(super) struct Problem {
    pub(super) rule: &'static Rule,
    pub(super) text: String,
    /// Where, if it is something inside a table.
    pub(super) at: Option<usize>,
}

impl Problem {
    fn new(rule: &'static Rule, text: String) -> Self {
        Problem { rule, text, at: None }
    }

    /// It is inside a table, where `place` says how it is called.
    fn inside(self, place: &str, at: usize) -> Self {
        Problem { text: format!("{place}: {}", self.text), at: self.at.or(Some(at)), ..self }
    }
}

/// Whether a parameter takes a value, as far as that is known.
pub(super) fn fit(takes: Type, value: &Value<'_>) -> Result<(), Problem> {
    if matches!(value, Value::Unknown) {
        return Ok(());
    }
    if takes == Type::POOL
        && let Value::Text(text) = value
        && *text != b"default"
    {
        let name = String::from_utf8_lossy(text);
        let problem = format!(
            "\"default\" or a handle expected, got the name \"{name}\": get_redis_connection(\"{name}\") gives its handle"
        );
        return Err(Problem::new(&NOT_A_HANDLE, problem));
    }
    let fits = match takes {
        Type::Any => true,
        Type::Nil => matches!(value, Value::Nil),
        Type::Boolean => matches!(value, Value::Boolean(_)),
        Type::Number => number(value).is_some(),
        Type::Integer | Type::Duration => match number(value) {
            Some(number) if integer(number).is_none() => {
                return Err(Problem::new(&ARGUMENT_TYPE, format!("integer expected, got {number}")));
            }
            Some(number) if number < 0.0 && takes == Type::Duration => {
                return Err(Problem::new(&NEGATIVE_EXPIRY, format!("0 or more seconds expected, got {number}")));
            }
            number => number.is_some(),
        },
        Type::String => matches!(value, Value::Text(_)),
        Type::Word(words) => return word(words, value, |a, b| a == b),
        Type::WordInAnyCase(words) => return word(words, value, <[u8]>::eq_ignore_ascii_case),
        Type::Handle => matches!(value, Value::Handle),
        Type::Function => value.type_name() == Some("function"),
        Type::Table | Type::Record(_) => value.type_name() == Some("table"),
        Type::Array(of) => match value {
            Value::Table(Some(fields)) => return array(of, fields),
            _ => value.type_name() == Some("table"),
        },
        Type::Map(_, to) => match value {
            Value::Table(Some(fields)) => return map(to, fields),
            _ => value.type_name() == Some("table"),
        },
        Type::Commands => match value {
            Value::Table(Some(fields)) => return array(&Type::Table, fields),
            _ => value.type_name() == Some("table"),
        },
        Type::Options(choices) => match value {
            Value::Table(Some(fields)) => return options(choices, fields),
            _ => value.type_name() == Some("table"),
        },
        Type::OneOf(types) => types.iter().any(|of| fit(*of, value).is_ok()),
    };
    if fits { Ok(()) } else { Err(Problem::new(&ARGUMENT_TYPE, expected(takes, value))) }
}

fn expected(takes: Type, value: &Value<'_>) -> String {
    let got = match value {
        Value::Text(text) => format!("string \"{}\"", String::from_utf8_lossy(text)),
        other => other.type_name().unwrap_or("something else").to_owned(),
    };
    format!("{} expected, got {got}", words_for(takes))
}

fn words_for(takes: Type) -> String {
    match takes {
        Type::Any => "value".to_owned(),
        Type::Nil => "nil".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Integer | Type::Duration => "integer".to_owned(),
        Type::String => "string".to_owned(),
        Type::Handle => "handle".to_owned(),
        Type::Function => "function".to_owned(),
        Type::Table | Type::Record(_) | Type::Array(_) | Type::Map(..) | Type::Commands => "table".to_owned(),
        Type::Options(_) => "table of options".to_owned(),
        Type::Word(words) | Type::WordInAnyCase(words) => {
            words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" or ")
        }
        // A number is taken as its digits: it goes without saying.
        Type::TEXT => "string".to_owned(),
        Type::OneOf(types) => types.iter().map(|of| words_for(*of)).collect::<Vec<_>>().join(" or "),
    }
}

/// A number, or a string that reads as one.
fn number(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => std::str::from_utf8(text).ok()?.trim().parse().ok(),
        _ => None,
    }
}

fn word(words: &[&str], value: &Value<'_>, same: impl Fn(&[u8], &[u8]) -> bool) -> Result<(), Problem> {
    match value {
        Value::Text(text) if words.iter().any(|word| same(word.as_bytes(), text)) => Ok(()),
        Value::Text(text) => {
            let text = String::from_utf8_lossy(text);
            let words: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
            Err(Problem::new(&ARGUMENT_TYPE, format!("{} expected, got \"{text}\"", words.join(", "))))
        }
        _ => Err(Problem::new(
            &ARGUMENT_TYPE,
            format!("string expected, got {}", value.type_name().unwrap_or("something else")),
        )),
    }
}

fn array(of: &Type, fields: &[Field]) -> Result<(), Problem> {
    for field in fields {
        match &field.key {
            Some(key) if key.literal().is_some() => {
                let key = key.literal().unwrap_or_default();
                return Err(Problem::new(&ARGUMENT_TYPE, format!("array expected, got a table with the key '{key}'")));
            }
            Some(_) => {}
            None => fit(*of, &Value::of_literal(&field.value))
                .map_err(|problem| problem.inside("in the array", field.value.at))?,
        }
    }
    Ok(())
}

fn map(to: &Type, fields: &[Field]) -> Result<(), Problem> {
    for field in fields {
        let name = field.key.as_ref().and_then(|key| key.literal());
        fit(*to, &Value::of_literal(&field.value)).map_err(|problem| match name {
            Some(name) => problem.inside(&format!("'{name}'"), field.value.at),
            None => problem.inside("in the table", field.value.at),
        })?;
    }
    Ok(())
}

fn options(choices: &[Choice], fields: &[Field]) -> Result<(), Problem> {
    let mut chosen: Vec<&Choice> = Vec::new();
    for field in fields {
        let place = field.key.as_ref().unwrap_or(&field.value).at;
        let problem = |text| Err(Problem { rule: &OPTION, text, at: Some(place) });
        let name = match &field.key {
            Some(key) => match key.literal() {
                Some(name) => name,
                None => continue,
            },
            None => return problem(format!("options have names: {}", names(choices))),
        };
        let Some(choice) = choices.iter().find(|choice| choice.name == name) else {
            let near = nearest(name, choices.iter().map(|choice| choice.name));
            let hint =
                near.map_or_else(|| format!("there are {}", names(choices)), |near| format!("did you mean '{near}'?"));
            return problem(format!("unknown option '{name}': {hint}"));
        };
        let value = Value::of_literal(&field.value);
        if let Some(wanted) = wanted(choice.takes, &value) {
            let got = match value {
                Value::Number(number) => number.to_string(),
                Value::Boolean(boolean) => boolean.to_string(),
                other => other.type_name().unwrap_or("something else").to_owned(),
            };
            return problem(format!("option '{name}': {wanted} expected, got {got}"));
        }
        if matches!(value, Value::Nil | Value::Boolean(false)) {
            continue;
        }
        if let Some(other) = chosen.iter().find(|other| !choice.group.is_empty() && other.group == choice.group) {
            return problem(format!("the options '{}' and '{name}' exclude each other", other.name));
        }
        chosen.push(choice);
    }
    Ok(())
}

fn names(choices: &[Choice]) -> String {
    choices.iter().map(|choice| choice.name).collect::<Vec<_>>().join(", ")
}

/// What an option takes, where this is not it.
fn wanted(takes: Takes, value: &Value<'_>) -> Option<&'static str> {
    if matches!(value, Value::Unknown | Value::Nil | Value::Boolean(false)) {
        return None;
    }
    let integer = match value {
        Value::Number(number) => integer(*number),
        _ => None,
    };
    let (fits, wanted) = match takes {
        Takes::Flag => (matches!(value, Value::Boolean(_)), "true or false"),
        Takes::Positive => (integer.is_some_and(|n| n > 0), "an integer more than 0"),
        Takes::Count => (integer.is_some_and(|n| n >= 0), "an integer of 0 or more"),
        Takes::Integer | Takes::LimitOffset | Takes::LimitCount => (integer.is_some(), "an integer"),
        Takes::Text => (matches!(value, Value::Text(_) | Value::Number(_)), "a string"),
    };
    (!fits).then_some(wanted)
}
