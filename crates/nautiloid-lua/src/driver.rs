//! Runs a coroutine to its end: resumes it, waits for what it asks for, and resumes it with the results.
//!
//! This is ours rather than mlua's async support for three reasons: a call needs no Lua-side polling and no second
//! future; a script's own coroutines can pass the marker on; and the request is set and taken away in one place.

use std::cell::RefCell;
use std::rc::Rc;

use mlua::{Function, IntoLuaMulti, Lua, MultiValue, Value};

use crate::error::ScriptError;
use crate::exchange::{Current, Exchange, pending_marker, ready_marker};
use crate::idle::{Idle, ListId};
use crate::source::Program;
use crate::stack::{Coroutine, Results, Resumer, Step};

pub(crate) struct Driver {
    resumer: Resumer,
    current: Current,
    idle: RefCell<Idle<Coroutine>>,
    /// Of those that have ended: the others are ready for a request to their program.
    ended: ListId,
}

impl Driver {
    /// # Errors
    /// The VM is out of memory.
    pub(crate) fn new(lua: &Lua, current: Current) -> mlua::Result<Self> {
        // Known to the VM from here on: yielding them takes no memory.
        lua.create_sequence_from([pending_marker(), ready_marker()])?;
        let mut idle = Idle::new();
        let ended = idle.list();
        Ok(Driver { resumer: Resumer::new(lua)?, current, idle: RefCell::new(idle), ended })
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
        let idle = self.idle.borrow_mut().take(self.ended);
        let coroutine = match idle {
            Some(coroutine) => coroutine,
            None => self.resumer.coroutine(entry)?,
        };
        self.resumer.prepare(&coroutine, entry, arguments)?;
        match self.drive(exchange, &coroutine, &()).await? {
            Step::Ended => {
                let values = self.resumer.values(&coroutine)?;
                self.idle.borrow_mut().keep(self.ended, coroutine);
                results(values)
            }
            _ => Err(yielded_outside()),
        }
    }

    /// Runs a program for one request in a coroutine that it has for one after the other: `serve` (of `entry.lua`) makes
    /// it ready for the arguments of requests.
    ///
    /// Dropping the future abandons the coroutine: nothing of it runs again.
    pub(crate) async fn serve(
        &self,
        exchange: &Rc<Exchange>,
        serve: &Function,
        program: &Program,
        arguments: &dyn Results,
    ) -> Result<(), ScriptError> {
        let list = *program.idle.get_or_init(|| self.idle.borrow_mut().list());
        let idle = self.idle.borrow_mut().take(list);
        let coroutine = match idle {
            Some(coroutine) => coroutine,
            None => {
                let coroutine = self.resumer.coroutine(serve)?;
                self.resumer.prepare(&coroutine, serve, (&program.factory, program.name()))?;
                match self.drive(exchange, &coroutine, &()).await? {
                    Step::Yielded(marker) if marker == ready_marker() => coroutine,
                    _ => return Err(yielded_outside()),
                }
            }
        };
        match self.drive(exchange, &coroutine, arguments).await? {
            Step::Yielded(marker) if marker == ready_marker() => {
                self.idle.borrow_mut().keep(list, coroutine);
                Ok(())
            }
            Step::YieldedOther => results(self.resumer.values(&coroutine)?).map(drop),
            _ => Err(yielded_outside()),
        }
    }

    /// Until the coroutine ends, or yields anything but that it waits.
    async fn drive(
        &self,
        exchange: &Rc<Exchange>,
        coroutine: &Coroutine,
        first: &dyn Results,
    ) -> Result<Step, ScriptError> {
        let mut step = self.resume(exchange, coroutine, first)?;
        while step == Step::Yielded(pending_marker()) {
            let Some(pending) = exchange.take_pending() else { return Err(yielded_outside()) };
            let results = pending.await;
            step = self.resume(exchange, coroutine, &*results)?;
        }
        match step {
            Step::Failed(message) => Err(ScriptError::new(message, "")),
            step => Ok(step),
        }
    }

    /// Until the coroutine waits or ends; `exchange` is the current one meanwhile.
    fn resume(&self, exchange: &Rc<Exchange>, coroutine: &Coroutine, results: &dyn Results) -> mlua::Result<Step> {
        let _entered = self.current.enter(exchange, coroutine.address());
        self.resumer.resume(coroutine, results)
    }
}

fn yielded_outside() -> ScriptError {
    ScriptError::new("attempt to yield from outside a coroutine", "")
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
