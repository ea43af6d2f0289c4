//! `redis_command`: any command of Redis.

use std::rc::Rc;

use mlua::Lua;
use nautiloid_redis::Client;
use nautiloid_redis::commands::Reply;

use super::plan;
use super::request::ReplyType;
use super::value::Refusal;
use super::{failure, handle, redis_failure, reply};
use crate::arguments::{Arguments, Raise};
use crate::module::Begin;

pub(super) fn begin(lua: &Lua, client: &Rc<Client>, arguments: &Arguments<'_>) -> Result<Begin, Raise> {
    let target = handle::target(client, arguments)?;
    let words = match plan::words(arguments)? {
        Ok(words) => words,
        Err(Refusal(message)) => return Ok(Begin::Done(failure(lua, &message)?)),
    };
    let lua = lua.clone();
    Ok(Begin::Wait(Box::pin(async move {
        let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
        let batched = match target.pool.plan(&words).await {
            Ok(batched) => batched,
            Err(error) => return redis_failure(&lua, &error),
        };
        let outcome = target.pool.call(&batched.request, target.access(batched.access), batched.spread).await;
        reply::results(&lua, outcome, Reply::Plain, &batched.request, ReplyType::String)
    })))
}
