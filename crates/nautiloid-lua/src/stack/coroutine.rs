//! Coroutines, resumed with what is pushed right there.
#![expect(unsafe_code, reason = "the C API of Lua; each use says why it is sound")]

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::ptr;

use mlua::{Function, IntoLuaMulti, LightUserData, Lua, MultiValue, Thread, ffi};

use super::{Results, Writer};

/// How far a coroutine came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// It yielded this alone, and waits to be resumed.
    Yielded(LightUserData),
    /// It yielded something else, which is to be [taken](Resumer::values).
    YieldedOther,
    /// It returned, and can be prepared anew when what it returned has been [taken](Resumer::values).
    Ended,
    /// It raised an error, and is of no more use.
    Failed(String),
}

/// A coroutine that only a [`Resumer`] runs.
#[derive(Debug)]
pub(crate) struct Coroutine {
    /// Keeps it.
    _thread: Thread,
    state: *mut ffi::lua_State,
    /// How many arguments are on its stack already.
    prepared: Cell<c_int>,
}

impl Coroutine {
    /// Its address, as [`yieldable`](super::Stack::yieldable) gives it.
    pub(crate) fn address(&self) -> *const c_void {
        self.state.cast_const().cast()
    }
}

/// Resumes the coroutines of one VM: in a protected call, for which nothing is made anew each time.
pub(crate) struct Resumer {
    lua: Lua,
    /// Keeps the coroutine on whose stack the protected calls are made. It runs nothing itself.
    _own: Thread,
    state: *mut ffi::lua_State,
    /// Where [`advance`] is in the VM's registry.
    advance: c_int,
    /// What `advance` finds its job in.
    desk: Box<Desk>,
}

struct Desk {
    /// A [`Job`], while `advance` begins.
    job: Cell<*mut c_void>,
}

struct Job<'r> {
    coroutine: *mut ffi::lua_State,
    prepared: c_int,
    results: &'r dyn Results,
    step: Option<Step>,
}

impl Resumer {
    /// # Errors
    /// The VM is out of memory.
    pub(crate) fn new(lua: &Lua) -> mlua::Result<Self> {
        let own = lua.create_thread(lua.load("").into_function()?)?;
        let desk = Box::new(Desk { job: Cell::new(ptr::null_mut()) });
        let address: *const Desk = &raw const *desk;
        let mut reference = 0;
        let register = |state| {
            // SAFETY: this runs in a protected call, with room for two values, and owns nothing.
            unsafe {
                ffi::lua_pushlightuserdata(state, address.cast_mut().cast());
                ffi::lua_pushcclosure(state, advance, 1);
                reference = ffi::luaL_ref(state, ffi::LUA_REGISTRYINDEX);
            }
        };
        // SAFETY: see above; it leaves nothing on the stack.
        unsafe { lua.exec_raw::<()>((), register) }?;
        let state = state_of(&own);
        Ok(Resumer { lua: lua.clone(), _own: own, state, advance: reference, desk })
    }

    /// A new coroutine. It has the hooks that the VM gives to all.
    ///
    /// # Errors
    /// The VM is out of memory.
    pub(crate) fn coroutine(&self, any: &Function) -> mlua::Result<Coroutine> {
        let thread = self.lua.create_thread(any.clone())?;
        let empty = |state| {
            // SAFETY: mlua has put the coroutine there, which nobody else has yet; the function is all that is on its stack.
            unsafe {
                ffi::lua_settop(ffi::lua_tothread(state, 1), 0);
                ffi::lua_settop(state, 0);
            }
        };
        // SAFETY: it leaves nothing on the stack, and raises nothing.
        unsafe { self.lua.exec_raw::<()>(&thread, empty) }?;
        let state = state_of(&thread);
        Ok(Coroutine { _thread: thread, state, prepared: Cell::new(0) })
    }

    /// Prepares one that is new or has ended to call `function` when it is resumed.
    ///
    /// # Errors
    /// The VM is out of memory.
    pub(crate) fn prepare(
        &self,
        coroutine: &Coroutine,
        function: &Function,
        arguments: impl IntoLuaMulti,
    ) -> mlua::Result<()> {
        let mut prepared = None;
        let push = |state| {
            // SAFETY: mlua has put the function and its arguments there, which are moved to where there is room.
            unsafe {
                let count = ffi::lua_gettop(state);
                if ffi::lua_checkstack(coroutine.state, count) != 0 {
                    ffi::lua_xmove(state, coroutine.state, count);
                    prepared = Some(count - 1);
                }
                ffi::lua_settop(state, 0);
            }
        };
        // SAFETY: see above; it leaves nothing on the stack.
        unsafe { self.lua.exec_raw::<()>((function, arguments), push) }?;
        coroutine.prepared.set(prepared.ok_or(mlua::Error::StackError)?);
        Ok(())
    }

