//! Lua arguments to a request, as the row's parameters say.

use nautiloid_redis::Request;
use nautiloid_redis::commands::{Action, Command, RedisCommand, Shape};

use super::fault::Fault;
use super::value::{AddText, add_value, score_text, unable_to_convert, wrong_number};
use super::{options, scores, value};
use crate::arguments::Raise;
use crate::call::{Call, Text, shown, text};
use crate::declarations::LARGEST_INTEGER;
use crate::stack::{Seen, Table};

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
pub(super) fn build(command: &Command, request: Request, call: Call<'_>) -> Result<Built, Fault> {
    let mut built = Built { request, reply_type: ReplyType::String };
    for (index, param) in command.params.iter().enumerate() {
        add(&mut built, index, param.shape, call)?;
    }
    if let Action::Send(RedisCommand { last: Some(last), .. }) = command.action {
        built.request.arg(last.as_bytes());
    }
    Ok(built)
}

fn add(built: &mut Built, index: usize, shape: Shape, call: Call<'_>) -> Result<(), Fault> {
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
            request.key(&call.text(index)?);
        }
        Shape::Text => {
            request.arg(&call.text(index)?);
        }
        Shape::Value => match call.get(index) {
            Some(value) => add_value(request, value)?,
            None => return Err(call.expected(index, "value").into()),
        },
        Shape::Integer => {
            request.integer(call.integer(index)?);
        }
        Shape::Number => {
            call.number(index)?;
            request.arg(&call.text(index)?);
        }
        Shape::Bound => {
            request.arg(&bound(index, call)?);
        }
        Shape::Word(words) => {
            request.arg(word(index, words, call)?.as_bytes());
        }
        Shape::Cursor => {
            request.integer(cursor(index, call)?);
        }
        _ if shape.is_optional() && call.is_absent(index) => {
            if shape == Shape::KeyList {
                request.integer(0);
            }
        }
        Shape::OptionalInteger => {
            request.integer(call.integer(index)?);
        }
        Shape::Expiration(choices) => match call.table_at(index) {
            Some(table) => options::add(request, index, table, choices, call)?,
            None => expiration(request, index, call)?,
        },
        Shape::Options(choices) => options::add(request, index, call.table(index)?, choices, call)?,
        Shape::Trim(choices) => options::trim(request, index, choices, call)?,
        Shape::Limit => options::limit(request, index, call)?,
        Shape::Keys | Shape::CountedKeys | Shape::KeyPairs if call.len() <= index => {
            return Err(call.expected(index, "string").into());
        }
        Shape::Keys => texts(request, index, call, Request::key)?,
        Shape::CountedKeys => {
            request.integer(count(number_of(index, call)));
            texts(request, index, call, Request::key)?;
        }
        Shape::KeyPairs => pairs(request, index, call, Request::key)?,
        Shape::Values => many(index, call, |value, _| add_value(request, value))?,
        Shape::Texts => texts(request, index, call, Request::arg)?,
        Shape::Pairs => pairs(request, index, call, Request::arg)?,
        Shape::Scores(choices) => scores::add(request, index, choices, call)?,
        Shape::TextOption(name) => {
            request.arg(name.as_bytes()).arg(&call.text(index)?);
        }
        Shape::IntegerOption(name) => {
            request.arg(name.as_bytes()).integer(call.integer(index)?);
        }
        Shape::ReplyType => built.reply_type = reply_type(&call.text(index)?)?,
        Shape::KeyList => {
            let keys = call.table(index)?;
            request.integer(count(keys.len()));
            keys.elements(|key| value::add(request, key, Request::key))?;
        }
        Shape::ValueList => call.table(index)?.elements(|value| add_value(request, value))?,
    }
    Ok(())
}

fn expiration(request: &mut Request, index: usize, call: Call<'_>) -> Result<(), Fault> {
    match call.integer(index)? {
        0 => {}
        seconds if seconds < 0 => return Err(Fault::Refused("expiration seconds must be >= 0".to_owned())),
        seconds => {
            request.arg(b"EX").integer(seconds);
        }
    }
    Ok(())
}

