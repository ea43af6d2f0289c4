//! How a module of Rust functions is made for Lua.

use std::rc::Rc;

use mlua::{Function, IntoLua, IntoLuaMulti, Lua, MultiValue, Table, Value};

use crate::arguments::{Arguments, Callee, Raise};
use crate::exchange::{Current, Exchange, Pending, pending_marker};

/// What a function that may have to wait has done so far.
pub(crate) enum Begin {
    /// All of it: these are the results.
    Done(MultiValue),
    /// It waits; the future gives the results.
    Wait(Pending),
}

/// Makes modules for one VM.
pub(crate) struct Binder {
    pub(crate) lua: Lua,
    pub(crate) current: Current,
    direct: Function,
    waiting: Function,
    iterator: Function,
    transaction: Function,
}

impl Binder {
    /// `bind` is what `waiting.lua` gives.
    pub(crate) fn new(lua: &Lua, bind: &Table, current: Current) -> mlua::Result<Self> {
        Ok(Binder {
            lua: lua.clone(),
            current,
            direct: bind.raw_get("direct")?,
            waiting: bind.raw_get("waiting")?,
            iterator: bind.raw_get("iterator")?,
            transaction: bind.raw_get("transaction")?,
        })
    }

    /// A module without functions yet: or any other table of functions, under the name of what it is for.
    pub(crate) fn module(&self, name: &'static str) -> mlua::Result<Module> {
        Ok(Module { name, functions: self.lua.create_table()? })
    }

    /// Adds a function that never waits.
    pub(crate) fn direct<R: IntoLuaMulti>(
        &self,
        module: &Module,
        callee: impl Into<Callee>,
        call: impl Fn(&Lua, &Arguments<'_>) -> Result<R, Raise> + 'static,
    ) -> mlua::Result<()> {
        let callee = callee.into();
        let start = self.lua.create_function(move |lua, values: MultiValue| {
            match call(lua, &Arguments::new(callee, &values)) {
                Ok(results) => done(results.into_lua_multi(lua)?),
                Err(raise) => raised(lua, raise),
            }
        })?;
        module.functions.raw_set(callee.name(), self.direct.call::<Function>(start)?)
    }

    /// Adds a function that belongs to a request and never waits.
    pub(crate) fn direct_in_request<R: IntoLuaMulti>(
        &self,
        module: &Module,
        callee: impl Into<Callee>,
        call: impl Fn(&Lua, &Rc<Exchange>, &Arguments<'_>) -> Result<R, Raise> + 'static,
    ) -> mlua::Result<()> {
        let (callee, current) = (callee.into(), self.current.clone());
        self.direct(module, callee, move |lua, arguments| match current.get() {
            Some(exchange) => call(lua, &exchange, arguments),
            None => Err(Raise::Message(format!("'{}' was called outside a request", callee.name()))),
        })
    }

    /// Adds a function that may wait.
    pub(crate) fn waiting(
        &self,
        module: &Module,
        callee: impl Into<Callee>,
        call: impl Fn(&Lua, &Arguments<'_>) -> Result<Begin, Raise> + 'static,
    ) -> mlua::Result<()> {
        let callee = callee.into();
        let start = self.step(callee, call)?;
        module.functions.raw_set(callee.name(), self.waiting.call::<Function>((start, callee.name()))?)
    }

    /// A step of a function that waiting.lua puts together: it may wait, and gives its results, or what it raises, in the
    /// form that waiting.lua reads.
    pub(crate) fn step(
        &self,
        callee: Callee,
        call: impl Fn(&Lua, &Arguments<'_>) -> Result<Begin, Raise> + 'static,
    ) -> mlua::Result<Function> {
        let current = self.current.clone();
        self.lua.create_function(move |lua, values: MultiValue| {
            begun(lua, &current, callee, call(lua, &Arguments::new(callee, &values)))
        })
    }

    /// Adds a function of these steps: one for its plain form, and three around a function of the script.
    pub(crate) fn transaction(&self, module: &Module, callee: Callee, steps: [Function; 4]) -> mlua::Result<()> {
        let [plain, begin, commit, abandon] = steps;
        let function: Function = self.transaction.call((plain, begin, commit, abandon, callee.name()))?;
        module.functions.raw_set(callee.name(), function)
    }

    /// Adds a function that gives an iterator for a `for` loop.
    ///
    /// `call` gives what fetches the values, as many at once as it likes: an array of them, nil at the end, or nil and
    /// what went wrong.
    pub(crate) fn iterator<F: Fn(&Lua) -> Result<Begin, Raise> + 'static>(
        &self,
        module: &Module,
        callee: impl Into<Callee>,
        call: impl Fn(&Arguments<'_>) -> Result<F, Raise> + 'static,
    ) -> mlua::Result<()> {
        let (callee, current) = (callee.into(), self.current.clone());
        let start =
            self.lua.create_function(move |lua, values: MultiValue| match call(&Arguments::new(callee, &values)) {
                Ok(fetch) => {
                    let current = current.clone();
                    let fetch = lua.create_function(move |lua, ()| begun(lua, &current, callee, fetch(lua)))?;
                    done(fetch.into_lua_multi(lua)?)
                }
                Err(raise) => raised(lua, raise),
            })?;
        module.functions.raw_set(callee.name(), self.iterator.call::<Function>((start, callee.name()))?)
    }
}

/// A module in the making.
pub(crate) struct Module {
    name: &'static str,
    functions: Table,
}

impl Module {
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Adds a constant.
    pub(crate) fn constant(&self, name: &str, value: impl IntoLua) -> mlua::Result<()> {
        self.functions.raw_set(name, value)
    }

    pub(crate) fn into_table(self) -> Table {
        self.functions
    }
}

impl Raise {
    /// The message for `finish` of `waiting.lua`, or the VM's own failure.
    pub(crate) fn into_value(self, lua: &Lua) -> mlua::Result<Value> {
        match self {
            Raise::Message(message) => message.into_lua(lua),
            Raise::Lua(error) => Err(error),
        }
    }
}

// The protocol of `waiting.lua`.

fn done(mut results: MultiValue) -> mlua::Result<MultiValue> {
    results.push_front(Value::Boolean(true));
    Ok(results)
}

fn begun(lua: &Lua, current: &Current, callee: Callee, begin: Result<Begin, Raise>) -> mlua::Result<MultiValue> {
    match begin {
        Ok(Begin::Done(results)) => done(results),
        Ok(Begin::Wait(pending)) => match current.get() {
            Some(exchange) => {
                exchange.wait_for(pending);
                Value::LightUserData(pending_marker()).into_lua_multi(lua)
            }
            None => raised(lua, Raise::Message(format!("'{}' was called outside a request", callee.name()))),
        },
        Err(raise) => raised(lua, raise),
    }
}

fn raised(lua: &Lua, raise: Raise) -> mlua::Result<MultiValue> {
    (false, raise.into_value(lua)?).into_lua_multi(lua)
}
