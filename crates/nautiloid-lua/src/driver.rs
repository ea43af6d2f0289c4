//! Runs a coroutine to its end: resumes it, waits for what it asks for, and resumes it with the results.
//!
//! This is ours rather than mlua's async support for three reasons: a call needs no Lua-side polling and no second
//! future; a script's own coroutines can pass the marker on; and the request is set and taken away in one place.

use std::cell::RefCell;
use std::rc::Rc;

use mlua::{Function, IntoLuaMulti, Lua, MultiValue, Thread, Value};

use crate::error::ScriptError;
use crate::exchange::{Current, Exchange, pending_marker};
use crate::stack::{self, Step};

/// Coroutines that have ended, kept for the next requests.
const KEPT: usize = 256;

pub(crate) struct Driver {
    lua: Lua,
    current: Current,
    idle: RefCell<Vec<Thread>>,
}

impl Driver {
    pub(crate) fn new(lua: Lua, current: Current) -> Self {
        Driver { lua, current, idle: RefCell::default() }
    }

    /// Calls `entry` (a function of `entry.lua`) in a coroutine and gives what it returns: `true` and results, or
    /// `false` and a table with `message` and `traceback`.
    ///
    /// Dropping the future abandons the coroutine: nothing of it runs again.
    pub(crate) async fn run(
        &self,
        exchange: &Rc<Exchange>,
        entry: &Function,
        arguments: impl IntoLuaMulti,
    ) -> Result<MultiValue, ScriptError> {
        let coroutine = self.coroutine(entry)?;
        let mut step = {
            let _entered = self.current.enter(exchange, coroutine.to_pointer());
            stack::start(&self.lua, &coroutine, entry, arguments)?
        };
        loop {
            match step {
                Step::Ended(values) => {
                    self.keep(coroutine);
                    return results(values);
                }
                Step::Failed(message) => return Err(ScriptError::new(message, "")),
                Step::Yielded(_) | Step::YieldedOther => {}
            }
            let waiting = matches!(step, Step::Yielded(marker) if marker == pending_marker());
            let results = match exchange.take_pending() {
                Some(pending) if waiting => pending.await,
                _ => return Err(ScriptError::new("attempt to yield from outside a coroutine", "")),
            };
            let _entered = self.current.enter(exchange, coroutine.to_pointer());
            step = stack::resume(&self.lua, &coroutine, &*results)?;
        }
    }

    /// One that is new or has ended.
    fn coroutine(&self, entry: &Function) -> mlua::Result<Thread> {
        match self.idle.borrow_mut().pop() {
            Some(coroutine) => Ok(coroutine),
            None => stack::new_coroutine(&self.lua, entry),
        }
    }

    fn keep(&self, coroutine: Thread) {
        let mut idle = self.idle.borrow_mut();
        if idle.len() < KEPT {
            idle.push(coroutine);
        }
    }
}

/// Takes apart what `xpcall` gave.
fn results(mut values: MultiValue) -> Result<MultiValue, ScriptError> {
    match values.pop_front() {
        Some(Value::Boolean(true)) => Ok(values),
        _ => Err(match values.pop_front() {
            Some(Value::Table(problem)) => {
                let text =
                    |key| problem.raw_get::<mlua::LuaString>(key).map(|s| s.to_string_lossy()).unwrap_or_default();
                ScriptError::new(text("message"), &text("traceback"))
            }
            // The handler itself failed: out of stack or memory.
            Some(Value::String(message)) => ScriptError::new(message.to_string_lossy(), ""),
            _ => ScriptError::new("the script failed and could not say why", ""),
        }),
    }
}
