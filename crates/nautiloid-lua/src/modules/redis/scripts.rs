//! `redis_upload_script` and `redis_run_script`.

use std::rc::Rc;
use std::sync::Arc;

use mlua::{IntoLuaMulti, Lua, MultiValue, Value as LuaValue};
use nautiloid_redis::commands::{Access, Command, NIL_ERROR, Spread};
use nautiloid_redis::{Client, RedisError, Request, Script, Value, run_script};

use super::request;
use super::value::Refusal;
use super::{failure, handle, redis_failure, reply};
use crate::arguments::{Arguments, Callee, Raise};
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
    let (request, uploaded) = match build(client, command, arguments, optional(arguments, 1)?, optional(arguments, 2)?)?
    {
        Ok(built) => built,
        Err(Refusal(message)) => return Ok(Begin::Done(failure(lua, &message)?)),
    };
    let lua = lua.clone();
    Ok(Begin::Wait(Box::pin(async move {
        let outcome = match &uploaded {
            Some((script, arguments)) => run_script(&pool, script, arguments).await,
            None => pool.call(&request, Access::Master, Spread::OneSlot).await,
        };
        results(&lua, outcome)
    })))
}

/// What runs a script: the request, and what the script was uploaded as if it was asked for by name.
type Planned = (Request, Option<(Arc<Script>, Request)>);

/// In a list of commands: `{ "run_script", script, name, keys, args }` as in a call, or without the script.
pub(super) fn plan(
    client: &Client,
    command: &Command,
    arguments: &Arguments<'_>,
) -> Result<Result<Planned, Refusal>, Raise> {
    // With a table in the place of the name, the name is where the script would be.
    if !matches!(arguments.get(2), None | Some(LuaValue::Table(_))) {
        return build(client, command, arguments, optional(arguments, 1)?, optional(arguments, 2)?);
    }
    let named: MultiValue = [LuaValue::Nil, LuaValue::Nil]
        .into_iter()
        .chain((1..arguments.len()).filter_map(|index| arguments.get(index).cloned()))
        .collect();
    let named = Arguments::new(Callee::Method(command.short_name()), &named);
    let name = optional(&named, 2)?;
    build(client, command, &named, Vec::new(), name)
}

fn build(
    client: &Client,
    command: &Command,
    arguments: &Arguments<'_>,
    source: Vec<u8>,
    name: Vec<u8>,
) -> Result<Result<Planned, Refusal>, Raise> {
    let refused = |message: String| Ok(Err(Refusal(message)));
    let uploaded = match (source.as_slice(), name.as_slice()) {
        ([], []) => {
            return refused("set either the script or the name of an uploaded one: both are empty".to_owned());
        }
        ([], name) => match client.script(&String::from_utf8_lossy(name)) {
            Ok(script) => Some(script),
            Err(error) => return refused(error.to_string()),
        },
        (_, []) => None,
        _ => {
            let problem = "set either the script or the name of an uploaded one, and \"\" for the other: both are set";
            return refused(problem.to_owned());
        }
    };
    let rest = match request::build(command, Request::default(), arguments)? {
        Ok(built) => built.request,
        Err(refusal) => return Ok(Err(refusal)),
    };
    Ok(Ok(match uploaded {
        Some(script) => (script.evalsha(&rest), Some((script, rest))),
        None => {
            let mut request = Request::new("EVAL");
            request.arg(&source).append(&rest);
            (request, None)
        }
    }))
}

/// A string, or nothing: nil and `""` are the same.
fn optional(arguments: &Arguments<'_>, index: usize) -> Result<Vec<u8>, Raise> {
    if arguments.is_absent(index) { Ok(Vec::new()) } else { Ok(arguments.text(index)?.as_bytes().to_vec()) }
}

pub(super) fn results(lua: &Lua, outcome: Result<Value, RedisError>) -> mlua::Result<MultiValue> {
    match outcome {
        Ok(Value::Nil) => failure(lua, NIL_ERROR),
        Ok(value) => reply::to_lua(lua, value)?.into_lua_multi(lua),
        Err(error) => redis_failure(lua, &error),
    }
}
