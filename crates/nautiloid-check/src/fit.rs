//! Whether arguments are what a function takes.

use nautiloid_lua::declarations::{Form, Function, Type};
use nautiloid_redis::commands::nearest::nearest;
use nautiloid_redis::commands::{Choice, Takes};

use crate::rules::{ARGUMENT_COUNT, ARGUMENT_TYPE, NEGATIVE_EXPIRY, NOT_A_HANDLE, ODD_PAIRS, OPTION, Rule};
use crate::syntax::ast::Field;
use crate::value::Value;

/// What is wrong with a call: which argument (from 0), or `None` for the call itself.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) argument: Option<usize>,
    pub(crate) rule: &'static Rule,
    pub(crate) message: String,
}

/// How a call is written, as its messages count arguments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) function: &'a Function,
    /// Called as `handle:name(…)`: the handle is the first of the arguments, and is not counted.
    pub(crate) is_method: bool,
    /// The last argument may be any number of values.
    pub(crate) is_open: bool,
}

impl Call<'_> {
    /// What is wrong with these arguments, by the way to call the function that they fit best.
    pub(crate) fn misfit(&self, arguments: &[Value<'_>]) -> Option<Misfit> {
        let mut best: Option<(usize, Misfit)> = None;
        for form in &self.function.forms {
            let (reached, misfit) = self.misfit_of(form, arguments)?;
            // Of what goes equally far, a wrong value says more than a wrong type.
            let better = |(most, other): &(usize, Misfit)| {
                reached > *most || (reached == *most && other.rule == &ARGUMENT_TYPE && misfit.rule != &ARGUMENT_TYPE)
            };
            if best.as_ref().is_none_or(better) {
                best = Some((reached, misfit));
            }
        }
        best.map(|(_, misfit)| misfit)
    }

    /// How many arguments fit, and what is wrong with the next one.
    fn misfit_of(&self, form: &Form, arguments: &[Value<'_>]) -> Option<(usize, Misfit)> {
        for (index, argument) in arguments.iter().enumerate() {
            let Some(parameter) = form.parameter(index) else {
                // More values than there are parameters from a last call do no harm.
                let spare = self.is_open && index + 1 == arguments.len();
                return (!spare).then(|| (index, self.count(form, arguments.len())));
            };
            if parameter.optional && matches!(argument, Value::Nil) {
                continue;
            }
            if let Err((rule, problem)) = fit(parameter.takes, argument) {
                let number = index + 1 - usize::from(self.is_method);
                let name = self.name();
                let message = format!("bad argument #{number} '{}' to '{name}' ({problem})", parameter.name);
                return Some((index, Misfit { argument: Some(index), rule, message }));
            }
        }
        let given = arguments.len();
        let fixed = form.parameters.len() - form.repeated;
        if !self.is_open && form.repeated > 1 && given > fixed && !(given - fixed).is_multiple_of(form.repeated) {
            let names: Vec<_> = form.parameters.iter().skip(fixed).map(|parameter| parameter.name).collect();
            let message = format!("'{}' takes {} in turn, and the last is missing", self.name(), names.join(" and "));
            return Some((given, Misfit { argument: None, rule: &ODD_PAIRS, message }));
        }
        let few = if self.is_open { given + form.parameters.len() < form.least() } else { given < form.least() };
        few.then(|| (given, self.count(form, given)))
    }

    fn count(&self, form: &Form, given: usize) -> Misfit {
        let hidden = usize::from(self.is_method);
        let (least, most) = (form.least() - hidden, form.most().map(|most| most - hidden));
        let takes = match most {
            None => format!("at least {}", arguments(least)),
            Some(most) if most == least => arguments(most),
            Some(most) => format!("{least} to {}", arguments(most)),
        };
        let signature = form.to_string();
        let signature =
            if self.is_method { signature.split_once(", ").map_or("", |(_, rest)| rest) } else { &signature };
        let (name, given) = (self.name(), given.saturating_sub(hidden));
        let message = format!("'{name}' takes {takes}, got {given}: {name}({signature})");
        Misfit { argument: None, rule: &ARGUMENT_COUNT, message }
    }

    fn name(&self) -> &'static str {
        match self.function.method {
            Some(method) if self.is_method => method,
            _ => self.function.name,
        }
    }
}

