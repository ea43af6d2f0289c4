//! The module of Redis for another program: in the `mlua` state that the program has, with its globals and libraries.
//!
//! Functions wait as they do in the host of this crate: a coroutine yields, a driver awaits. So what calls them has to run
//! in [`Embedded::call`]. mlua's own async functions are not used: the program needs no feature of mlua for them, and
//! gets the same functions at the same price.

use std::rc::Rc;

use mlua::{Function, IntoLuaMulti, Lua, MultiValue, Table, Value};
use nautiloid_redis::Client;

use crate::driver::Driver;
use crate::error::{HostError, ScriptError};
use crate::exchange::{Current, Exchange};
use crate::module::{Binder, Waits};
use crate::{modules, sandbox};

/// `nauthilus_redis` in a Lua state of another program.
///
/// It belongs to its thread, which has to run a Tokio `LocalSet` or `LocalRuntime`: connections are tasks of it.
pub struct Embedded {
    lua: Lua,
    driver: Driver,
    call: Function,
    module: Table,
}

impl Embedded {
    /// Makes the module. It changes nothing of the state: where scripts find the module is the program's decision.
    ///
    /// # Errors
    /// The state is out of memory, or lacks the functions that any has: `pcall`, `xpcall`, `error`.
    pub fn new(lua: &Lua, client: &Rc<Client>) -> Result<Self, HostError> {
        let current = Current::default();
        let rust = lua.create_table()?;
        rust.raw_set("waiting", sandbox::chunk(lua, sandbox::WAITING)?)?;
        rust.raw_set("describe", lua.create_function(|lua, problem: Value| sandbox::describe(lua, &problem))?)?;
        rust.raw_set("traceback", lua.create_function(|lua, ()| lua.traceback(None, 1))?)?;
        let parts: Table = sandbox::chunk(lua, include_str!("embed.lua"))?.call(rust)?;
        let binder = Binder::new(lua, &parts.raw_get("bind")?, Waits::when_driven(current.clone()))?;
        let module = modules::redis(&binder, client)?.into_table();
        Ok(Embedded { lua: lua.clone(), driver: Driver::new(lua, current)?, call: parts.raw_get("call")?, module })
    }

    /// The table of functions, to be put where scripts find it: a global, or `package.loaded.nauthilus_redis`.
    pub fn module(&self) -> &Table {
        &self.module
    }

    /// Calls a function, which may wait for Redis, and gives its results. Any number of calls may run at once.
    ///
    /// Dropping the future abandons the call: nothing of it runs again.
    ///
    /// # Errors
    /// The function raised an error.
    pub async fn call(&self, function: &Function, arguments: impl IntoLuaMulti) -> Result<MultiValue, ScriptError> {
        let mut arguments = arguments.into_lua_multi(&self.lua)?;
        arguments.push_front(Value::Function(function.clone()));
        self.driver.run(&Exchange::new(None), &self.call, arguments).await
    }
}
