//! `redis_upload_script` and `redis_run_script`.

use std::rc::Rc;

use mlua::{IntoLuaMulti, Lua, MultiValue, Value as LuaValue};
use nautiloid_redis::commands::{Access, NIL_ERROR, Spread};
use nautiloid_redis::{Client, RedisError, Request, Value, run_script};

use super::request::{Refusal, add_key, add_value};
use super::{failure, handle, redis_failure, reply};
use crate::arguments::{Arguments, Raise};
use crate::module::Begin;

pub(super) fn upload(lua: &Lua, client: &Rc<Client>, arguments: &Arguments<'_>) -> Result<Begin, Raise> {
    let pool = handle::pool(client, arguments)?;
    let source = arguments.text(1)?.as_bytes().to_vec();
    let name = arguments.name(2)?;
    if name.is_empty() {
        return Err(arguments.bad(2, "a name expected, got an empty string"));
    }
    let (lua, client) = (lua.clone(), Rc::clone(client));
    Ok(Begin::Wait(Box::pin(async move {
        match client.upload_script(&pool, &name, &source).await {
            Ok(script) => script.sha1().into_lua_multi(&lua),
            Err(error) => redis_failure(&lua, &error),
        }
    })))
}

pub(super) fn run(lua: &Lua, client: &Rc<Client>, arguments: &Arguments<'_>) -> Result<Begin, Raise> {
    let pool = handle::pool(client, arguments)?;
    let source = optional(arguments, 1)?;
    let name = optional(arguments, 2)?;
    let script = match (source.as_slice(), name.as_slice()) {
        ([], []) => {
            return Ok(Begin::Done(failure(
                lua,
                "set either the script or the name of an uploaded one: both are empty",
            )?));
        }
        ([], name) => match client.script(&String::from_utf8_lossy(name)) {
            Ok(script) => Some(script),
            Err(error) => return Ok(Begin::Done(redis_failure(lua, &error)?)),
        },
        (_, []) => None,
        _ => {
            let problem = "set either the script or the name of an uploaded one, and \"\" for the other: both are set";
            return Ok(Begin::Done(failure(lua, problem)?));
        }
    };
    let mut request = match &script {
        // `run_script` puts it before its arguments.
        Some(_) => Request::default(),
        None => {
            let mut request = Request::new("EVAL");
            request.arg(&source);
            request
        }
    };
    if let Err(Refusal(message)) = add_lists(&mut request, arguments)? {
        return Ok(Begin::Done(failure(lua, &message)?));
    }
    let lua = lua.clone();
    Ok(Begin::Wait(Box::pin(async move {
        let outcome = match &script {
            Some(script) => run_script(&pool, script, &request).await,
            None => pool.call(&request, Access::Master, Spread::OneSlot).await,
        };
        results(&lua, outcome)
    })))
}

/// A string, or nothing: nil and `""` are the same.
fn optional(arguments: &Arguments<'_>, index: usize) -> Result<Vec<u8>, Raise> {
    if arguments.is_absent(index) { Ok(Vec::new()) } else { Ok(arguments.text(index)?.as_bytes().to_vec()) }
}

/// The number of keys, the keys, and the other arguments.
fn add_lists(request: &mut Request, arguments: &Arguments<'_>) -> Result<Result<(), Refusal>, Raise> {
    for index in [3, 4] {
        let list = match arguments.get(index) {
            None | Some(LuaValue::Nil) => None,
            Some(_) => Some(arguments.table(index)?),
        };
        let length = list.map_or(0, mlua::Table::raw_len);
        if index == 3 {
            request.integer(i64::try_from(length).unwrap_or(i64::MAX));
        }
        for position in 1..=length {
            let Some(list) = list else { break };
            let value = list.raw_get::<LuaValue>(position)?;
            if let Err(refusal) = if index == 3 { add_key(request, &value) } else { add_value(request, &value) } {
                return Ok(Err(refusal));
            }
        }
    }
    Ok(Ok(()))
}

fn results(lua: &Lua, outcome: Result<Value, RedisError>) -> mlua::Result<MultiValue> {
    match outcome {
        Ok(Value::Nil) => failure(lua, NIL_ERROR),
        Ok(value) => reply::to_lua(lua, value)?.into_lua_multi(lua),
        Err(error) => redis_failure(lua, &error),
    }
}
