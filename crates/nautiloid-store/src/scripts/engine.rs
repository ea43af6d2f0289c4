//! The Lua VM of a thread: compiles scripts, keeps what it compiled, and runs them.
//!
//! It knows nothing of commands: a run is given a function that executes one.

use std::cell::RefCell;
use std::collections::HashMap;

use bytes::Bytes;
use mlua::chunk::ChunkMode;
use mlua::{Function, Lua, LuaOptions, LuaString, MultiValue, StdLib, Table, Value as LuaValue};
use nautiloid_resp::Value;

use super::convert::{arguments, to_lua, to_reply};
use super::{Script, cjson, sha1, tail_calls};
use crate::VERSION;
use crate::context::error_line;

/// Executes one command.
pub(crate) type Execute<'a> = dyn FnMut(&[Bytes]) -> Value + 'a;

/// Compiled scripts that a VM keeps; when there are more it begins anew.
const COMPILED: usize = 1000;
/// The name of a script in positions and errors.
const SCRIPT: &str = "@user_script";
/// The name of `api.lua` in the VM: its frames are not the script's.
const API: &str = "=[api]";
/// Frames that are searched for the script's line; below it there are only a few of the library's.
const FRAMES: usize = 64;

thread_local! {
    static ENGINE: RefCell<Option<Engine>> = const { RefCell::new(None) };
}

/// Compiles a script, for its errors, and keeps the result.
pub(crate) fn check(script: &Script) -> Result<(), Value> {
    with_engine(|engine| engine.function(script).map(drop))
}

/// Runs a script: its reply, or an error reply.
pub(crate) fn run(script: &Script, keys: &[Bytes], args: &[Bytes], execute: &mut Execute<'_>) -> Value {
    with_engine(|engine| {
        let function = engine.function(script)?;
        engine.run(&script.sha, &function, keys, args, execute).map_err(|failure| internal(&failure))
    })
    .unwrap_or_else(|error| error)
}

fn with_engine<R>(work: impl FnOnce(&mut Engine) -> Result<R, Value>) -> Result<R, Value> {
    ENGINE.with(|cell| {
        // Scripts cannot run scripts: the commands for it are not allowed in one.
        let Ok(mut slot) = cell.try_borrow_mut() else { return Err(Value::error("ERR a script is running already")) };
        if slot.is_none() {
            *slot = Some(Engine::new().map_err(|failure| internal(&failure))?);
        }
        match slot.as_mut() {
            Some(engine) => work(engine),
            None => Err(Value::error("ERR no Lua VM")),
        }
    })
}

/// What goes wrong outside of the script's own code: out of memory, in practice.
fn internal(failure: &mlua::Error) -> Value {
    error_line(format!("ERR Error running script: {failure}").as_bytes())
}

struct Engine {
    lua: Lua,
    /// `(script, execute, KEYS, ARGV)` → `(true, result)` or `(false, error)`
    runner: Function,
    compiled: HashMap<String, Function>,
}

impl Engine {
    fn new() -> mlua::Result<Self> {
        let libraries = StdLib::TABLE | StdLib::STRING | StdLib::MATH | StdLib::BIT | StdLib::JIT;
        // So that a script's `pcall` takes no panic for an error: a panic of a command ends the script.
        let options = LuaOptions::default().catch_rust_panics(false);
        let lua = Lua::new_with(libraries, options)?;
        let api = lua.load(include_str!("api.lua")).set_name(API).into_function()?;
        let runner = api.call(host(&lua)?)?;
        Ok(Engine { lua, runner, compiled: HashMap::new() })
    }

    fn function(&mut self, script: &Script) -> Result<Function, Value> {
        if let Some(function) = self.compiled.get(&script.sha) {
            return Ok(function.clone());
        }
        let function = self
            .compile(&tail_calls::without(&script.body))
            .or_else(|_| self.compile(&script.body))
            .map_err(|failure| uncompiled(&failure))?;
        if self.compiled.len() >= COMPILED {
            self.compiled.clear();
        }
        self.compiled.insert(script.sha.clone(), function.clone());
        Ok(function)
    }

    fn compile(&self, source: &[u8]) -> mlua::Result<Function> {
        self.lua.load(source).set_name(SCRIPT).set_mode(ChunkMode::Text).into_function()
    }

    fn run(
        &self,
        sha: &str,
        script: &Function,
        keys: &[Bytes],
        args: &[Bytes],
        execute: &mut Execute<'_>,
    ) -> mlua::Result<Value> {
        let (done, result): (bool, LuaValue) = self.lua.scope(|scope| {
            let command = scope.create_function_mut(|lua, values: MultiValue| call(lua, &values, execute))?;
            self.runner.call((script, command, strings(&self.lua, keys)?, strings(&self.lua, args)?))
        })?;
        Ok(if done { to_reply(&result) } else { failed(sha, &result) })
    }
}

/// One `redis.call`: the reply, and whether it is an error.
fn call(lua: &Lua, values: &MultiValue, execute: &mut Execute<'_>) -> mlua::Result<(LuaValue, bool)> {
    let reply = match arguments(values) {
        Some(args) if args.is_empty() => {
            Value::error("ERR Please specify at least one argument for this redis lib call")
        }
        Some(args) => execute(&args),
        None => Value::error("ERR Lua redis lib command arguments must be strings or integers"),
    };
    let failed = matches!(reply, Value::Error(_));
    Ok((to_lua(lua, reply)?, failed))
}

fn strings(lua: &Lua, items: &[Bytes]) -> mlua::Result<Table> {
    let table = lua.create_table_with_capacity(items.len(), 0)?;
    for (index, item) in (1..).zip(items) {
        table.raw_set(index, lua.create_string(item)?)?;
    }
    Ok(table)
}

