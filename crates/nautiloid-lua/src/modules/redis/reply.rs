//! Replies to Lua results, as the row says.

use mlua::{IntoLuaMulti, Lua, MultiValue, Value as LuaValue};
use nautiloid_redis::commands::{NIL_ERROR, Reply};
use nautiloid_redis::{RedisError, Request, Value};

use super::request::{LARGEST_CURSOR, ReplyType};
use super::{failure, redis_failure};

/// The results of the call that `request` was.
pub(super) fn results(
    lua: &Lua,
    outcome: Result<Value, RedisError>,
    shape: Reply,
    request: &Request,
    reply_type: ReplyType,
) -> mlua::Result<MultiValue> {
    let value = match outcome {
        Ok(value) => value,
        Err(error) => return redis_failure(lua, &error),
    };
    match (shape, value) {
        (Reply::Optional, Value::Nil) => LuaValue::Nil.into_lua_multi(lua),
        (_, Value::Nil) => failure(lua, NIL_ERROR),
        (Reply::Text, Value::Bulk(bytes)) => text(lua, &bytes, reply_type),
        (Reply::Float, Value::Bulk(bytes)) => text(lua, &bytes, ReplyType::Number),
        (Reply::Boolean, Value::Integer(n)) => (n != 0).into_lua_multi(lua),
        (Reply::OkOrFalse, Value::Integer(0)) => false.into_lua_multi(lua),
        (Reply::OkOrFalse, Value::Integer(_)) => "OK".into_lua_multi(lua),
        (Reply::OkAndNumber, Value::Integer(n)) => ("OK", LuaValue::Nil, n).into_lua_multi(lua),
        (Reply::Map, value) => map(lua, value)?.into_lua_multi(lua),
        (Reply::ByKey, Value::Array(items)) => by_name(lua, request.keys(), items, to_lua),
        (Reply::ByArgument, Value::Array(items)) => by_name(lua, request.after_key(), items, to_lua),
        (Reply::NumberByArgument, Value::Array(items)) => by_name(lua, request.after_key(), items, number_to_lua),
        (Reply::BooleanByArgument, Value::Array(items)) => by_name(lua, request.after_key(), items, boolean_to_lua),
        (Reply::Scored, Value::Array(items)) => scored(lua, items)?.into_lua_multi(lua),
        (Reply::ScanMap, Value::Array(items)) => scan(lua, items, "fields", map),
        (Reply::ScanMembers, Value::Array(items)) => scan(lua, items, "members", to_lua),
        (Reply::ScanScored, Value::Array(items)) => scan(lua, items, "members", |lua, items| match items {
            Value::Array(items) => scored(lua, items),
            other => to_lua(lua, other),
        }),
        (Reply::Entries, Value::Array(items)) => entries(lua, items)?.into_lua_multi(lua),
        (_, value) => to_lua(lua, value)?.into_lua_multi(lua),
    }
}

/// A reply as it is: strings, numbers, booleans, and arrays of them with nils in their places.
pub(super) fn to_lua(lua: &Lua, value: Value) -> mlua::Result<LuaValue> {
    Ok(match value {
        Value::Nil | Value::NilArray => LuaValue::Nil,
        Value::Integer(n) => LuaValue::Integer(n),
        Value::Double(d) => LuaValue::Number(d),
        Value::Boolean(b) => LuaValue::Boolean(b),
        Value::Status(bytes) | Value::Bulk(bytes) | Value::BigNumber(bytes) | Value::Error(bytes) => {
            LuaValue::String(lua.create_string(bytes)?)
        }
        Value::Array(items) | Value::Set(items) | Value::Push(items) => {
            let table = lua.create_table_with_capacity(items.len(), 0)?;
            for (i, item) in items.into_iter().enumerate() {
                if item != Value::Nil {
                    table.raw_set(i + 1, to_lua(lua, item)?)?;
                }
            }
            LuaValue::Table(table)
        }
        Value::Map(pairs) => {
            let table = lua.create_table_with_capacity(0, pairs.len())?;
            for (key, item) in pairs {
                if key != Value::Nil {
                    table.raw_set(to_lua(lua, key)?, to_lua(lua, item)?)?;
                }
            }
            LuaValue::Table(table)
        }
    })
}

/// Fields and values: a map, or one after the other in an array.
fn map(lua: &Lua, value: Value) -> mlua::Result<LuaValue> {
    let Value::Array(items) = value else { return to_lua(lua, value) };
    let items = in_turn(items);
    let table = lua.create_table_with_capacity(0, items.len() / 2)?;
    for pair in items.chunks_exact(2) {
        if let [Value::Bulk(field), Value::Bulk(value)] = pair {
            table.raw_set(lua.create_string(field)?, lua.create_string(value)?)?;
        }
    }
    Ok(LuaValue::Table(table))
}

/// Pairs that are arrays of two, as RESP3 has them, one after the other, as RESP2 has them.
fn in_turn(items: Vec<Value>) -> Vec<Value> {
    if !matches!(items.first(), Some(Value::Array(_))) {
        return items;
    }
    let pairs = items.into_iter();
    pairs.flat_map(|pair| if let Value::Array(pair) = pair { pair } else { vec![pair, Value::Nil] }).collect()
}

