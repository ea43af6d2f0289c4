//! `redis_scan`: the keys of a pool, step by step.

use std::rc::Rc;

use mlua::{IntoLuaMulti, Lua, MultiValue, Value as LuaValue};
use nautiloid_redis::commands::Command;
use nautiloid_redis::{Client, Request, Value};

use super::request::{self, Refusal};
use super::{failure, handle, redis_failure, reply};
use crate::arguments::{Arguments, Raise};
use crate::module::Begin;

/// Up to here, every integer is a number of Lua; from here on some would become another.
const LARGEST_CURSOR: u64 = 1 << 53;

pub(super) fn begin(
    lua: &Lua,
    client: &Rc<Client>,
    command: &Command,
    arguments: &Arguments<'_>,
) -> Result<Begin, Raise> {
    let pool = handle::pool(client, arguments)?;
    let cursor = arguments.integer(1)?;
    let Some(cursor) = u64::try_from(cursor).ok().filter(|cursor| *cursor <= LARGEST_CURSOR) else {
        return Err(arguments.bad(1, &format!("cursor expected, got {cursor}")));
    };
    let options = match request::build(command, Request::default(), arguments)? {
        Ok(built) => built.request,
        Err(Refusal(message)) => return Ok(Begin::Done(failure(lua, &message)?)),
    };
    let lua = lua.clone();
    Ok(Begin::Wait(Box::pin(async move {
        match pool.scan(cursor, &options).await {
            Ok((cursor, keys)) => step(&lua, cursor, keys),
            Err(error) => redis_failure(&lua, &error),
        }
    })))
}

/// `{ cursor = number, keys = {…} }`
fn step(lua: &Lua, cursor: u64, keys: Vec<Value>) -> mlua::Result<MultiValue> {
    let Some(cursor) = i64::try_from(cursor).ok().filter(|_| cursor <= LARGEST_CURSOR) else {
        return failure(lua, &format!("the server's cursor {cursor} is larger than a number of Lua can hold exactly"));
    };
    let step = lua.create_table_with_capacity(0, 2)?;
    step.raw_set("cursor", LuaValue::Integer(cursor))?;
    step.raw_set("keys", reply::to_lua(lua, Value::Array(keys))?)?;
    step.into_lua_multi(lua)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_that_lua_cannot_hold_is_an_error_and_no_other_cursor() {
        let lua = Lua::new();
        let results = step(&lua, LARGEST_CURSOR, vec![Value::bulk("k")]).unwrap();
        let table = results[0].as_table().unwrap();
        assert_eq!(table.get::<f64>("cursor").unwrap().to_string(), "9007199254740992");
        assert_eq!(table.get::<Vec<String>>("keys").unwrap(), ["k"]);
        for cursor in [LARGEST_CURSOR + 1, u64::MAX] {
            let results = step(&lua, cursor, Vec::new()).unwrap();
            assert!(results[0].is_nil());
            assert!(results[1].to_string().unwrap().contains(&format!("cursor {cursor} is larger")));
        }
    }
}
