//! Replies to Lua results, as the row says.
//!
//! All that takes memory of its own is made when the reply comes; what is pushed to Lua later is only borrowed.

use bytes::Bytes;
use nautiloid_redis::commands::{NIL_ERROR, Reply};
use nautiloid_redis::{RedisError, Request, Value};

use super::request::{LARGEST_CURSOR, ReplyType};
use crate::stack::{Results, TableWriter, Writer};

/// What a call of Redis gives.
pub(super) enum Answer {
    /// `nil, message`: bytes of a server's, or words of ours.
    Failure(Vec<u8>),
    /// Nothing is there: an error of a call, and none of a command in a list.
    Missing,
    /// `nil`, and that is no error.
    Nil,
    Number(f64),
    Boolean(bool),
    Ok,
    OkAndNumber(i64),
    /// A reply as it is: strings, numbers, booleans, and arrays of them with nils in their places.
    Plain(Value),
    /// Fields and values: a map, or one after the other in an array.
    Map(Value),
    /// An element for each name, in their order; those that are nil are left out.
    Named {
        names: Names,
        request: Request,
        items: Vec<Value>,
        each: Each,
    },
    /// Members and scores.
    Scored(Vec<Value>),
    /// A step of a scan: `{ cursor = number, [name] = found }`.
    Scan {
        cursor: i64,
        name: &'static str,
        found: Box<Answer>,
    },
    /// Entries of a stream: an id with fields and values each.
    Entries(Vec<Value>),
}

/// Which arguments of the request name the elements of its reply.
#[derive(Debug, Clone, Copy)]
pub(super) enum Names {
    Keys,
    AfterKey,
}

/// How each element is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Each {
    Plain,
    /// A number, also one that was sent as a string.
    Number,
    Boolean,
}

impl Answer {
    pub(super) fn failure(message: impl Into<Vec<u8>>) -> Self {
        Answer::Failure(message.into())
    }

    pub(super) fn error(error: &RedisError) -> Self {
        match error {
            // The server's own text, byte for byte.
            RedisError::Server(text) => Answer::failure(text.as_ref()),
            other => Answer::failure(other.to_string()),
        }
    }

    /// What the call that `request` was gives.
    pub(super) fn new(
        outcome: Result<Value, RedisError>,
        shape: Reply,
        request: Request,
        reply_type: ReplyType,
    ) -> Self {
        let value = match outcome {
            Ok(value) => value,
            Err(error) => return Answer::error(&error),
        };
        let named = |names, items, each| Answer::Named { names, request, items, each };
        match (shape, value) {
            (Reply::Optional, Value::Nil) => Answer::Nil,
            (_, Value::Nil) => Answer::Missing,
            (Reply::Text, Value::Bulk(bytes)) => converted(bytes, reply_type),
            (Reply::Float, Value::Bulk(bytes)) => converted(bytes, ReplyType::Number),
            (Reply::Boolean, Value::Integer(n)) => Answer::Boolean(n != 0),
            (Reply::OkOrFalse, Value::Integer(0)) => Answer::Boolean(false),
            (Reply::OkOrFalse, Value::Integer(_)) => Answer::Ok,
            (Reply::OkAndNumber, Value::Integer(n)) => Answer::OkAndNumber(n),
            (Reply::Map, value) => Answer::Map(value),
            (Reply::ByKey, Value::Array(items)) => named(Names::Keys, items, Each::Plain),
            (Reply::ByArgument, Value::Array(items)) => named(Names::AfterKey, items, Each::Plain),
            (Reply::NumberByArgument, Value::Array(items)) => named(Names::AfterKey, items, Each::Number),
            (Reply::BooleanByArgument, Value::Array(items)) => named(Names::AfterKey, items, Each::Boolean),
            (Reply::Scored, Value::Array(items)) => Answer::Scored(items),
            (Reply::ScanMap, Value::Array(items)) => scan(items, "fields", Answer::Map),
            (Reply::ScanMembers, Value::Array(items)) => scan(items, "members", Answer::Plain),
            (Reply::ScanScored, Value::Array(items)) => scan(items, "members", |found| match found {
                Value::Array(items) => Answer::Scored(items),
                other => Answer::Plain(other),
            }),
            (Reply::Entries, Value::Array(items)) => Answer::Entries(items),
            (_, value) => Answer::Plain(value),
        }
    }

