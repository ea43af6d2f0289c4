//! Coroutines, resumed with what is pushed right there.
#![expect(unsafe_code, reason = "the C API of Lua; each use says why it is sound")]

use std::ffi::c_int;

use mlua::{Function, IntoLuaMulti, LightUserData, Lua, MultiValue, Thread, ffi};

use super::{Results, Writer};

/// How far a coroutine came.
pub(crate) enum Step {
    /// It yielded this alone, and waits to be resumed.
    Yielded(LightUserData),
    /// It yielded something else.
    YieldedOther,
    /// It returned these, and can be started anew.
    Ended(MultiValue),
    /// It raised an error, and is of no more use.
    Failed(String),
}

/// A coroutine to be started. It has the hooks that the VM gives to all.
///
/// # Errors
/// The VM is out of memory.
pub(crate) fn new(lua: &Lua, any: &Function) -> mlua::Result<Thread> {
    let coroutine = lua.create_thread(any.clone())?;
    let empty = |state| {
        // SAFETY: mlua has put the coroutine there, which nobody else has yet; what is on its stack is the function.
        unsafe {
            ffi::lua_settop(ffi::lua_tothread(state, 1), 0);
            ffi::lua_settop(state, 0);
        }
    };
    // SAFETY: it leaves nothing on the stack, and raises nothing.
    unsafe { lua.exec_raw::<()>(&coroutine, empty) }?;
    Ok(coroutine)
}

/// Starts a coroutine that is new or has ended.
///
/// # Errors
/// The VM is out of memory.
pub(crate) fn start(
    lua: &Lua,
    coroutine: &Thread,
    function: &Function,
    arguments: impl IntoLuaMulti,
) -> mlua::Result<Step> {
    let mut step = None;
    let run = |state| {
        // SAFETY: mlua has put the coroutine, the function and the arguments on the stack, in this order.
        unsafe { advance(state, |_| (), true, &mut step) };
    };
    // SAFETY: `advance` leaves the stack as it says, and owns nothing where an error of Lua's could leave it.
    let results = unsafe { lua.exec_raw::<MultiValue>((coroutine, function, arguments), run) }?;
    ended(step, results)
}

/// Resumes a coroutine that has yielded.
///
/// # Errors
/// The VM is out of memory.
pub(crate) fn resume(lua: &Lua, coroutine: &Thread, results: &dyn Results) -> mlua::Result<Step> {
    let mut step = None;
    let run = |state| {
        // SAFETY: mlua has put the coroutine on the stack.
        unsafe { advance(state, |out| results.push(out), false, &mut step) };
    };
    // SAFETY: as above.
    let results = unsafe { lua.exec_raw::<MultiValue>(coroutine, run) }?;
    ended(step, results)
}

fn ended(step: Option<Step>, results: MultiValue) -> mlua::Result<Step> {
    match step {
        Some(Step::Ended(_)) => Ok(Step::Ended(results)),
        Some(step) => Ok(step),
        None => Err(mlua::Error::StackError),
    }
}

/// Resumes the coroutine at the bottom of the stack with what is above it and what `write` adds. What it returns is the
/// stack afterwards, and nothing when it does anything else. `step` stays as it was when the coroutine has no room.
///
/// # Safety
/// A coroutine is at the bottom of `state`, in a protected call; with a function above it if `is_start`.
unsafe fn advance(
    state: *mut ffi::lua_State,
    write: impl FnOnce(&mut Writer),
    is_start: bool,
    step: &mut Option<Step>,
) {
    // SAFETY: the coroutine is at the bottom, and stays there until the end. What is moved to another stack has room there
    // (`lua_checkstack` raises nothing). `lua_resume` catches what the coroutine raises; one that is running, or ended
    // with an error, gives an error too. From there on nothing raises.
    unsafe {
        let coroutine = ffi::lua_tothread(state, 1);
        if coroutine.is_null() {
            return;
        }
        write(&mut Writer::new(state));
        let count = ffi::lua_gettop(state) - 1;
        if ffi::lua_checkstack(coroutine, count) == 0 {
            return ffi::lua_settop(state, 0);
        }
        ffi::lua_xmove(state, coroutine, count);
        let arguments = if is_start { count - 1 } else { count };
        let status = ffi::lua_resume_(coroutine, arguments);
        let given = ffi::lua_gettop(coroutine);
        *step = Some(match status {
            ffi::LUA_YIELD => {
                let is_marker = given == 1 && ffi::lua_type(coroutine, -1) == ffi::LUA_TLIGHTUSERDATA;
                let marker = LightUserData(ffi::lua_touserdata(coroutine, -1));
                ffi::lua_settop(coroutine, 0);
                if is_marker { Step::Yielded(marker) } else { Step::YieldedOther }
            }
            ffi::LUA_OK if ffi::lua_checkstack(state, given) != 0 => {
                ffi::lua_settop(state, 0);
                ffi::lua_xmove(coroutine, state, given);
                *step = Some(Step::Ended(MultiValue::new()));
                return;
            }
            _ => Step::Failed(message(coroutine)),
        });
        ffi::lua_settop(state, 0);
    }
}

/// What is on top, if it is a text.
///
/// # Safety
/// `state` is the stack of a coroutine that nobody runs.
unsafe fn message(state: *mut ffi::lua_State) -> String {
    // SAFETY: a string is not converted, and its bytes are copied before anything else happens.
    unsafe {
        if ffi::lua_gettop(state) == 0 || ffi::lua_type(state, -1) != ffi::LUA_TSTRING {
            return "the script failed and could not say why".to_owned();
        }
        let mut length: usize = 0;
        let bytes = ffi::lua_tolstring(state, -1 as c_int, &mut length);
        String::from_utf8_lossy(std::slice::from_raw_parts(bytes.cast(), length)).into_owned()
    }
}
