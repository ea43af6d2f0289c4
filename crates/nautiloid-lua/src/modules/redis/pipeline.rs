//! `redis_pipeline`: many commands, one round trip.

use std::rc::Rc;

use mlua::{IntoLuaMulti, Lua, MultiValue};
use nautiloid_redis::commands::Access;
use nautiloid_redis::{Batched, Client, Pool};

use super::plan::{self, Convert, List, Planned};
use super::request;
use super::value::Refusal;
use super::{failure, handle, redis_failure};
use crate::arguments::{Arguments, Raise};
use crate::module::Begin;

/// The modes: which servers may be asked.
pub(super) const MODES: &[&str] = &["read", "write"];

pub(super) fn begin(lua: &Lua, client: &Rc<Client>, arguments: &Arguments<'_>) -> Result<Begin, Raise> {
    let target = handle::target(client, arguments)?;
    let only_reads = request::word(1, MODES, arguments)? == "read";
    let listed = match plan::read(client, List::Pipeline, arguments.table(2)?)? {
        Ok(listed) => listed,
        Err(Refusal(message)) => return Ok(Begin::Done(failure(lua, &message)?)),
    };
    let lua = lua.clone();
    Ok(Begin::Wait(Box::pin(async move {
        let mut planned = match plan::settle(&target.pool, listed).await {
            Ok(planned) => planned,
            Err(error) => return redis_failure(&lua, &error),
        };
        for (index, Planned { batched, .. }) in planned.iter_mut().enumerate() {
            if only_reads && batched.access == Access::Write {
                let number = index + 1;
                return failure(
                    &lua,
                    &format!("command {number} of the pipeline writes: its mode has to be \"write\""),
                );
            }
            if !only_reads && batched.access == Access::Read {
                batched.access = Access::Master;
            }
            batched.access = target.access(batched.access);
        }
        run(&lua, &target.pool, planned).await
    })))
}

async fn run(lua: &Lua, pool: &Pool, planned: Vec<Planned>) -> mlua::Result<MultiValue> {
    let (items, converts): (Vec<Batched>, Vec<Convert>) =
        planned.into_iter().map(|Planned { batched, convert }| (batched, convert)).unzip();
    let outcomes = pool.pipeline(&items).await;
    let replies = lua.create_table_with_capacity(outcomes.len(), 0)?;
    for ((outcome, item), convert) in outcomes.into_iter().zip(&items).zip(&converts) {
        let outcome = match (outcome, &convert.uploaded) {
            // The server refused before running anything.
            (Err(error), Some((script, arguments))) if error.is_unknown_script() => {
                pool.call(&script.eval(arguments), item.access, item.spread).await
            }
            (outcome, _) => outcome,
        };
        replies.raw_push(plan::entry(lua, outcome, &item.request, convert)?)?;
    }
    replies.into_lua_multi(lua)
}
