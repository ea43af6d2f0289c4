//! Values where they are, on a VM's stack: arguments read, results pushed, coroutines resumed.
//!
//! mlua hands out every value as a handle with a place of its own in the VM, and enters a protected call for whatever
//! may fail. That is right almost everywhere, and it is most of what a call of Redis costs. Here is the exception, in two
//! parts that never mix:
//!
//! - **Reading** ([`Stack`], [`Table`], [`function()`]) uses only those functions of Lua's C API that neither raise an
//!   error nor run the collector: what is seen stays where it is meanwhile.
//! - **Writing** ([`Writer`]) allocates, and an error of Lua's may leave it at any point. So it runs where Lua catches
//!   errors, and what it writes is borrowed: nothing is there that the error would have to drop.
//!
//! These are the modules of the crate that use the C API; everything they offer is safe to call.
#![expect(unsafe_code, reason = "the C API of Lua; each use says why it is sound")]

mod coroutine;
mod function;
mod table;
mod token;
mod writer;

use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use mlua::{IntoLua, Lua, ffi};

pub(crate) use coroutine::{Coroutine, Resumer, Step};
pub(crate) use function::{Given, function};
pub(crate) use table::{NoRoom, Table};
pub(crate) use token::{Token, TokenType};
pub(crate) use writer::{Results, TableWriter, Writer};

/// The stack of a VM, or of a call in it, while somebody looks at it.
pub(crate) struct Stack {
    state: *mut ffi::lua_State,
}

/// A value on the stack, or in a table that is. Nothing changes and nothing is collected as long as the stack is only
/// read, so that a string is there as long as the stack is borrowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Seen<'a> {
    Nil,
    Boolean(bool),
    Number(f64),
    String(&'a [u8]),
    /// Its address tells it from other tables.
    Table(*const c_void),
    /// The light userdata that is the null pointer: how Lua has a `null`.
    Null,
    /// A userdata of ours.
    Token(Token),
    /// Anything else: its type.
    Other(&'static str),
}

impl Seen<'_> {
    /// The type's name as messages give it.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Seen::Nil => "nil",
            Seen::Boolean(_) => "boolean",
            Seen::Number(_) => "number",
            Seen::String(_) => "string",
            Seen::Table(_) => "table",
            Seen::Null | Seen::Token(_) => "userdata",
            Seen::Other(name) => name,
        }
    }
}

/// Calls `look` with `value` alone on the stack.
///
/// # Errors
/// The VM could not take the value: it is out of memory.
pub(crate) fn read<R>(lua: &Lua, value: impl IntoLua, look: impl FnOnce(&mut Stack) -> R) -> mlua::Result<R> {
    let mut outcome = None;
    let look = |state| {
        let mut stack = Stack { state };
        // A panic must not run through the frames of C that are below.
        outcome = Some(catch_unwind(AssertUnwindSafe(|| look(&mut stack))));
        // SAFETY: `state` is the VM that mlua has just handed out; setting the top to 0 only removes values.
        unsafe { ffi::lua_settop(state, 0) };
    };
    // SAFETY: `look` uses the stack through `Stack` alone, whose functions keep to its bounds and raise no errors, and no
    // panic leaves it. It leaves nothing on the stack.
    unsafe { lua.exec_raw::<()>(value, look) }?;
    match outcome {
        Some(Ok(result)) => Ok(result),
        Some(Err(panic)) => resume_unwind(panic),
        None => Err(mlua::Error::StackError),
    }
}

impl Stack {
    /// Takes away all values but the first, so that it is the top.
    pub(crate) fn keep_first(&mut self) {
        // SAFETY: setting the top removes values, or puts a nil where none is; there is always room for that.
        unsafe { ffi::lua_settop(self.state, 1) };
    }

