//! Lua arguments to a request, as the row's parameters say.

use mlua::{Table, Value};
use nautiloid_redis::Request;
use nautiloid_redis::commands::{Action, Command, RedisCommand, Shape};

use super::value::{Refusal, WRONG_NUMBER, add_key, add_value, refuse, score_text, unable_to_convert};
use super::{options, scores};
use crate::arguments::{Arguments, Raise, Text};
use crate::declarations::LARGEST_INTEGER;

/// The Lua type a reply is to be converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReplyType {
    String,
    Number,
    Boolean,
    Nil,
}

pub(super) struct Built {
    pub(super) request: Request,
    pub(super) reply_type: ReplyType,
}

/// Builds the request of one call: adds what the command's parameters become to `request`.
pub(super) fn build(
    command: &Command,
    request: Request,
    arguments: &Arguments<'_>,
) -> Result<Result<Built, Refusal>, Raise> {
    let mut built = Built { request, reply_type: ReplyType::String };
    for (index, param) in command.params.iter().enumerate() {
        if let Err(refusal) = add(&mut built, index, param.shape, arguments)? {
            return Ok(Err(refusal));
        }
    }
    if let Action::Send(RedisCommand { last: Some(last), .. }) = command.action {
        built.request.arg(last.as_bytes());
    }
    Ok(Ok(built))
}

fn add(built: &mut Built, index: usize, shape: Shape, arguments: &Arguments<'_>) -> Added {
    let request = &mut built.request;
    match shape {
        // Where to send it, and what specials read themselves.
        Shape::Handle
        | Shape::Source
        | Shape::Table
        | Shape::PoolCursor
        | Shape::Words
        | Shape::Commands
        | Shape::KeysOrCommands
        | Shape::Body => {}
        Shape::Key => {
            request.key(arguments.text(index)?.as_bytes());
        }
        Shape::Text => {
            request.arg(arguments.text(index)?.as_bytes());
        }
        Shape::Value => match arguments.get(index) {
            Some(value) => return Ok(add_value(request, value)),
            None => return Err(arguments.expected(index, "value")),
        },
        Shape::Integer => {
            request.integer(arguments.integer(index)?);
        }
        Shape::Number => {
            arguments.number(index)?;
            request.arg(arguments.text(index)?.as_bytes());
        }
        Shape::Bound => {
            request.arg(bound(index, arguments)?.as_bytes());
        }
        Shape::Word(words) => {
            request.arg(word(index, words, arguments)?.as_bytes());
        }
        Shape::Cursor => {
            request.integer(cursor(index, arguments)?);
        }
        _ if shape.is_optional() && arguments.is_absent(index) => {
            if shape == Shape::KeyList {
                request.integer(0);
            }
        }
        Shape::OptionalInteger => {
            request.integer(arguments.integer(index)?);
        }
        Shape::Expiration(choices) => match arguments.get(index) {
            Some(Value::Table(table)) => options::add(request, index, table, choices, arguments)?,
            _ => return expiration(request, index, arguments),
        },
        Shape::Options(choices) => options::add(request, index, arguments.table(index)?, choices, arguments)?,
        Shape::Trim(choices) => options::trim(request, index, choices, arguments)?,
        Shape::Limit => options::limit(request, index, arguments)?,
        Shape::Keys | Shape::CountedKeys | Shape::KeyPairs if arguments.len() <= index => {
            return Err(arguments.expected(index, "string"));
        }
        Shape::Keys => return texts(request, index, arguments, Request::key),
        Shape::CountedKeys => {
            request.integer(count(number_of(index, arguments)));
            return texts(request, index, arguments, Request::key);
        }
        Shape::KeyPairs => return pairs(request, index, arguments, Request::key),
        Shape::Values => return many(request, index, arguments, |request, value, _| Ok(add_value(request, value))),
        Shape::Texts => return texts(request, index, arguments, Request::arg),
        Shape::Pairs => return pairs(request, index, arguments, Request::arg),
        Shape::Scores(choices) => return scores::add(request, index, choices, arguments),
        Shape::TextOption(name) => {
            request.arg(name.as_bytes()).arg(arguments.text(index)?.as_bytes());
        }
        Shape::IntegerOption(name) => {
            request.arg(name.as_bytes()).integer(arguments.integer(index)?);
        }
        Shape::ReplyType => match reply_type(arguments.text(index)?.as_bytes()) {
            Ok(reply_type) => built.reply_type = reply_type,
            Err(refusal) => return Ok(Err(refusal)),
        },
        Shape::KeyList => {
            let keys = arguments.table(index)?;
            request.integer(count(keys.raw_len()));
            return elements(keys, |key| add_key(request, key));
        }
        Shape::ValueList => return elements(arguments.table(index)?, |value| add_value(request, value)),
    }
    Ok(Ok(()))
}

/// A refusal is an outcome of the call, an error is raised.
type Added = Result<Result<(), Refusal>, Raise>;

fn expiration(request: &mut Request, index: usize, arguments: &Arguments<'_>) -> Added {
    match arguments.integer(index)? {
        0 => {}
        seconds if seconds < 0 => return Ok(refuse("expiration seconds must be >= 0")),
        seconds => {
            request.arg(b"EX").integer(seconds);
        }
    }
    Ok(Ok(()))
}

