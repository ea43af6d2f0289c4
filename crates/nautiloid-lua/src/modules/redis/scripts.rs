//! `redis_upload_script` and `redis_run_script`.

use std::rc::Rc;
use std::sync::Arc;

use mlua::{IntoLuaMulti, Lua, MultiValue, Value as LuaValue};
use nautiloid_redis::commands::{Access, Command, Reply, Spread};
use nautiloid_redis::{Client, Request, Script, run_script};

use super::request::{self, ReplyType};
use super::value::Refusal;
use super::{failure, handle, redis_failure, reply};
use crate::arguments::{Arguments, Callee, Raise, Text};
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
    let runnable = match build(client, command, arguments, optional(arguments, 1)?, optional(arguments, 2)?)? {
        Ok(runnable) => runnable,
        Err(Refusal(message)) => return Ok(Begin::Done(failure(lua, &message)?)),
    };
    let lua = lua.clone();
    Ok(Begin::Wait(Box::pin(async move {
        let (outcome, request) = match runnable {
            Runnable::Source(request) => (pool.call(&request, Access::Master, Spread::OneSlot).await, request),
            Runnable::Uploaded(script, arguments) => (run_script(&pool, &script, &arguments).await, arguments),
        };
        reply::results(&lua, outcome, REPLY, &request, ReplyType::String)
    })))
}

/// A script's reply is given as it is.
pub(super) const REPLY: Reply = Reply::Plain;

/// A script to be run.
pub(super) enum Runnable {
    /// What runs it, with its source.
    Source(Request),
    /// What was uploaded, and the arguments behind the script: the number of keys, the keys, and the others.
    Uploaded(Arc<Script>, Request),
}

/// In a list of commands: `{ "run_script", script, name, keys, args }` as in a call, or without the script.
pub(super) fn plan(
    client: &Client,
    command: &Command,
    arguments: &Arguments<'_>,
) -> Result<Result<Runnable, Refusal>, Raise> {
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
    build(client, command, &named, None, name)
}

fn build(
    client: &Client,
    command: &Command,
    arguments: &Arguments<'_>,
    source: Option<Text>,
    name: Option<Text>,
) -> Result<Result<Runnable, Refusal>, Raise> {
    let refused = |message: String| Ok(Err(Refusal(message)));
    let built = |request| request::build(command, request, arguments).map(|built| built.map(|built| built.request));
    match (source, name) {
        (None, None) => refused("set either the script or the name of an uploaded one: both are empty".to_owned()),
        (Some(_), Some(_)) => refused(
            "set either the script or the name of an uploaded one, and \"\" for the other: both are set".to_owned(),
        ),
        (None, Some(name)) => match client.script(&String::from_utf8_lossy(name.as_bytes())) {
            Ok(script) => Ok(built(Request::default())?.map(|rest| Runnable::Uploaded(script, rest))),
            Err(error) => refused(error.to_string()),
        },
        (Some(source), None) => {
            let mut request = Request::new("EVAL");
            request.arg(source.as_bytes());
            Ok(built(request)?.map(Runnable::Source))
        }
    }
}

/// A string, or nothing: nil and `""` are the same.
fn optional(arguments: &Arguments<'_>, index: usize) -> Result<Option<Text>, Raise> {
    if arguments.is_absent(index) {
        return Ok(None);
    }
    Ok(Some(arguments.text(index)?).filter(|text| !text.as_bytes().is_empty()))
}
