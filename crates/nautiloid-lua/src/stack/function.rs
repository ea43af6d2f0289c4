//! Functions that read their arguments where they are, for calls that are made so often that handles for the arguments
//! would be most of their cost.
#![expect(unsafe_code, reason = "the C API of Lua; each use says why it is sound")]

use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use mlua::{Function, LightUserData, Lua, ffi};

use super::Stack;

/// What such a function gives: something that takes no memory of the VM, which could raise an error.
pub(crate) enum Given {
    /// No result.
    Nothing,
    /// A light userdata, by whose address the caller in Lua knows what to do.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the functions of Redis"))]
    Marker(LightUserData),
}

/// What belongs to one function. It lives in a userdata of the VM that the function itself holds on to.
struct Native {
    call: Box<dyn Fn(&mut Stack) -> Given>,
}

/// Makes a function of Lua that runs `call` with the arguments as the stack.
///
/// # Errors
/// The VM is out of memory.
pub(crate) fn function(lua: &Lua, call: impl Fn(&mut Stack) -> Given + 'static) -> mlua::Result<Function> {
    let native = Box::new(Native { call: Box::new(call) });
    let address: *const Native = &raw const *native;
    let owner = lua.create_any_userdata(native)?;
    let close_over = |state| {
        // SAFETY: one value, the owner, is on the stack; mlua has made room for more. The closure takes both upvalues.
        // This runs in a protected call and owns nothing that an error of `lua_pushcclosure` could leave behind.
        unsafe {
            ffi::lua_pushlightuserdata(state, address.cast_mut().cast::<c_void>());
            ffi::lua_insert(state, 1);
            ffi::lua_pushcclosure(state, run, 2);
        }
    };
    // SAFETY: see above.
    unsafe { lua.exec_raw(owner, close_over) }
}

unsafe extern "C-unwind" fn run(state: *mut ffi::lua_State) -> c_int {
    // SAFETY: Lua calls this only for the closures that `function` makes, whose first upvalue is the address of a `Native`
    // that their second upvalue, a userdata, owns: it lives at least as long as the closure, never moves (it is boxed),
    // and is only ever borrowed shared. `Stack` keeps to what cannot raise an error. Lua guarantees a C function room for
    // twenty values, of which pushing the light userdata takes one; that allocates nothing.
    unsafe {
        let native = ffi::lua_touserdata(state, ffi::lua_upvalueindex(1)).cast::<Native>();
        let mut stack = Stack { state };
        match catch_unwind(AssertUnwindSafe(|| ((*native).call)(&mut stack))) {
            Ok(Given::Nothing) => 0,
            Ok(Given::Marker(marker)) => {
                ffi::lua_pushlightuserdata(state, marker.0);
                1
            }
            // The panic has told its message; through the frames of C it must not go.
            Err(_) => std::process::abort(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;
    use crate::stack::Seen;

    #[test]
    fn sees_its_arguments_and_gives_a_marker() {
        static MARKER: u8 = 0;
        let marker = LightUserData((&raw const MARKER).cast_mut().cast());
        let lua = Lua::new();
        let seen = Rc::new(Cell::new(0.0));
        let sees = Rc::clone(&seen);
        let native = function(&lua, move |stack| match stack.top() {
            Seen::Number(n) => {
                sees.set(n);
                Given::Marker(marker)
            }
            _ => Given::Nothing,
        })
        .unwrap();
        assert_eq!(native.call::<LightUserData>((1, 2.5)).unwrap(), marker);
        assert_eq!(seen.get(), 2.5);
        assert_eq!(native.call::<mlua::MultiValue>("x").unwrap().len(), 0);
        assert_eq!(native.call::<mlua::MultiValue>(()).unwrap().len(), 0);
        lua.globals().set("f", native).unwrap();
        lua.load("collectgarbage() collectgarbage() f(7)").exec().unwrap();
        assert_eq!(seen.get(), 7.0);
        drop(lua);
        assert_eq!(Rc::strong_count(&seen), 1, "the VM takes what the function owns with it");
    }
}
