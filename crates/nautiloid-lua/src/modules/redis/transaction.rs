//! `redis_transaction`: commands that run with nothing between them, and, in its form with a function, only if nobody has
//! changed what the function read.
//!
//! The function is a script's, which Rust cannot wait for: `bind_transaction` of `waiting.lua` calls it, between `begin` and
//! `commit`. What is watched meanwhile belongs to the exchange, and ends with it.

use std::rc::Rc;

use mlua::{IntoLuaMulti, Lua, MultiValue, Value as LuaValue};
use nautiloid_redis::{Client, Executed, Pool, RedisError, Request, Watch};

use super::handle::{self, Target};
use super::plan::{self, Convert, List, Listed, Planned};
use super::value::{Refusal, with_bytes};
use super::{failure, redis_failure};
use crate::arguments::{Arguments, Callee, Raise};
use crate::exchange::Current;
use crate::module::{Begin, Binder, Module};

/// Adds the function: its plain form, and the steps of the other.
pub(super) fn bind(binder: &Binder, client: &Rc<Client>, to: &Module, callee: Callee) -> mlua::Result<()> {
    let current = binder.current.clone();
    let (plain, begin, commit) = (Rc::clone(client), Rc::clone(client), Rc::clone(client));
    let (beginning, committing) = (current.clone(), current.clone());
    let plain = binder.step(callee, move |lua, arguments| run(lua, &plain, arguments))?;
    let begin = binder.step(callee, move |lua, arguments| watch(lua, &begin, &beginning, arguments))?;
    let commit = binder.step(callee, move |lua, arguments| self::commit(lua, &commit, &committing, arguments))?;
    let abandon = binder.step(callee, move |lua, arguments| {
        if let Some((watched, _)) = take(&current, arguments)? {
            watched.abandon();
        }
        Ok(Begin::Done(MultiValue::new().into_lua_multi(lua)?))
    })?;
    binder.transaction(to, callee, [plain, begin, commit, abandon])
}

/// `redis_transaction(handle, commands)`
fn run(lua: &Lua, client: &Rc<Client>, arguments: &Arguments<'_>) -> Result<Begin, Raise> {
    let target = handle::target(client, arguments)?;
    let commands = arguments.table(1)?;
    if !arguments.is_absent(2) {
        return Err(arguments.expected(2, "function"));
    }
    let listed = match plan::read(client, List::Transaction, commands)? {
        Ok(listed) => listed,
        Err(Refusal(message)) => return Ok(Begin::Done(failure(lua, &message)?)),
    };
    let lua = lua.clone();
    Ok(Begin::Wait(Box::pin(async move {
        let (requests, converts) = match settle(&target.pool, listed).await {
            Ok(settled) => settled,
            Err(error) => return redis_failure(&lua, &error),
        };
        if requests.is_empty() {
            return lua.create_table()?.into_lua_multi(&lua);
        }
        let executed = target.pool.transaction(&requests).await;
        results(&lua, executed, &requests, &converts)
    })))
}

/// What is watched, and for which pool.
type Watched = (Watch, Rc<Pool>);

/// The first step of the form with a function: `id, handle`, or `nil, message`.
fn watch(lua: &Lua, client: &Rc<Client>, current: &Current, arguments: &Arguments<'_>) -> Result<Begin, Raise> {
    let target = handle::target(client, arguments)?;
    let list = arguments.table(1)?;
    let mut keys = Vec::with_capacity(list.raw_len());
    for position in 1..=list.raw_len() {
        let key = list.raw_get::<LuaValue>(position)?;
        if let Err(Refusal(message)) = with_bytes(&key, |bytes| keys.push(bytes.to_vec())) {
            return Ok(Begin::Done(failure(lua, &message)?));
        }
    }
    if keys.is_empty() {
        return Err(arguments.bad(1, "a table of one or more keys to watch expected, got an empty one"));
    }
    let Some(exchange) = current.get() else {
        return Err(Raise::Message("a transaction was begun outside a request".to_owned()));
    };
    let lua = lua.clone();
    Ok(Begin::Wait(Box::pin(async move {
        let Target { pool, .. } = &target;
        let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
        match pool.watch(&keys).await {
            Ok(watch) => {
                let watched: Watched = (watch, Rc::clone(pool));
                (exchange.hold(watched), target.of_master(&lua)?).into_lua_multi(&lua)
            }
            Err(error) => redis_failure(&lua, &error),
        }
    })))
}

/// The last step: `true` and the results, or `false` when a watched key was changed.
fn commit(lua: &Lua, client: &Rc<Client>, current: &Current, arguments: &Arguments<'_>) -> Result<Begin, Raise> {
    let LuaValue::Table(commands) = arguments.get(1).unwrap_or(&LuaValue::Nil) else {
        return Err(Raise::Message(
            "the function of a transaction has to return a table of commands, or nil for none".to_owned(),
        ));
    };
    let listed = match plan::read(client, List::Transaction, commands)? {
        Ok(listed) => listed,
        Err(Refusal(message)) => return Ok(Begin::Done((true, LuaValue::Nil, message).into_lua_multi(lua)?)),
    };
    let Some((watch, pool)) = take(current, arguments)? else {
        return Err(Raise::Message("the transaction has ended already".to_owned()));
    };
    let lua = lua.clone();
    Ok(Begin::Wait(Box::pin(async move {
        let executed = match settle(&pool, listed).await {
            Ok((requests, converts)) => watch.commit(&requests).await.map(|executed| (executed, requests, converts)),
            Err(error) => Err(error),
        };
        match executed {
            Ok((None, ..)) => false.into_lua_multi(&lua),
            Ok((executed, requests, converts)) => {
                let mut results = results(&lua, Ok(executed), &requests, &converts)?;
                results.push_front(LuaValue::Boolean(true));
                Ok(results)
            }
            Err(error) => {
                let mut results = redis_failure(&lua, &error)?;
                results.push_front(LuaValue::Boolean(true));
                Ok(results)
            }
        }
    })))
}

/// Takes what the id in the first argument stands for.
fn take(current: &Current, arguments: &Arguments<'_>) -> Result<Option<Watched>, Raise> {
    let id = arguments.integer(0)?;
    Ok(current.get().and_then(|exchange| exchange.release::<Watched>(id)))
}

async fn settle(pool: &Pool, listed: Vec<Listed>) -> Result<(Vec<Request>, Vec<Convert>), RedisError> {
    let planned = plan::settle(pool, listed).await?.into_iter();
    Ok(planned.map(|Planned { batched, convert }| (batched.request, convert)).unzip())
}

fn results(
    lua: &Lua,
    executed: Result<Executed, RedisError>,
    requests: &[Request],
    converts: &[Convert],
) -> mlua::Result<MultiValue> {
    let outcomes = match executed {
        Ok(Some(outcomes)) => outcomes,
        Ok(None) => return failure(lua, "redis: transaction failed: a watched key was changed"),
        Err(error) => return redis_failure(lua, &error),
    };
    let replies = lua.create_table_with_capacity(outcomes.len(), 0)?;
    for ((outcome, request), convert) in outcomes.into_iter().zip(requests).zip(converts) {
        replies.raw_push(plan::entry(lua, outcome, request, convert)?)?;
    }
    replies.into_lua_multi(lua)
}
