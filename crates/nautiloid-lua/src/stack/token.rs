//! Userdata that hold a few numbers of ours: handles, with which nearly every call begins.
//!
//! What mlua keeps in a userdata can be read through mlua alone. These are plain numbers, so that they can be read where
//! the arguments are, and there is nothing to be dropped with them.
#![expect(unsafe_code, reason = "the C API of Lua; each use says why it is sound")]

use std::ffi::{CString, c_int};
use std::sync::atomic::{AtomicU64, Ordering};

use mlua::{AnyUserData, Lua, Table, ffi};

use super::Writer;

/// What a userdata of ours holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub(crate) struct Token {
    /// Which [`TokenType`] it is of.
    kind: u64,
    /// Which of them.
    pub(crate) number: u64,
    /// Whatever else is to be told of it.
    pub(crate) flags: u64,
}

/// What tells these userdata from those of mlua, and of other libraries in the VM of another program.
const MARK: [u64; 2] = [0x6e61_7574_696c_6f69, 0x6420_746f_6b65_6e73];

#[repr(C)]
#[derive(Clone, Copy)]
struct Stored {
    mark: [u64; 2],
    token: Token,
}

/// Tokens of one kind have one metatable.
#[derive(Debug, Clone)]
pub(crate) struct TokenType {
    kind: u64,
    /// Under which the metatable is in the VM's registry.
    name: CString,
}

impl TokenType {
    /// A kind that no other is, also of another thread.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let kind = NEXT.fetch_add(1, Ordering::Relaxed);
        // Digits and letters have no zero in them.
        let name = CString::new(format!("nautiloid tokens {kind}")).unwrap_or_default();
        TokenType { kind, name }
    }

    /// Says what the metatable of such tokens is in a VM; until then they have none.
    ///
    /// # Errors
    /// The VM is out of memory.
    pub(crate) fn define(&self, lua: &Lua, metatable: Table) -> mlua::Result<()> {
        lua.set_named_registry_value(&self.name.to_string_lossy(), metatable)
    }

    /// Whether a token is of this kind.
    pub(crate) fn is(&self, token: Token) -> bool {
        token.kind == self.kind
    }

    /// The token of that number, for [`Writer::token`].
    pub(crate) fn token(&self, number: u64, flags: u64) -> Token {
        Token { kind: self.kind, number, flags }
    }

    /// A token by itself, as a handle of mlua.
    ///
    /// # Errors
    /// The VM is out of memory.
    pub(crate) fn make(&self, lua: &Lua, token: Token) -> mlua::Result<AnyUserData> {
        // SAFETY: the writer keeps to the stack that it is given, in the protected call that this is, and owns nothing.
        unsafe { lua.exec_raw((), |state| Writer::new(state).token(self, token)) }
    }
}

/// The token at a place where a userdata is; `None` for another's userdata.
///
/// # Safety
/// There is a userdata at `index`.
pub(super) unsafe fn at(state: *mut ffi::lua_State, index: c_int) -> Option<Token> {
    // SAFETY: there is a userdata. It is read only if it is as large as what is read, and aligned for that, whoever made
    // it; any bytes are numbers.
    unsafe {
        if ffi::lua_objlen(state, index) != size_of::<Stored>() {
            return None;
        }
        let stored = ffi::lua_touserdata(state, index).cast::<Stored>();
        if !stored.is_aligned() {
            return None;
        }
        let Stored { mark, token } = stored.read();
        (mark == MARK).then_some(token)
    }
}

/// Pushes a new userdata with this token.
///
/// # Safety
/// `state` is a stack with room for two more values, where errors of Lua are caught and pass over nothing that has to be
/// dropped.
pub(super) unsafe fn push(state: *mut ffi::lua_State, of: &TokenType, token: Token) {
    // SAFETY: there is room; the memory is as large as what is written, and aligned for eight bytes, as all of LuaJIT's.
    unsafe {
        let memory = ffi::lua_newuserdata(state, size_of::<Stored>()).cast::<Stored>();
        memory.write_unaligned(Stored { mark: MARK, token });
        ffi::lua_getfield(state, ffi::LUA_REGISTRYINDEX, of.name.as_ptr());
        ffi::lua_setmetatable(state, -2);
    }
}