    /// A step of a scan, if Lua can hold its cursor.
    pub(super) fn scan_step(cursor: u64, name: &'static str, found: Answer) -> Self {
        match i64::try_from(cursor).ok().filter(|cursor| *cursor <= LARGEST_CURSOR) {
            Some(cursor) => Answer::Scan { cursor, name, found: Box::new(found) },
            None => {
                Answer::failure(format!("the server's cursor {cursor} is larger than a number of Lua can hold exactly"))
            }
        }
    }

    /// Pushes it as one of a list: `{ ok = true, value = … }` or `{ ok = false, err = … }`.
    pub(super) fn push_listed(&self, out: &mut Writer) {
        out.table(0, 2, |entry| match self {
            Answer::Failure(message) => {
                entry.field("ok", |out| out.boolean(false));
                entry.field("err", |out| out.string(message));
            }
            other => {
                entry.field("ok", |out| out.boolean(true));
                entry.field("value", |out| other.push_first(out));
            }
        });
    }

    /// Pushes the first result.
    fn push_first(&self, out: &mut Writer) {
        match self {
            Answer::Failure(_) | Answer::Missing | Answer::Nil => out.nil(),
            Answer::Number(n) => out.number(*n),
            Answer::Boolean(b) => out.boolean(*b),
            Answer::Ok | Answer::OkAndNumber(_) => out.string("OK"),
            Answer::Plain(value) => push(out, value),
            Answer::Map(value) => push_map(out, value),
            Answer::Named { names: Names::Keys, request, items, each } => {
                push_named(out, request.keys(), items, *each);
            }
            Answer::Named { names: Names::AfterKey, request, items, each } => {
                push_named(out, request.after_key(), items, *each);
            }
            Answer::Scored(items) => push_scored(out, items),
            Answer::Scan { cursor, name, found } => out.table(0, 2, |step| {
                step.field("cursor", |out| out.integer(*cursor));
                step.field(name, |out| found.push_first(out));
            }),
            Answer::Entries(items) => push_entries(out, items),
        }
    }
}

impl Results for Answer {
    fn push(&self, out: &mut Writer) {
        self.push_first(out);
        match self {
            Answer::Failure(message) => out.string(message),
            Answer::Missing => out.string(NIL_ERROR),
            Answer::OkAndNumber(n) => {
                out.nil();
                out.integer(*n);
            }
            _ => {}
        }
    }
}

/// The text of a value as something else.
fn converted(bytes: Bytes, reply_type: ReplyType) -> Answer {
    let unreadable = |as_what| Answer::failure(format!("the value {} is not a {as_what}", shown(&bytes)));
    match reply_type {
        ReplyType::String => Answer::Plain(Value::Bulk(bytes)),
        ReplyType::Nil => Answer::Nil,
        ReplyType::Number => number(&bytes).map_or_else(|| unreadable("number"), Answer::Number),
        ReplyType::Boolean => match &*bytes {
            b"1" | b"t" | b"T" | b"true" | b"TRUE" | b"True" => Answer::Boolean(true),
            b"0" | b"f" | b"F" | b"false" | b"FALSE" | b"False" => Answer::Boolean(false),
            _ => unreadable("boolean"),
        },
    }
}

fn scan(items: Vec<Value>, name: &'static str, found: impl Fn(Value) -> Answer) -> Answer {
    let mut items = items.into_iter();
    let cursor = match items.next() {
        Some(Value::Bulk(digits)) => std::str::from_utf8(&digits).ok().and_then(|digits| digits.parse().ok()),
        _ => None,
    };
    match cursor {
        Some(cursor) => Answer::scan_step(cursor, name, found(items.next().unwrap_or(Value::Nil))),
        None => Answer::failure("the server answered a scan without a cursor"),
    }
}

fn number(bytes: &[u8]) -> Option<f64> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

/// The start of a value, for an error message.
fn shown(bytes: &[u8]) -> String {
    const SHOWN: usize = 40;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN)]).into_owned();
    if bytes.len() > SHOWN { format!("{text:?}…") } else { format!("{text:?}") }
}