/// `ERR Error compiling script (new function): user_script:1: …`
fn uncompiled(failure: &mlua::Error) -> Value {
    let text = match failure {
        mlua::Error::SyntaxError { message, .. } => message.clone(),
        other => other.to_string(),
    };
    error_line(format!("ERR Error compiling script (new function): {text}").as_bytes())
}

/// The error reply of a script that an error ended.
fn failed(sha: &str, failure: &LuaValue) -> Value {
    let LuaValue::Table(table) = failure else {
        let text = failure.to_string().unwrap_or_else(|_| "execution failure".into());
        let text: String = text.chars().take(100).collect();
        return error_line(format!("ERR Error running script {sha}, {text}").as_bytes());
    };
    let mut text = match table.raw_get("err") {
        Ok(LuaValue::String(text)) => text.as_bytes().to_vec(),
        Ok(LuaValue::Integer(n)) => n.to_string().into_bytes(),
        Ok(LuaValue::Number(n)) => n.to_string().into_bytes(),
        _ => b"ERR unknown error".to_vec(),
    };
    if let (Ok(source), Ok(line)) = (table.raw_get::<LuaString>("source"), table.raw_get::<usize>("line")) {
        let place = format!(" script: {sha}, on {}:{line}.", source.to_string_lossy());
        text.extend_from_slice(place.as_bytes());
    }
    error_line(&text)
}

/// The functions in Rust that `api.lua` builds on.
fn host(lua: &Lua) -> mlua::Result<Table> {
    let host = lua.create_table()?;
    host.set("version", VERSION)?;
    host.set("version_number", version_number())?;
    host.set("null", LuaValue::NULL)?;
    host.set("sha1hex", lua.create_function(|_, text: LuaString| Ok(sha1(&text.as_bytes())))?)?;
    let log = lua.create_function(|_, (level, text): (f64, LuaString)| {
        log(level, &text.to_string_lossy());
        Ok(())
    })?;
    host.set("log", log)?;
    host.set("position", lua.create_function(|lua, ()| Ok(position(lua)))?)?;
    host.set("encode", lua.create_function(|lua, value: LuaValue| cjson::encode(lua, &value))?)?;
    host.set("decode", lua.create_function(|lua, text: LuaString| cjson::decode(lua, &text.as_bytes()))?)?;
    Ok(host)
}

/// Two digits a part in hexadecimal: 7.0.15 is 0x0007000f.
fn version_number() -> u32 {
    VERSION.split('.').fold(0, |number, part| number << 8 | part.parse::<u32>().unwrap_or(0))
}

fn log(level: f64, text: &str) {
    match level as u8 {
        0 | 1 => tracing::debug!("script: {text}"),
        2 => tracing::info!("script: {text}"),
        _ => tracing::warn!("script: {text}"),
    }
}

/// Where the innermost frame of the script is, or of a chunk that it loaded: source and line.
fn position(lua: &Lua) -> (Option<String>, Option<usize>) {
    for level in 1..FRAMES {
        let frame = lua.inspect_stack(level, |frame| {
            let source = frame.source();
            let name = source.source.as_deref().unwrap_or_default();
            let own = source.what != "C" && name != API;
            own.then(|| (name.to_owned(), frame.current_line()))
        });
        match frame {
            None => break,
            Some(Some((source, line))) => return (Some(source), line),
            Some(None) => {}
        }
    }
    (None, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eval(source: &'static str, execute: &mut Execute<'_>) -> Value {
        let script = Script::new(&Bytes::from_static(source.as_bytes())).unwrap();
        run(&script, &[Bytes::from_static(b"k")], &[Bytes::from_static(b"v")], execute)
    }

    #[test]
    fn commands_reach_the_caller() {
        let mut seen = Vec::new();
        let reply = eval("return redis.call('SET', KEYS[1], ARGV[1], 5)", &mut |args| {
            seen.push(args.to_vec());
            Value::OK
        });
        assert_eq!(reply, Value::OK);
        assert_eq!(seen, [["SET", "k", "v", "5"].map(Bytes::from)]);
    }

    /// On a thread with the stack that tests and runtimes give their threads.
    #[test]
    fn deep_values_need_no_deep_stack() {
        let mut none = |_: &[Bytes]| Value::Nil;
        let deep = "local t = {} for i = 1, 999 do t = {t} end return #cjson.encode({t})";
        assert!(matches!(eval(deep, &mut none), Value::Error(_)));
        assert_eq!(
            eval("local t = {} for i = 1, 998 do t = {t} end return #cjson.encode({t})", &mut none),
            Value::Integer(2000)
        );
        let Value::Array(mut items) = eval("local t = {} t[1] = t return t", &mut none) else { unreachable!() };
        let mut depth = 1;
        while let Some(Value::Array(inner)) = items.pop() {
            items = inner;
            depth += 1;
        }
        assert_eq!(depth, 64);
    }

    #[test]
    fn compiled_scripts_are_bounded() {
        let mut engine = Engine::new().unwrap();
        for n in 0..=COMPILED {
            let script = Script::new(&Bytes::from(format!("return {n}"))).unwrap();
            engine.function(&script).unwrap();
        }
        assert_eq!(engine.compiled.len(), 1);
    }

    #[test]
    fn a_panic_of_a_command_leaves_the_vm_in_order() {
        let panics = std::panic::AssertUnwindSafe(|| eval("return pcall(redis.call, 'X')", &mut |_| unreachable!()));
        assert!(std::panic::catch_unwind(panics).is_err());
        assert_eq!(eval("return redis.call('X')", &mut |_| Value::OK), Value::OK);
    }
}