/// An element for each name, in their order; those that are nil are left out.
fn by_name<'a>(
    lua: &Lua,
    names: impl Iterator<Item = &'a [u8]>,
    items: Vec<Value>,
    convert: fn(&Lua, Value) -> mlua::Result<LuaValue>,
) -> mlua::Result<MultiValue> {
    let table = lua.create_table_with_capacity(0, items.len())?;
    for (name, item) in names.zip(items) {
        if item != Value::Nil {
            table.raw_set(lua.create_string(name)?, convert(lua, item)?)?;
        }
    }
    table.into_lua_multi(lua)
}

/// A number, also one that was sent as a string.
fn number_to_lua(lua: &Lua, value: Value) -> mlua::Result<LuaValue> {
    match &value {
        Value::Bulk(bytes) => match number(bytes) {
            Some(number) => Ok(LuaValue::Number(number)),
            None => to_lua(lua, value),
        },
        _ => to_lua(lua, value),
    }
}

fn boolean_to_lua(lua: &Lua, value: Value) -> mlua::Result<LuaValue> {
    match value {
        Value::Integer(n) => Ok(LuaValue::Boolean(n != 0)),
        value => to_lua(lua, value),
    }
}

/// Members and scores: one after the other (RESP2, and one pair alone), or in pairs (RESP3).
fn scored(lua: &Lua, items: Vec<Value>) -> mlua::Result<LuaValue> {
    let flat = in_turn(items);
    let list = lua.create_table_with_capacity(flat.len() / 2, 0)?;
    let mut flat = flat.into_iter();
    while let (Some(member), Some(score)) = (flat.next(), flat.next()) {
        let entry = lua.create_table_with_capacity(0, 2)?;
        entry.raw_set("member", to_lua(lua, member)?)?;
        entry.raw_set("score", number_to_lua(lua, score)?)?;
        list.raw_push(entry)?;
    }
    Ok(LuaValue::Table(list))
}

/// Entries of a stream: an id with fields and values each.
fn entries(lua: &Lua, items: Vec<Value>) -> mlua::Result<LuaValue> {
    let list = lua.create_table_with_capacity(items.len(), 0)?;
    for item in items {
        let Value::Array(parts) = item else { continue };
        let mut parts = parts.into_iter();
        let entry = lua.create_table_with_capacity(0, 2)?;
        entry.raw_set("id", to_lua(lua, parts.next().unwrap_or(Value::Nil))?)?;
        entry.raw_set("fields", map(lua, parts.next().unwrap_or(Value::Nil))?)?;
        list.raw_push(entry)?;
    }
    Ok(LuaValue::Table(list))
}

/// A step of a scan: the next cursor and what was found.
fn scan(
    lua: &Lua,
    items: Vec<Value>,
    name: &str,
    convert: impl Fn(&Lua, Value) -> mlua::Result<LuaValue>,
) -> mlua::Result<MultiValue> {
    let mut items = items.into_iter();
    let cursor = match items.next() {
        Some(Value::Bulk(digits)) => std::str::from_utf8(&digits).ok().and_then(|digits| digits.parse().ok()),
        _ => None,
    };
    let Some(cursor) = cursor else { return failure(lua, "the server answered a scan without a cursor") };
    scan_step(lua, cursor, name, convert(lua, items.next().unwrap_or(Value::Nil))?)
}

/// `{ cursor = number, [name] = found }`
pub(super) fn scan_step(lua: &Lua, cursor: u64, name: &str, found: LuaValue) -> mlua::Result<MultiValue> {
    let Some(cursor) = i64::try_from(cursor).ok().filter(|cursor| *cursor <= LARGEST_CURSOR) else {
        return failure(lua, &format!("the server's cursor {cursor} is larger than a number of Lua can hold exactly"));
    };
    let step = lua.create_table_with_capacity(0, 2)?;
    step.raw_set("cursor", LuaValue::Integer(cursor))?;
    step.raw_set(name, found)?;
    step.into_lua_multi(lua)
}

fn text(lua: &Lua, bytes: &[u8], reply_type: ReplyType) -> mlua::Result<MultiValue> {
    let unreadable = |as_what| format!("the value {} is not a {as_what}", shown(bytes));
    match reply_type {
        ReplyType::String => lua.create_string(bytes)?.into_lua_multi(lua),
        ReplyType::Nil => LuaValue::Nil.into_lua_multi(lua),
        ReplyType::Number => match number(bytes) {
            Some(n) => n.into_lua_multi(lua),
            None => failure(lua, &unreadable("number")),
        },
        ReplyType::Boolean => match bytes {
            b"1" | b"t" | b"T" | b"true" | b"TRUE" | b"True" => true.into_lua_multi(lua),
            b"0" | b"f" | b"F" | b"false" | b"FALSE" | b"False" => false.into_lua_multi(lua),
            _ => failure(lua, &unreadable("boolean")),
        },
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
