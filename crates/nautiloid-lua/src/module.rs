//! How a module of Rust functions is made for Lua.

use std::cell::Cell;
use std::rc::Rc;

use mlua::{Function, IntoLua, IntoLuaMulti, Lua, MultiValue, Table, Value};

use crate::arguments::{Arguments, Callee, Raise};
use crate::call::Call;
use crate::exchange::{Current, Exchange, Pending, pending_marker};
use crate::stack::{self, Given, Results};

/// What a function that may have to wait has done so far.
pub(crate) enum Begin {
    /// All of it: these are the results.
    Done(Box<dyn Results>),
    /// It waits; the future gives the results.
    Wait(Pending),
}

/// Where functions may wait for an answer, and what is said elsewhere.
#[derive(Clone)]
pub(crate) struct Waits {
    current: Current,
    /// How many coroutines run inside callbacks that cannot wait: only the sandbox, which resumes the coroutines of its
    /// scripts itself, can pass on what they yield.
    blocked: Option<Rc<Cell<usize>>>,
}

impl Waits {
    /// In every coroutine of a script, since the sandbox passes on what they yield; where that is impossible it counts.
    pub(crate) fn in_coroutines(current: Current, blocked: Rc<Cell<usize>>) -> Self {
        Waits { current, blocked: Some(blocked) }
    }

    /// In the coroutine alone that the driver resumes: who resumes another would get what is meant for the driver.
    pub(crate) fn when_driven(current: Current) -> Self {
        Waits { current, blocked: None }
    }

    fn check(&self, callee: Callee, call: Call<'_>) -> Result<(), Raise> {
        let (fits, elsewhere) = match (call.coroutine(), &self.blocked) {
            (coroutine, Some(blocked)) => (
                coroutine.is_some() && blocked.get() == 0,
                "inside a callback of string.gsub, table.sort or another C function: call it before, or collect what is \
                 needed and call it after",
            ),
            (coroutine, None) => (
                coroutine.is_some_and(|coroutine| self.current.is_driven(coroutine)),
                "here: it can in a function that Embedded::call runs, outside coroutines of the script and callbacks of C \
                 functions",
            ),
        };
        if fits {
            return Ok(());
        }
        Err(Raise::Message(format!("'{}' cannot wait for an answer {elsewhere}", callee.name())))
    }

    fn begin(&self, callee: Callee, begin: Begin) -> Result<Given, Raise> {
        match (begin, self.current.get()) {
            (Begin::Done(results), _) => Ok(Given::Results(results)),
            (Begin::Wait(pending), Some(exchange)) => {
                exchange.wait_for(pending);
                Ok(Given::Yield(pending_marker()))
            }
            (Begin::Wait(_), None) => Err(Raise::Message(format!("'{}' was called outside a request", callee.name()))),
        }
    }
}

/// Makes modules for one VM.
pub(crate) struct Binder {
    pub(crate) lua: Lua,
    pub(crate) current: Current,
    waits: Waits,
    direct: Function,
    iterator: Function,
    transaction: Function,
}

impl Binder {
    /// `bind` is what `waiting.lua` gives.
    pub(crate) fn new(lua: &Lua, bind: &Table, waits: Waits) -> mlua::Result<Self> {
        Ok(Binder {
            lua: lua.clone(),
            current: waits.current.clone(),
            waits,
            direct: bind.raw_get("direct")?,
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
        call: impl Fn(Call<'_>) -> Result<Begin, Raise> + 'static,
    ) -> mlua::Result<()> {
        let callee = callee.into();
        module.add(callee, self.step(callee, Caller::Script, call)?)
    }

    /// A function that may wait, by itself: `waiting.lua` may make another of it.
    pub(crate) fn step(
        &self,
        callee: Callee,
        caller: Caller,
        call: impl Fn(Call<'_>) -> Result<Begin, Raise> + 'static,
    ) -> mlua::Result<Function> {
        let waits = self.waits.clone();
        self.on_stack(callee, caller, move |arguments| {
            waits.check(callee, arguments)?;
            waits.begin(callee, call(arguments)?)
        })
    }

    /// A function that reads its arguments where they are and never waits, by itself.
    pub(crate) fn immediate(
        &self,
        callee: Callee,
        caller: Caller,
        call: impl Fn(Call<'_>) -> Result<Box<dyn Results>, Raise> + 'static,
    ) -> mlua::Result<Function> {
        self.on_stack(callee, caller, move |arguments| call(arguments).map(Given::Results))
    }

    fn on_stack(
        &self,
        callee: Callee,
        caller: Caller,
        call: impl Fn(Call<'_>) -> Result<Given, Raise> + 'static,
    ) -> mlua::Result<Function> {
        stack::function(&self.lua, caller as i32, move |stack| {
            call(Call::new(callee, stack)).unwrap_or_else(|raise| {
                Given::Raise(match raise {
                    Raise::Message(message) => message,
                    Raise::Lua(error) => error.to_string(),
                })
            })
        })
    }

    /// Adds a function of these steps: one for its plain form, and three around a function of the script.
    pub(crate) fn transaction(&self, module: &Module, callee: Callee, steps: [Function; 4]) -> mlua::Result<()> {
        let [plain, begin, commit, abandon] = steps;
        let function: Function = self.transaction.call((plain, begin, commit, abandon))?;
        module.add(callee, function)
    }

    /// Adds a function that gives an iterator for a `for` loop, of a function that looks at the arguments and one that
    /// fetches values: see `waiting.lua`.
    pub(crate) fn iterator(
        &self,
        module: &Module,
        callee: Callee,
        check: Function,
        fetch: Function,
    ) -> mlua::Result<()> {
        let function: Function = self.iterator.call((check, fetch, callee.name()))?;
        module.add(callee, function)
    }
}

/// Who calls a function, so that its errors are said to be where the script is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Caller {
    /// The script itself.
    Script = 1,
    /// A function of `waiting.lua` that the script calls.
    Waiting = 2,
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

    /// Adds a function that is made already.
    pub(crate) fn add(&self, callee: Callee, function: Function) -> mlua::Result<()> {
        self.functions.raw_set(callee.name(), function)
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

// What `direct` of `waiting.lua` reads.

fn done(mut results: MultiValue) -> mlua::Result<MultiValue> {
    results.push_front(Value::Boolean(true));
    Ok(results)
}

fn raised(lua: &Lua, raise: Raise) -> mlua::Result<MultiValue> {
    (false, raise.into_value(lua)?).into_lua_multi(lua)
}