/// A bound of a range of scores: a number, or what Redis reads as one.
fn bound(index: usize, arguments: &Arguments<'_>) -> Result<Text, Raise> {
    arguments.get(index).and_then(score_text).ok_or_else(|| arguments.expected(index, "string"))
}

/// One of the words, as Redis writes them.
pub(super) fn word(
    index: usize,
    words: &'static [&'static str],
    arguments: &Arguments<'_>,
) -> Result<&'static str, Raise> {
    let text = arguments.text(index)?;
    words.iter().find(|word| text.as_bytes().eq_ignore_ascii_case(word.as_bytes())).copied().ok_or_else(|| {
        let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let got = String::from_utf8_lossy(text.as_bytes()).into_owned();
        arguments.bad(index, &format!("{} expected, got \"{got}\"", words.join(" or ")))
    })
}

pub(super) const LARGEST_CURSOR: i64 = LARGEST_INTEGER;

/// Where a scan goes on.
pub(super) fn cursor(index: usize, arguments: &Arguments<'_>) -> Result<i64, Raise> {
    let cursor = arguments.integer(index)?;
    if (0..=LARGEST_CURSOR).contains(&cursor) {
        Ok(cursor)
    } else {
        Err(arguments.bad(index, &format!("cursor expected, got {cursor}")))
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// How many arguments there are from `index` on, or elements of the one table there.
fn number_of(index: usize, arguments: &Arguments<'_>) -> usize {
    match arguments.get(index) {
        Some(Value::Table(table)) if arguments.len() == index + 1 => table.raw_len(),
        _ => arguments.len().saturating_sub(index),
    }
}

fn elements(list: &Table, mut add: impl FnMut(&Value) -> Result<(), Refusal>) -> Added {
    for position in 1..=list.raw_len() {
        if let Err(refusal) = add(&list.raw_get::<Value>(position)?) {
            return Ok(Err(refusal));
        }
    }
    Ok(Ok(()))
}

/// How a text goes into a request: [`Request::arg`] or [`Request::key`].
type AddText = for<'a> fn(&'a mut Request, &[u8]) -> &'a mut Request;

/// The arguments from `index` on, or the elements of the one table there. `add` gets each with its position among the
/// arguments, `None` for an element.
fn many(
    request: &mut Request,
    index: usize,
    arguments: &Arguments<'_>,
    add: impl Fn(&mut Request, &Value, Option<usize>) -> Added,
) -> Added {
    if let (Some(Value::Table(table)), true) = (arguments.get(index), arguments.len() == index + 1) {
        let length = table.raw_len();
        for position in 1..=length {
            if let Err(refusal) = add(request, &table.raw_get::<Value>(position)?, None)? {
                return Ok(Err(refusal));
            }
        }
        return Ok(if length == 0 { refuse(WRONG_NUMBER) } else { Ok(()) });
    }
    if arguments.len() <= index {
        return Err(arguments.expected(index, "value"));
    }
    for at in index..arguments.len() {
        let value = arguments.get(at).unwrap_or(&Value::Nil);
        if let Err(refusal) = add(request, value, Some(at))? {
            return Ok(Err(refusal));
        }
    }
    Ok(Ok(()))
}

fn texts(request: &mut Request, index: usize, arguments: &Arguments<'_>, add: AddText) -> Added {
    many(request, index, arguments, |request, value, at| match Text::from_value(value) {
        Some(text) => {
            add(request, text.as_bytes());
            Ok(Ok(()))
        }
        None => match at {
            Some(at) => Err(arguments.expected(at, "string")),
            None => Ok(unable_to_convert(value)),
        },
    })
}

fn pairs(request: &mut Request, index: usize, arguments: &Arguments<'_>, add: AddText) -> Added {
    if let (Some(Value::Table(table)), true) = (arguments.get(index), arguments.len() == index + 1) {
        return Ok(table_pairs(request, table, add)?);
    }
    if arguments.len() <= index || !(arguments.len() - index).is_multiple_of(2) {
        return Ok(refuse(WRONG_NUMBER));
    }
    for at in (index..arguments.len()).step_by(2) {
        add(request, arguments.text(at)?.as_bytes());
        let value = arguments.get(at + 1).unwrap_or(&Value::Nil);
        if let Err(refusal) = add_value(request, value) {
            return Ok(Err(refusal));
        }
    }
    Ok(Ok(()))
}

fn table_pairs(request: &mut Request, table: &Table, add: AddText) -> mlua::Result<Result<(), Refusal>> {
    let before = request.len();
    for pair in table.pairs::<Value, Value>() {
        let (field, value) = pair?;
        let Some(field) = Text::from_value(&field) else { return Ok(unable_to_convert(&field)) };
        add(request, field.as_bytes());
        if let Err(refusal) = add_value(request, &value) {
            return Ok(Err(refusal));
        }
    }
    Ok(if request.len() == before { refuse(WRONG_NUMBER) } else { Ok(()) })
}

fn reply_type(name: &[u8]) -> Result<ReplyType, Refusal> {
    Ok(match name {
        b"string" => ReplyType::String,
        b"number" => ReplyType::Number,
        b"bool" | b"boolean" => ReplyType::Boolean,
        b"nil" => ReplyType::Nil,
        other => {
            return Err(Refusal(format!(
                "unknown type \"{}\": use \"string\", \"number\", \"boolean\" or \"nil\"",
                String::from_utf8_lossy(other)
            )));
        }
    })
}