    /// The value on top.
    pub(crate) fn top(&self) -> Seen<'_> {
        self.at(self.height())
    }

    /// The value below it: in [`Stack::entries`] the key.
    pub(crate) fn key(&self) -> Seen<'_> {
        self.at(self.height() - 1)
    }

    /// Number of values: of a call, its arguments.
    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.height()).unwrap_or(0)
    }

    /// The value in a slot, from 1 at the bottom; nil where none is.
    pub(crate) fn slot(&self, slot: usize) -> Seen<'_> {
        self.at(c_int::try_from(slot).unwrap_or(0))
    }

    /// The table in a slot; `None` for anything else.
    pub(crate) fn table(&self, slot: usize) -> Option<Table<'_>> {
        match self.slot(slot) {
            Seen::Table(_) => Some(Table::new(self, c_int::try_from(slot).ok()?)),
            _ => None,
        }
    }

    /// The coroutine that it belongs to, as its address, if that can wait.
    pub(crate) fn yieldable(&self) -> Option<*const c_void> {
        // SAFETY: it looks at the state alone.
        (unsafe { function::lua_isyieldable(self.state) } != 0).then_some(self.state.cast_const().cast())
    }

    fn height(&self) -> c_int {
        // SAFETY: it looks at the state alone.
        unsafe { ffi::lua_gettop(self.state) }
    }

    /// Calls `visit` for every entry of the table on top, with its value on top and its key below; metamethods are not
    /// asked. `Ok(false)` when what is on top is no table, or the stack has no room.
    ///
    /// # Errors
    /// What `visit` gave; the entries after that are not visited.
    pub(crate) fn entries<E>(&mut self, mut visit: impl FnMut(&mut Stack) -> Result<(), E>) -> Result<bool, E> {
        // SAFETY: there is a table, and room for a key, a value, and what `lua_next` needs meanwhile; `lua_checkstack`
        // raises nothing. `lua_next` raises an error only for a key that the table has not: `visit` can only read, and
        // leaves the stack as it found it, so each key is the one that the call before gave.
        unsafe {
            if ffi::lua_type(self.state, -1) != ffi::LUA_TTABLE || ffi::lua_checkstack(self.state, 4) == 0 {
                return Ok(false);
            }
            let table = ffi::lua_gettop(self.state);
            ffi::lua_pushnil(self.state);
            while ffi::lua_next(self.state, table) != 0 {
                let outcome = visit(self);
                if outcome.is_err() {
                    ffi::lua_settop(self.state, table);
                    outcome?;
                }
                ffi::lua_settop(self.state, table + 1);
            }
        }
        Ok(true)
    }

    /// Calls `look` with element `index` of the table on top there instead; metamethods are not asked. `None` when what is
    /// on top is no table, or the stack has no room.
    pub(crate) fn element<R>(&mut self, index: usize, look: impl FnOnce(&mut Stack) -> R) -> Option<R> {
        let index = ffi::lua_Integer::try_from(index).ok()?;
        // SAFETY: there is a table and room for the element; reading it raw raises nothing. `look` leaves the stack as it
        // found it.
        unsafe {
            if ffi::lua_type(self.state, -1) != ffi::LUA_TTABLE || ffi::lua_checkstack(self.state, 1) == 0 {
                return None;
            }
            let table = ffi::lua_gettop(self.state);
            ffi::lua_rawgeti(self.state, -1, index);
            let result = look(self);
            ffi::lua_settop(self.state, table);
            Some(result)
        }
    }

    fn at(&self, index: c_int) -> Seen<'_> {
        // SAFETY: `index` is a place in the stack, from 1, which is looked at only if it exists. Each function is called on
        // a value of the type that it is for, so that it neither converts nor allocates. The bytes of a string stay where
        // they are: see `Seen`.
        unsafe {
            if index < 1 || index > ffi::lua_gettop(self.state) {
                return Seen::Nil;
            }
            match ffi::lua_type(self.state, index) {
                ffi::LUA_TNIL | ffi::LUA_TNONE => Seen::Nil,
                ffi::LUA_TBOOLEAN => Seen::Boolean(ffi::lua_toboolean(self.state, index) != 0),
                ffi::LUA_TNUMBER => Seen::Number(ffi::lua_tonumber(self.state, index)),
                ffi::LUA_TSTRING => {
                    let mut length = 0;
                    let bytes = ffi::lua_tolstring(self.state, index, &mut length);
                    Seen::String(std::slice::from_raw_parts(bytes.cast(), length))
                }
                ffi::LUA_TTABLE => Seen::Table(ffi::lua_topointer(self.state, index)),
                ffi::LUA_TLIGHTUSERDATA if ffi::lua_touserdata(self.state, index).is_null() => Seen::Null,
                ffi::LUA_TFUNCTION => Seen::Other("function"),
                ffi::LUA_TTHREAD => Seen::Other("thread"),
                ffi::LUA_TUSERDATA => token::at(self.state, index).map_or(Seen::Other("userdata"), Seen::Token),
                _ => Seen::Other("userdata"),
            }
        }
    }
}