fn arguments(count: usize) -> String {
    match count {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}

/// The rule that is broken, and what is wrong.
type Problem = (&'static Rule, String);

fn fit(takes: Type, value: &Value<'_>) -> Result<(), Problem> {
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
        return Err((&NOT_A_HANDLE, problem));
    }
    let fits = match takes {
        Type::Any => true,
        Type::Nil => matches!(value, Value::Nil),
        Type::Boolean => matches!(value, Value::Boolean(_)),
        Type::Number => number(value).is_some(),
        Type::Integer | Type::Duration => match number(value) {
            Some(number) if !is_integer(number) => {
                return Err((&ARGUMENT_TYPE, format!("integer expected, got {number}")));
            }
            Some(number) if number < 0.0 && takes == Type::Duration => {
                return Err((&NEGATIVE_EXPIRY, format!("0 or more seconds expected, got {number}")));
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
        Type::Options(choices) => match value {
            Value::Table(Some(fields)) => return options(choices, fields),
            _ => value.type_name() == Some("table"),
        },
        Type::OneOf(types) => types.iter().any(|of| fit(*of, value).is_ok()),
    };
    if fits { Ok(()) } else { Err((&ARGUMENT_TYPE, expected(takes, value))) }
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
        Type::Table | Type::Record(_) | Type::Array(_) | Type::Map(..) => "table".to_owned(),
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

/// One that Lua can hold exactly.
fn is_integer(number: f64) -> bool {
    number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0
}

fn word(words: &[&str], value: &Value<'_>, same: impl Fn(&[u8], &[u8]) -> bool) -> Result<(), Problem> {
    match value {
        Value::Text(text) if words.iter().any(|word| same(word.as_bytes(), text)) => Ok(()),
        Value::Text(text) => {
            let text = String::from_utf8_lossy(text);
            let words: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
            Err((&ARGUMENT_TYPE, format!("{} expected, got \"{text}\"", words.join(", "))))
        }
        _ => Err((&ARGUMENT_TYPE, format!("string expected, got {}", value.type_name().unwrap_or("something else")))),
    }
}

fn array(of: &Type, fields: &[Field]) -> Result<(), Problem> {
    for field in fields {
        match &field.key {
            Some(key) if key.literal().is_some() => {
                let key = key.literal().unwrap_or_default();
                return Err((&ARGUMENT_TYPE, format!("array expected, got a table with the key '{key}'")));
            }
            Some(_) => {}
            None => fit(*of, &Value::of_literal(&field.value))
                .map_err(|(rule, problem)| (rule, format!("in the array: {problem}")))?,
        }
    }
    Ok(())
}

fn map(to: &Type, fields: &[Field]) -> Result<(), Problem> {
    for field in fields {
        let name = field.key.as_ref().and_then(|key| key.literal());
        fit(*to, &Value::of_literal(&field.value)).map_err(|(rule, problem)| match name {
            Some(name) => (rule, format!("'{name}': {problem}")),
            None => (rule, format!("in the table: {problem}")),
        })?;
    }
    Ok(())
}

fn options(choices: &[Choice], fields: &[Field]) -> Result<(), Problem> {
    let mut chosen: Vec<&Choice> = Vec::new();
    for field in fields {
        let name = match &field.key {
            Some(key) => match key.literal() {
                Some(name) => name,
                None => continue,
            },
            None => return Err((&OPTION, format!("options have names: {}", names(choices)))),
        };
        let Some(choice) = choices.iter().find(|choice| choice.name == name) else {
            let near = nearest(name, choices.iter().map(|choice| choice.name));
            let hint =
                near.map_or_else(|| format!("there are {}", names(choices)), |near| format!("did you mean '{near}'?"));
            return Err((&OPTION, format!("unknown option '{name}': {hint}")));
        };
        let value = Value::of_literal(&field.value);
        if let Some(wanted) = wanted(choice.takes, &value) {
            let got = match value {
                Value::Number(number) => number.to_string(),
                Value::Boolean(boolean) => boolean.to_string(),
                other => other.type_name().unwrap_or("something else").to_owned(),
            };
            return Err((&OPTION, format!("option '{name}': {wanted} expected, got {got}")));
        }
        if matches!(value, Value::Nil | Value::Boolean(false)) {
            continue;
        }
        if let Some(other) = chosen.iter().find(|other| !choice.group.is_empty() && other.group == choice.group) {
            return Err((&OPTION, format!("the options '{}' and '{name}' exclude each other", other.name)));
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
        Value::Number(number) if is_integer(*number) => Some(*number),
        _ => None,
    };
    let (fits, wanted) = match takes {
        Takes::Flag => (matches!(value, Value::Boolean(_)), "true or false"),
        Takes::Positive => (integer.is_some_and(|n| n > 0.0), "an integer more than 0"),
        Takes::Count => (integer.is_some_and(|n| n >= 0.0), "an integer of 0 or more"),
        Takes::Integer | Takes::LimitOffset | Takes::LimitCount => (integer.is_some(), "an integer"),
        Takes::Text => (matches!(value, Value::Text(_) | Value::Number(_)), "a string"),
    };
    (!fits).then_some(wanted)
}
