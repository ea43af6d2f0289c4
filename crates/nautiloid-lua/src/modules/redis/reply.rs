//! Replies to Lua results, as the row says.

use mlua::{IntoLuaMulti, Lua, MultiValue, Value as LuaValue};
use nautiloid_redis::commands::{NIL_ERROR, Reply};
use nautiloid_redis::{RedisError, Value};

use super::request::{Built, ReplyType};
use super::{failure, redis_failure};

/// The results of the call that `built` was.
pub(super) fn results(
    lua: &Lua,
    outcome: Result<Value, RedisError>,
    shape: Reply,
    built: &Built,
) -> mlua::Result<MultiValue> {
    let value = match outcome {
        Ok(value) => value,
        Err(error) => return redis_failure(lua, &error),
    };
    match (shape, value) {
        (_, Value::Nil) => failure(lua, NIL_ERROR),
        (Reply::Text, Value::Bulk(bytes)) => text(lua, &bytes, built.reply_type),
        (Reply::Float, Value::Bulk(bytes)) => text(lua, &bytes, ReplyType::Number),
        (Reply::Boolean, Value::Integer(n)) => (n != 0).into_lua_multi(lua),
        (Reply::OkOrFalse, Value::Integer(0)) => false.into_lua_multi(lua),
        (Reply::OkOrFalse, Value::Integer(_)) => "OK".into_lua_multi(lua),
        (Reply::OkAndNumber, Value::Integer(n)) => ("OK", LuaValue::Nil, n).into_lua_multi(lua),
        (Reply::Map, Value::Array(items)) => map(lua, &items)?.into_lua_multi(lua),
        (Reply::ByKey, Value::Array(items)) => by_key(lua, built.request.keys(), items)?.into_lua_multi(lua),
        (Reply::Status | Reply::Number | Reply::Array | _, value) => to_lua(lua, value)?.into_lua_multi(lua),
    }
}

/// A reply as it is: strings, numbers, booleans, and arrays of them with nils in their places.
pub(super) fn to_lua(lua: &Lua, value: Value) -> mlua::Result<LuaValue> {
    Ok(match value {
        Value::Nil => LuaValue::Nil,
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

fn map(lua: &Lua, items: &[Value]) -> mlua::Result<LuaValue> {
    let table = lua.create_table_with_capacity(0, items.len() / 2)?;
    for pair in items.chunks_exact(2) {
        if let [Value::Bulk(field), Value::Bulk(value)] = pair {
            table.raw_set(lua.create_string(field)?, lua.create_string(value)?)?;
        }
    }
    Ok(LuaValue::Table(table))
}

/// An element a key, in their order.
fn by_key<'a>(lua: &Lua, keys: impl Iterator<Item = &'a [u8]>, items: Vec<Value>) -> mlua::Result<LuaValue> {
    let table = lua.create_table_with_capacity(0, items.len())?;
    for (key, item) in keys.zip(items) {
        table.raw_set(lua.create_string(key)?, to_lua(lua, item)?)?;
    }
    Ok(LuaValue::Table(table))
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
