//! `redis_scan`: the keys of a pool, step by step.

use std::rc::Rc;

use mlua::{Lua, MultiValue};
use nautiloid_redis::commands::Command;
use nautiloid_redis::{Client, Request, Value};

use super::request::{self, Refusal};
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
