//! `redis_scan`: the keys of a pool, step by step; and `redis_scan_iter`: one after the other.

use std::cell::Cell;
use std::rc::Rc;

use mlua::{IntoLuaMulti, Lua, MultiValue, Value as LuaValue};
use nautiloid_redis::commands::Command;
use nautiloid_redis::{Client, Request, Value};

use super::request;
use super::value::Refusal;
use super::{failure, handle, redis_failure, reply};
use crate::arguments::{Arguments, Raise};
use crate::module::Begin;

pub(super) fn begin(
    lua: &Lua,
    client: &Rc<Client>,
    command: &Command,
    arguments: &Arguments<'_>,
) -> Result<Begin, Raise> {
    let pool = handle::pool(client, arguments)?;
    let cursor = request::cursor(1, arguments)?.unsigned_abs();
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

/// What fetches the keys of the next step, until there are no more.
pub(super) fn iterate(
    client: &Rc<Client>,
    command: &Command,
    arguments: &Arguments<'_>,
) -> Result<impl Fn(&Lua) -> Result<Begin, Raise> + use<>, Raise> {
    let pool = handle::pool(client, arguments)?;
    let options = match request::build(command, Request::default(), arguments)? {
        Ok(built) => Rc::new(built.request),
        Err(Refusal(message)) => return Err(Raise::Message(message)),
    };
    let next = Rc::new(Cell::new(Some(0)));
    Ok(move |lua: &Lua| {
        let Some(cursor) = next.get() else { return Ok(Begin::Done(LuaValue::Nil.into_lua_multi(lua)?)) };
        let (lua, pool, options, next) = (lua.clone(), Rc::clone(&pool), Rc::clone(&options), Rc::clone(&next));
        Ok(Begin::Wait(Box::pin(async move {
            match pool.scan(cursor, &options).await {
                Ok((cursor, keys)) => {
                    next.set((cursor != 0).then_some(cursor));
                    reply::to_lua(&lua, Value::Array(keys))?.into_lua_multi(&lua)
                }
                Err(error) => redis_failure(&lua, &error),
            }
        })))
    })
}

/// `{ cursor = number, keys = {…} }`
fn step(lua: &Lua, cursor: u64, keys: Vec<Value>) -> mlua::Result<MultiValue> {
    reply::scan_step(lua, cursor, "keys", reply::to_lua(lua, Value::Array(keys))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modules::redis::request::LARGEST_CURSOR;

    #[test]
    fn a_cursor_that_lua_cannot_hold_is_an_error_and_no_other_cursor() {
        let lua = Lua::new();
        let largest = LARGEST_CURSOR.unsigned_abs();
        let results = step(&lua, largest, vec![Value::bulk("k")]).unwrap();
        let table = results[0].as_table().unwrap();
        assert_eq!(table.get::<f64>("cursor").unwrap().to_string(), "9007199254740992");
        assert_eq!(table.get::<Vec<String>>("keys").unwrap(), ["k"]);
        for cursor in [largest + 1, u64::MAX] {
            let results = step(&lua, cursor, Vec::new()).unwrap();
            assert!(results[0].is_nil());
            assert!(results[1].to_string().unwrap().contains(&format!("cursor {cursor} is larger")));
        }
    }
}