// What is pushed is borrowed: an error of Lua's may leave these functions anywhere.

/// Pushes a reply as it is.
pub(super) fn push(out: &mut Writer, value: &Value) {
    match value {
        Value::Nil | Value::NilArray => out.nil(),
        Value::Integer(n) => out.integer(*n),
        Value::Double(d) => out.number(*d),
        Value::Boolean(b) => out.boolean(*b),
        Value::Status(bytes) | Value::Bulk(bytes) | Value::BigNumber(bytes) | Value::Error(bytes) => out.string(bytes),
        Value::Array(items) | Value::Set(items) | Value::Push(items) => out.table(items.len(), 0, |table| {
            for item in items {
                table.element(|out| push(out, item));
            }
        }),
        Value::Map(pairs) => out.table(0, pairs.len(), |table| {
            for (key, item) in pairs.iter().filter(|(key, _)| can_be_key(key)) {
                table.entry(|out| push(out, key), |out| push(out, item));
            }
        }),
    }
}

fn can_be_key(value: &Value) -> bool {
    !matches!(value, Value::Nil | Value::NilArray) && !matches!(value, Value::Double(d) if d.is_nan())
}

fn push_map(out: &mut Writer, value: &Value) {
    let Value::Array(items) = value else { return push(out, value) };
    out.table(0, items.len() / 2, |table| {
        each_pair(items, |field, value| {
            if let (Value::Bulk(field), Value::Bulk(value)) = (field, value) {
                table.field(field, |out| out.string(value));
            }
        });
    });
}

/// Calls `visit` with what belongs together: pairs that are arrays of two, as RESP3 has them, or one after the other, as
/// RESP2 has them, and RESP3 one pair alone.
fn each_pair<'v>(items: &'v [Value], mut visit: impl FnMut(&'v Value, &'v Value)) {
    if matches!(items.first(), Some(Value::Array(_))) {
        for item in items {
            if let Value::Array(pair) = item
                && let [first, second] = pair.as_slice()
            {
                visit(first, second);
            }
        }
        return;
    }
    for pair in items.chunks_exact(2) {
        if let [first, second] = pair {
            visit(first, second);
        }
    }
}

fn push_named<'a>(out: &mut Writer, names: impl Iterator<Item = &'a [u8]>, items: &[Value], each: Each) {
    out.table(0, items.len(), |table| {
        for (name, item) in names.zip(items) {
            table.field(name, |out| match (each, item) {
                (Each::Number, item) => push_number(out, item),
                (Each::Boolean, Value::Integer(n)) => out.boolean(*n != 0),
                (_, item) => push(out, item),
            });
        }
    });
}

fn push_number(out: &mut Writer, value: &Value) {
    match value {
        Value::Bulk(bytes) => match number(bytes) {
            Some(number) => out.number(number),
            None => out.string(bytes),
        },
        other => push(out, other),
    }
}

fn push_scored(out: &mut Writer, items: &[Value]) {
    out.table(items.len(), 0, |list| {
        each_pair(items, |member, score| {
            list.element(|out| {
                out.table(0, 2, |entry| {
                    entry.field("member", |out| push(out, member));
                    entry.field("score", |out| push_number(out, score));
                });
            });
        });
    });
}

fn push_entries(out: &mut Writer, items: &[Value]) {
    out.table(items.len(), 0, |list: &mut TableWriter<'_>| {
        for item in items {
            let Value::Array(parts) = item else { continue };
            list.element(|out| {
                out.table(0, 2, |entry| {
                    entry.field("id", |out| push(out, parts.first().unwrap_or(&Value::Nil)));
                    entry.field("fields", |out| push_map(out, parts.get(1).unwrap_or(&Value::Nil)));
                });
            });
        }
    });
}

/// The answers to the commands of a list.
pub(super) struct Answers(pub(super) Vec<Answer>);

impl Results for Answers {
    fn push(&self, out: &mut Writer) {
        out.table(self.0.len(), 0, |list| {
            for answer in &self.0 {
                list.element(|out| answer.push_listed(out));
            }
        });
    }
}
