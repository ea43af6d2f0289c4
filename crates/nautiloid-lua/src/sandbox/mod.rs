//! The world of a script: its globals, its modules, and how its functions wait.
//!
//! Most of it is Lua (`waiting.lua`, `base.lua`, `loader.lua`, `entry.lua`), since it is about Lua: closures over the real libraries
//! that scripts never see, coroutines that pass a marker on. What needs the outside is handed in from here.

mod search;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use mlua::{Function, Lua, LuaOptions, StdLib, Table, Value};

use crate::arguments::Arguments;
use crate::declarations::{OLD_NAMES, OLD_PREFIX};
use crate::error::ScriptError;
use crate::exchange::{Current, pending_marker, ready_marker};
use crate::json;
use crate::module::{Binder, Module, Waits};
use crate::settings::{Print, Settings};
use crate::stack::{self, Given, Seen};
pub use search::ModuleSearch;

/// The functions of `entry.lua`.
pub(crate) struct Entry {
    pub(crate) serve: Function,
    pub(crate) init: Function,
    pub(crate) main: Function,
    pub(crate) console: Function,
    pub(crate) new_globals: Function,
}

/// A VM with nothing in it that scripts must not reach, and no just-in-time compiler: compiled code never runs hooks,
/// so nothing could stop a script that loops.
pub(crate) fn new_vm() -> mlua::Result<Lua> {
    let libraries = StdLib::TABLE | StdLib::STRING | StdLib::MATH | StdLib::OS | StdLib::BIT | StdLib::JIT;
    let lua = Lua::new_with(libraries, LuaOptions::default())?;
    lua.load("jit.off() assert(not jit.status()) jit = nil").set_name("=[nautiloid]").exec()?;
    Ok(lua)
}

/// Sets the VM up: globals first, then the modules that `modules` adds with them, then `require` over both.
pub(crate) fn set_up(
    lua: &Lua,
    settings: &Settings,
    current: &Current,
    modules: impl FnOnce(&Binder) -> mlua::Result<Vec<Module>>,
) -> mlua::Result<Entry> {
    let rust = lua.create_table()?;
    rust.raw_set("pending", pending_marker())?;
    rust.raw_set("ready", ready_marker())?;
    rust.raw_set("seed", fastrand::u32(..))?;
    rust.raw_set("print", print(lua, settings.print)?)?;
    rust.raw_set("getenv", getenv(lua, settings)?)?;
    rust.raw_set("waiting", chunk(lua, WAITING)?)?;
    let blocked = Rc::new(Cell::new(0));
    let count = Rc::clone(&blocked);
    let set_blocked = lua.create_function(move |_, blocked: usize| {
        count.set(blocked);
        Ok(())
    })?;
    rust.raw_set("set_blocked", set_blocked)?;
    let sandbox: Table = chunk(lua, include_str!("base.lua"))?.call(&rust)?;

    let binder = Binder::new(lua, &sandbox.raw_get("bind")?, Waits::in_coroutines(current.clone(), blocked))?;
    let tables = lua.create_table()?;
    for module in modules(&binder)? {
        tables.raw_set(module.name(), module.into_table())?;
    }
    rust.raw_set("modules", tables)?;
    rust.raw_set("old_names", lua.create_table_from(OLD_NAMES.iter().copied())?)?;
    rust.raw_set("old_prefix", OLD_PREFIX)?;
    add_search(lua, &rust, settings)?;
    chunk(lua, include_str!("loader.lua"))?.call::<()>((&rust, &sandbox))?;

    rust.raw_set("log_format", settings.log_format.as_str())?;
    rust.raw_set("log_level", settings.log_level.as_str())?;
    rust.raw_set("describe", lua.create_function(|lua, problem: Value| describe(lua, &problem))?)?;
    rust.raw_set("traceback", lua.create_function(|lua, ()| lua.traceback(None, 1))?)?;
    rust.raw_set("answer", answer(lua, current.clone())?)?;
    let entry: Table = chunk(lua, include_str!("entry.lua"))?.call((&rust, &sandbox))?;
    Ok(Entry {
        serve: entry.raw_get("serve")?,
        init: entry.raw_get("init")?,
        main: entry.raw_get("main")?,
        console: entry.raw_get("console")?,
        new_globals: entry.raw_get("new_globals")?,
    })
}