/// A bound of a range of scores: a number, or what Redis reads as one.
fn bound(index: usize, call: Call<'_>) -> Result<Text<'_>, Raise> {
    call.get(index).and_then(score_text).ok_or_else(|| call.expected(index, "string"))
}

/// One of the words, as Redis writes them.
pub(super) fn word(index: usize, words: &'static [&'static str], call: Call<'_>) -> Result<&'static str, Raise> {
    let text = call.text(index)?;
    words.iter().find(|word| text.eq_ignore_ascii_case(word.as_bytes())).copied().ok_or_else(|| {
        let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        call.bad(index, &format!("{} expected, got \"{}\"", words.join(" or "), shown(&text)))
    })
}

pub(super) const LARGEST_CURSOR: i64 = LARGEST_INTEGER;

/// Where a scan goes on.
pub(super) fn cursor(index: usize, call: Call<'_>) -> Result<i64, Raise> {
    let cursor = call.integer(index)?;
    if (0..=LARGEST_CURSOR).contains(&cursor) {
        Ok(cursor)
    } else {
        Err(call.bad(index, &format!("cursor expected, got {cursor}")))
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The one table that is the last argument, at `index`.
fn only_table(index: usize, call: Call<'_>) -> Option<Table<'_>> {
    call.table_at(index).filter(|_| call.len() == index + 1)
}

/// How many arguments there are from `index` on, or elements of the one table there.
fn number_of(index: usize, call: Call<'_>) -> usize {
    only_table(index, call).map_or(call.len().saturating_sub(index), Table::len)
}

/// The arguments from `index` on, or the elements of the one table there. `add` gets each with its position among the
/// arguments, `None` for an element.
fn many<'s>(
    index: usize,
    call: Call<'s>,
    mut add: impl FnMut(Seen<'s>, Option<usize>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    if let Some(table) = only_table(index, call) {
        if table.len() == 0 {
            return Err(wrong_number());
        }
        return table.elements(|value| add(value, None));
    }
    if call.len() <= index {
        return Err(call.expected(index, "value").into());
    }
    (index..call.len()).try_for_each(|at| add(call.get(at).unwrap_or(Seen::Nil), Some(at)))
}

fn texts(request: &mut Request, index: usize, call: Call<'_>, add: AddText) -> Result<(), Fault> {
    many(index, call, |value, at| match (text(value), at) {
        (Some(text), _) => {
            add(request, &text);
            Ok(())
        }
        (None, Some(at)) => Err(call.expected(at, "string").into()),
        (None, None) => Err(unable_to_convert(value)),
    })
}

fn pairs(request: &mut Request, index: usize, call: Call<'_>, add: AddText) -> Result<(), Fault> {
    if let Some(table) = only_table(index, call) {
        return table_pairs(request, table, add);
    }
    if call.len() <= index || !(call.len() - index).is_multiple_of(2) {
        return Err(wrong_number());
    }
    for at in (index..call.len()).step_by(2) {
        add(request, &call.text(at)?);
        add_value(request, call.get(at + 1).unwrap_or(Seen::Nil))?;
    }
    Ok(())
}

fn table_pairs(request: &mut Request, table: Table<'_>, add: AddText) -> Result<(), Fault> {
    let before = request.len();
    table.pairs(|field, value| {
        add(request, &text(field).ok_or_else(|| unable_to_convert(field))?);
        add_value(request, value)
    })?;
    if request.len() == before { Err(wrong_number()) } else { Ok(()) }
}

fn reply_type(name: &[u8]) -> Result<ReplyType, Fault> {
    Ok(match name {
        b"string" => ReplyType::String,
        b"number" => ReplyType::Number,
        b"bool" | b"boolean" => ReplyType::Boolean,
        b"nil" => ReplyType::Nil,
        other => {
            return Err(Fault::Refused(format!(
                "unknown type \"{}\": use \"string\", \"number\", \"boolean\" or \"nil\"",
                shown(other)
            )));
        }
    })
}
