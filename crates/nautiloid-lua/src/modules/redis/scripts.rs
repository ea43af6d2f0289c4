//! `redis_upload_script` and `redis_run_script`.

use std::rc::Rc;

use mlua::{IntoLuaMulti, Lua, MultiValue};
use nautiloid_redis::commands::{Access, Command, NIL_ERROR, Spread};
use nautiloid_redis::{Client, RedisError, Request, Value, run_script};

use super::request::{self, Refusal};
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

pub(super) fn run(
    lua: &Lua,
    client: &Rc<Client>,
    command: &Command,
    arguments: &Arguments<'_>,
) -> Result<Begin, Raise> {
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
    let start = match &script {
        // `run_script` puts it before its arguments.
        Some(_) => Request::default(),
        None => {
            let mut request = Request::new("EVAL");
            request.arg(&source);
            request
        }
    };
    let request = match request::build(command, start, arguments)? {
        Ok(built) => built.request,
        Err(Refusal(message)) => return Ok(Begin::Done(failure(lua, &message)?)),
    };
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

fn results(lua: &Lua, outcome: Result<Value, RedisError>) -> mlua::Result<MultiValue> {
    match outcome {
        Ok(Value::Nil) => failure(lua, NIL_ERROR),
        Ok(value) => reply::to_lua(lua, value)?.into_lua_multi(lua),
        Err(error) => redis_failure(lua, &error),
    }
}
