//! `redis_scan`: the keys of a pool, step by step; and `redis_scan_iter`: one after the other.

use std::rc::Rc;

use nautiloid_redis::commands::Command;
use nautiloid_redis::{Request, Value};

use super::fault::Fault;
use super::handle::Handles;
use super::reply::{Answer, push};
use super::request;
use crate::arguments::Callee;
use crate::call::Call;
use crate::module::{Begin, Binder, Caller, Module};
use crate::stack::{Results, Writer};

pub(super) fn begin(handles: &Handles, command: &Command, call: Call<'_>) -> Result<Begin, Fault> {
    let target = handles.target(call)?;
    let cursor = request::cursor(1, call)?.unsigned_abs();
    let options = request::build(command, Request::default(), call)?.request;
    Ok(Begin::Wait(Box::pin(async move {
        Box::new(match target.pool.scan(cursor, &options).await {
            Ok((cursor, keys)) => Answer::scan_step(cursor, "keys", Answer::Plain(Value::Array(keys))),
            Err(error) => Answer::error(&error),
        }) as Box<dyn Results>
    })))
}

/// Adds the iterator: `waiting.lua` makes it of what looks at its arguments, and what fetches the keys of a step.
pub(super) fn bind_iterator(
    binder: &Binder,
    handles: &Rc<Handles>,
    to: &Module,
    callee: Callee,
    command: &'static Command,
) -> mlua::Result<()> {
    let (checking, fetching) = (Rc::clone(handles), Rc::clone(handles));
    let check = binder.immediate(callee, Caller::Waiting, move |call| {
        checking.target(call)?;
        // What would be a result of a step is raised: a loop has no place for it.
        request::build(command, Request::default(), call).map_err(Fault::into_raise)?;
        Ok(Box::new(()))
    })?;
    let fetch = binder.step(callee, Caller::Waiting, move |call| fetch(&fetching, command, call))?;
    binder.iterator(to, callee, check, fetch)
}

/// The keys of the step behind a cursor: `fetch(handle, …, cursor)`, with the cursor's digits as the last argument, since
/// not every cursor is a number of Lua.
fn fetch(handles: &Handles, command: &Command, call: Call<'_>) -> Result<Begin, crate::arguments::Raise> {
    let target = handles.target(call)?;
    let cursor_at = command.params.len();
    let cursor = call.name(cursor_at)?.parse().map_err(|_| call.bad(cursor_at, "the digits of a cursor expected"))?;
    let options = request::build(command, Request::default(), call).map_err(Fault::into_raise)?.request;
    Ok(Begin::Wait(Box::pin(async move {
        match target.pool.scan(cursor, &options).await {
            Ok((0, keys)) => Box::new(Step { keys, next: None }) as Box<dyn Results>,
            Ok((cursor, keys)) => Box::new(Step { keys, next: Some(cursor.to_string()) }),
            Err(error) => Box::new(Answer::error(&error)),
        }
    })))
}

/// Keys, and where the next step begins.
struct Step {
    keys: Vec<Value>,
    next: Option<String>,
}

impl Results for Step {
    fn push(&self, out: &mut Writer) {
        out.table(self.keys.len(), 0, |table| {
            for key in &self.keys {
                table.element(|out| push(out, key));
            }
        });
        match &self.next {
            Some(cursor) => out.string(cursor),
            None => out.nil(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modules::redis::request::LARGEST_CURSOR;

    #[test]
    fn a_cursor_that_lua_cannot_hold_is_an_error_and_no_other_cursor() {
        let step = |cursor| Answer::scan_step(cursor, "keys", Answer::Nil);
        let largest = LARGEST_CURSOR.unsigned_abs();
        assert!(matches!(step(largest), Answer::Scan { cursor: LARGEST_CURSOR, .. }));
        for cursor in [largest + 1, u64::MAX] {
            let Answer::Failure(message) = step(cursor) else { panic!("{cursor}") };
            assert!(String::from_utf8(message).unwrap().contains(&format!("cursor {cursor} is larger")));
        }
    }
}
