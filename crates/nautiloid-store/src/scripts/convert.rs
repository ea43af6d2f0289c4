//! The rules between replies and Lua's values, as Redis has them for RESP2.

use bytes::Bytes;
use mlua::{Lua, MultiValue, Table, Value as LuaValue};
use nautiloid_resp::{Value, general};

use crate::context::error_line;

/// Deepest nesting of a script's reply: the deepest that clients of this project read.
const MAX_DEPTH: usize = 64;

/// The arguments of `redis.call`; `None` when one is neither a string nor a number.
pub(super) fn arguments(values: &MultiValue) -> Option<Vec<Bytes>> {
    values.iter().map(argument).collect()
}

fn argument(value: &LuaValue) -> Option<Bytes> {
    match value {
        LuaValue::String(text) => Some(Bytes::copy_from_slice(&text.as_bytes())),
        LuaValue::Integer(n) if n.unsigned_abs() < 100_000_000_000_000_000 => {
            Some(Bytes::copy_from_slice(itoa::Buffer::new().format(*n).as_bytes()))
        }
        LuaValue::Integer(n) => Some(general(*n as f64, 17).into()),
        LuaValue::Number(n) => Some(general(*n, 17).into()),
        _ => None,
    }
}

/// What a script sees of a reply.
pub(super) fn to_lua(lua: &Lua, reply: Value) -> mlua::Result<LuaValue> {
    Ok(match reply {
        Value::Nil | Value::NilArray => LuaValue::Boolean(false),
        Value::Integer(n) => LuaValue::Number(n as f64),
        Value::Boolean(b) => LuaValue::Number(f64::from(u8::from(b))),
        Value::Double(d) => LuaValue::String(lua.create_string(general(d, 17))?),
        Value::Bulk(bytes) | Value::BigNumber(bytes) => LuaValue::String(lua.create_string(&bytes)?),
        Value::Status(text) => single(lua, "ok", &text)?,
        Value::Error(text) => single(lua, "err", &text)?,
        Value::Array(items) | Value::Set(items) | Value::Push(items) => array(lua, items.len(), items)?,
        Value::Map(pairs) => array(lua, pairs.len() * 2, pairs.into_iter().flat_map(|(key, value)| [key, value]))?,
    })
}

fn single(lua: &Lua, field: &str, text: &[u8]) -> mlua::Result<LuaValue> {
    let table = lua.create_table_with_capacity(0, 1)?;
    table.raw_set(field, lua.create_string(text)?)?;
    Ok(LuaValue::Table(table))
}

fn array(lua: &Lua, length: usize, items: impl IntoIterator<Item = Value>) -> mlua::Result<LuaValue> {
    let table = lua.create_table_with_capacity(length, 0)?;
    for (index, item) in (1..).zip(items) {
        table.raw_set(index, to_lua(lua, item)?)?;
    }
    Ok(LuaValue::Table(table))
}

/// The reply that a script's result makes.
pub(super) fn to_reply(result: &LuaValue) -> Value {
    reply(result, 0)
}

fn reply(value: &LuaValue, depth: usize) -> Value {
    match value {
        LuaValue::String(text) => Value::Bulk(Bytes::copy_from_slice(&text.as_bytes())),
        LuaValue::Integer(n) => Value::Integer(*n),
        LuaValue::Number(n) => Value::Integer(truncated(*n)),
        LuaValue::Boolean(true) => Value::Integer(1),
        LuaValue::Table(_) if depth == MAX_DEPTH => Value::error("ERR reached lua stack limit"),
        LuaValue::Table(table) => table_reply(table, depth),
        _ => Value::Nil,
    }
}

fn table_reply(table: &Table, depth: usize) -> Value {
    let field = |name: &str| table.raw_get::<LuaValue>(name).unwrap_or(LuaValue::Nil);
    if let LuaValue::String(text) = field("err") {
        return error_line(&text.as_bytes());
    }
    if let LuaValue::String(text) = field("ok") {
        return Value::Status(Bytes::copy_from_slice(&text.as_bytes()));
    }
    match field("double") {
        LuaValue::Integer(n) => return Value::Double(n as f64),
        LuaValue::Number(n) => return Value::Double(n),
        _ => {}
    }
    if let LuaValue::Table(map) = field("map") {
        let pairs = map.pairs::<LuaValue, LuaValue>().flatten();
        return Value::Map(pairs.map(|(key, value)| (reply(&key, depth + 1), reply(&value, depth + 1))).collect());
    }
    if let LuaValue::Table(set) = field("set") {
        let members = set.pairs::<LuaValue, LuaValue>().flatten();
        return Value::Set(members.map(|(member, _)| reply(&member, depth + 1)).collect());
    }
    if let LuaValue::String(digits) = field("big_number") {
        return Value::BigNumber(Bytes::copy_from_slice(&digits.as_bytes()));
    }
    if let LuaValue::Table(verbatim) = field("verbatim_string")
        && let Ok(LuaValue::String(text)) = verbatim.raw_get::<LuaValue>("string")
    {
        return Value::Bulk(Bytes::copy_from_slice(&text.as_bytes()));
    }
    let items = (1_i64..).map(|index| table.raw_get::<LuaValue>(index).unwrap_or(LuaValue::Nil));
    Value::Array(items.take_while(|item| !item.is_nil()).map(|item| reply(&item, depth + 1)).collect())
}

/// As the processor converts it for Redis: toward zero, and the least integer for all that does not fit.
fn truncated(n: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&n) { n as i64 } else { i64::MIN }
}

#[cfg(test)]
mod tests {
    use super::truncated;

    #[test]
    fn numbers_that_do_not_fit() {
        assert_eq!(truncated(3.99), 3);
        assert_eq!(truncated(-3.99), -3);
        assert_eq!(truncated(1e300), i64::MIN);
        assert_eq!(truncated(f64::NAN), i64::MIN);
    }
}