    /// Resumes one that is prepared or has yielded, with these results of what it waits for.
    ///
    /// # Errors
    /// The VM is out of memory.
    pub(crate) fn resume(&self, coroutine: &Coroutine, results: &dyn Results) -> mlua::Result<Step> {
        let prepared = coroutine.prepared.take();
        let mut job = Job { coroutine: coroutine.state, prepared, results, step: None };
        let state = self.state;
        // SAFETY: the stack is this resumer's own; there is room for what is pushed, which takes no memory otherwise. The
        // job is there until the call has ended, and `advance` takes it before anything else can put another there.
        let status = unsafe {
            if ffi::lua_checkstack(state, 2) == 0 {
                return Err(mlua::Error::StackError);
            }
            let height = ffi::lua_gettop(state);
            ffi::lua_rawgeti(state, ffi::LUA_REGISTRYINDEX, self.advance as ffi::lua_Integer);
            self.desk.job.set((&raw mut job).cast());
            let status = ffi::lua_pcall(state, 0, 0, 0);
            ffi::lua_settop(state, height);
            status
        };
        match (status, job.step) {
            (ffi::LUA_OK, Some(step)) => Ok(step),
            (ffi::LUA_ERRMEM, _) => Err(mlua::Error::MemoryError("not enough memory".to_owned())),
            _ => Err(mlua::Error::StackError),
        }
    }

    /// What it has returned, or yielded besides a marker. It is of no more use when that fails.
    ///
    /// # Errors
    /// The VM is out of memory, or there are too many.
    pub(crate) fn values(&self, coroutine: &Coroutine) -> mlua::Result<MultiValue> {
        let mut taken = false;
        let take = |state| {
            // SAFETY: nobody runs the coroutine; what is on its stack is moved to where there is room.
            unsafe {
                let count = ffi::lua_gettop(coroutine.state);
                if ffi::lua_checkstack(state, count) != 0 {
                    ffi::lua_xmove(coroutine.state, state, count);
                    taken = true;
                }
            }
        };
        // SAFETY: see above; it leaves what is to be returned.
        let values = unsafe { self.lua.exec_raw((), take) }?;
        if taken { Ok(values) } else { Err(mlua::Error::StackError) }
    }
}

impl Drop for Resumer {
    fn drop(&mut self) {
        let state = self.state;
        // SAFETY: the VM is there as long as `lua` is. Taking a reference away puts a number where there was a value, which
        // takes no memory; there is room for it.
        unsafe {
            if ffi::lua_checkstack(state, 2) != 0 {
                ffi::luaL_unref(state, ffi::LUA_REGISTRYINDEX, self.advance);
            }
        }
    }
}

/// What a coroutine is for the C API: it is there as long as the coroutine.
fn state_of(thread: &Thread) -> *mut ffi::lua_State {
    thread.to_pointer().cast_mut().cast()
}

unsafe extern "C-unwind" fn advance(state: *mut ffi::lua_State) -> c_int {
    // SAFETY: only `Resumer::resume` calls this, in a protected call, with its desk as the upvalue and a job on it, both
    // there until the call has ended. What may raise an error comes first, and owns nothing. What is moved to the
    // coroutine's stack has room there (`lua_checkstack` raises nothing). `lua_resume` catches what the coroutine raises;
    // one that has ended gives an error, too, and none that is running is the job of its own driver. From there on nothing
    // raises.
    unsafe {
        let desk = ffi::lua_touserdata(state, ffi::lua_upvalueindex(1)).cast::<Desk>();
        // A program with the library `debug` can find this function, and call it without a job.
        let Some(job) = (*desk).job.replace(ptr::null_mut()).cast::<Job<'_>>().as_mut() else { return 0 };
        job.results.push(&mut Writer::new(state));
        let count = ffi::lua_gettop(state);
        if ffi::lua_checkstack(job.coroutine, count) == 0 {
            return 0;
        }
        ffi::lua_xmove(state, job.coroutine, count);
        job.step = Some(match ffi::lua_resume_(job.coroutine, job.prepared + count) {
            ffi::LUA_OK => Step::Ended,
            ffi::LUA_YIELD => match marker(job.coroutine) {
                Some(marker) => {
                    ffi::lua_settop(job.coroutine, 0);
                    Step::Yielded(marker)
                }
                None => Step::YieldedOther,
            },
            _ => Step::Failed(message(job.coroutine)),
        });
    }
    0
}

/// The light userdata that is alone on a stack.
///
/// # Safety
/// `state` is the stack of a coroutine that nobody runs.
unsafe fn marker(state: *mut ffi::lua_State) -> Option<LightUserData> {
    // SAFETY: what is looked at is there.
    unsafe {
        let is_alone = ffi::lua_gettop(state) == 1 && ffi::lua_type(state, 1) == ffi::LUA_TLIGHTUSERDATA;
        is_alone.then(|| LightUserData(ffi::lua_touserdata(state, 1)))
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
        let bytes = ffi::lua_tolstring(state, -1, &mut length);
        String::from_utf8_lossy(std::slice::from_raw_parts(bytes.cast(), length)).into_owned()
    }
}
