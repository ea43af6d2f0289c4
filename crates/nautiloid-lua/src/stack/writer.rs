//! Values pushed onto a stack: what a call gives.
#![expect(unsafe_code, reason = "the C API of Lua; each use says why it is sound")]

use std::ffi::c_int;

use mlua::ffi;

use super::token::{self, Token, TokenType};

/// What a call gives: any number of values, one after the other.
///
/// An error of Lua's may leave `push` wherever something is written (the VM is out of memory), over everything that is
/// still on the stack of the thread. So whatever has to be dropped is made before, and only borrowed here.
pub(crate) trait Results {
    /// Pushes them.
    fn push(&self, out: &mut Writer);
}

/// No results.
impl Results for () {
    fn push(&self, _: &mut Writer) {}
}

/// Where values are pushed. Whatever is called, it only adds to the stack.
pub(crate) struct Writer {
    state: *mut ffi::lua_State,
}

/// Room that a value takes at most while it is made, tables around it not counted.
const ROOM: c_int = 4;

// All of these: the state is one where errors of Lua are caught (`Writer::new`), and there is room for `ROOM` values:
// `new`, `value` and `table` make it, each for what is written until the next of them.
impl Writer {
    /// # Safety
    /// `state` is the stack of a call, where errors of Lua are caught and pass over nothing that has to be dropped.
    pub(super) unsafe fn new(state: *mut ffi::lua_State) -> Self {
        let writer = Writer { state };
        writer.room();
        writer
    }

    pub(crate) fn nil(&mut self) {
        // SAFETY: see above.
        unsafe { ffi::lua_pushnil(self.state) };
        self.room();
    }

    pub(crate) fn boolean(&mut self, value: bool) {
        // SAFETY: see above.
        unsafe { ffi::lua_pushboolean(self.state, value.into()) };
        self.room();
    }

    pub(crate) fn number(&mut self, value: f64) {
        // SAFETY: see above.
        unsafe { ffi::lua_pushnumber(self.state, value) };
        self.room();
    }

    /// As a number, the nearest that there is.
    #[expect(clippy::cast_precision_loss, reason = "what a number of Lua is")]
    pub(crate) fn integer(&mut self, value: i64) {
        self.number(value as f64);
    }

    pub(crate) fn string(&mut self, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        // SAFETY: see above; Lua copies the bytes.
        unsafe { ffi::lua_pushlstring(self.state, bytes.as_ptr().cast(), bytes.len()) };
        self.room();
    }

    /// A userdata with a token.
    pub(crate) fn token(&mut self, of: &TokenType, token: Token) {
        // SAFETY: see above.
        unsafe { token::push(self.state, of, token) };
        self.room();
    }

    /// A table with room for that many elements and fields, which `fill` puts in.
    pub(crate) fn table(&mut self, elements: usize, fields: usize, fill: impl FnOnce(&mut TableWriter<'_>)) {
        let size = |count: usize| c_int::try_from(count).unwrap_or(c_int::MAX);
        // SAFETY: see above.
        unsafe { ffi::lua_createtable(self.state, size(elements), size(fields)) };
        self.room();
        fill(&mut TableWriter { out: self, length: 0 });
    }

    /// Number of values on the stack.
    pub(super) fn height(&self) -> c_int {
        // SAFETY: it looks at the state alone.
        unsafe { ffi::lua_gettop(self.state) }
    }

    /// Writes exactly one value: the first of those that `write` pushes, or nil.
    fn one(&mut self, write: impl FnOnce(&mut Writer)) {
        let height = self.height() + 1;
        write(self);
        if self.height() != height {
            // SAFETY: it takes away what is too much, or adds a nil, for which there is room.
            unsafe { ffi::lua_settop(self.state, height) };
        }
    }

    fn room(&self) {
        // SAFETY: it raises an error of Lua's when there is none.
        unsafe { ffi::luaL_checkstack_(self.state, ROOM, c"values nested too deep".as_ptr()) };
    }
}

/// A table that is being filled: it is on top of the stack whenever a function of this is called.
pub(crate) struct TableWriter<'w> {
    out: &'w mut Writer,
    length: ffi::lua_Integer,
}

impl TableWriter<'_> {
    /// Adds the next element. One that is nil leaves a gap.
    pub(crate) fn element(&mut self, write: impl FnOnce(&mut Writer)) {
        self.length += 1;
        self.out.one(write);
        // SAFETY: the element is on top and the table below it.
        unsafe { ffi::lua_rawseti(self.out.state, -2, self.length) };
    }

    /// Adds a field; a nil adds none.
    pub(crate) fn field(&mut self, name: impl AsRef<[u8]>, write: impl FnOnce(&mut Writer)) {
        self.entry(|out| out.string(name), write);
    }

    /// Adds a value under a key that may be anything but nil and NaN.
    pub(crate) fn entry(&mut self, key: impl FnOnce(&mut Writer), write: impl FnOnce(&mut Writer)) {
        self.out.one(key);
        self.out.one(write);
        // SAFETY: key and value are on top and the table below them. For a key that cannot be one it raises an error.
        unsafe { ffi::lua_rawset(self.out.state, -3) };
    }
}