/// What only Lua can do for functions of modules.
pub(crate) const WAITING: &str = include_str!("waiting.lua");

pub(crate) fn chunk(lua: &Lua, text: &str) -> mlua::Result<Function> {
    // `trim` of `ScriptError` knows this name.
    lua.load(text).set_name("=[nautiloid]").into_function()
}

fn print(lua: &Lua, target: Print) -> mlua::Result<Function> {
    lua.create_function(move |_, line: mlua::LuaString| {
        target.line(&line.as_bytes());
        Ok(())
    })
}

/// Takes what a hook returned as the current exchange's result.
fn answer(lua: &Lua, current: Current) -> mlua::Result<Function> {
    let encoder = RefCell::new(json::Encoder::default());
    stack::function(lua, 1, move |stack| {
        stack.keep_first();
        if let Some(exchange) = current.get() {
            let is_answered = exchange.response.borrow().body.is_some();
            if !is_answered && stack.top() != Seen::Nil {
                *exchange.result.borrow_mut() = Some(encoder.borrow_mut().encode_top(stack));
            }
        }
        Given::Results(Box::new(()))
    })
}

fn getenv(lua: &Lua, settings: &Settings) -> mlua::Result<Function> {
    let allowed: Rc<[String]> = settings.env.clone().into();
    lua.create_function(move |lua, values: mlua::MultiValue| {
        match Arguments::new("getenv", &values).name(0) {
            Ok(name) if allowed.contains(&name) => match std::env::var_os(&name) {
                Some(value) => Ok((true, Value::String(lua.create_string(value.as_encoded_bytes())?))),
                None => Ok((true, Value::Nil)),
            },
            // As if it were not set: which names exist is nothing a script has to know.
            Ok(_) => Ok((true, Value::Nil)),
            Err(raise) => Ok((false, raise.into_value(lua)?)),
        }
    })
}

fn add_search(lua: &Lua, rust: &Table, settings: &Settings) -> mlua::Result<()> {
    let search = Rc::new(ModuleSearch::new(settings.package_path.clone()));
    rust.raw_set("package_path", search.to_string())?;
    let find = Rc::clone(&search);
    rust.raw_set(
        "find_module",
        lua.create_function(move |lua, name: mlua::LuaString| {
            let name = name.to_string_lossy();
            Ok(match find.read(&name).and_then(|source| source.compile_chunk(lua).map_err(|e| e.to_string())) {
                Ok(chunk) => (Some(chunk), None),
                Err(problem) => (None, Some(problem)),
            })
        })?,
    )?;
    rust.raw_set(
        "module_exists",
        lua.create_function(move |_, name: mlua::LuaString| Ok(search.find(&name.to_string_lossy()).is_some()))?,
    )?;
    let warned = RefCell::new(std::collections::HashSet::new());
    rust.raw_set(
        "warn_unknown_module",
        lua.create_function(move |_, name: mlua::LuaString| {
            let name = name.to_string_lossy();
            if warned.borrow_mut().insert(name.clone()) {
                tracing::warn!("dynamic_loader: there is no module '{name}'; requiring it will fail");
            }
            Ok(())
        })?,
    )
}

/// Words for an error that is no string. `None` leaves it to `tostring`.
pub(crate) fn describe(lua: &Lua, problem: &Value) -> mlua::Result<Option<String>> {
    Ok(match problem {
        Value::Error(error) => Some(ScriptError::from((**error).clone()).to_string()),
        Value::Table(table) if table.metatable().is_none() => {
            json::encode(lua, problem).ok().map(|text| String::from_utf8_lossy(&text).into_owned())
        }
        _ => None,
    })
}

impl Print {
    fn line(self, line: &[u8]) {
        match self {
            Print::Stdout => {
                use std::io::Write;
                let mut out = std::io::stdout().lock();
                // Whoever reads the output may have gone away; that is no error of the script.
                let _ = out.write_all(line).and_then(|()| out.write_all(b"\n"));
            }
            Print::Log => tracing::info!(target: "nautiloid::print", "{}", String::from_utf8_lossy(line)),
        }
    }
}
