//! Functions that read their arguments where they are, and yield by themselves, for calls that are made so often that
//! handles for the arguments, and a function of Lua around each, would be most of their cost.
#![expect(unsafe_code, reason = "the C API of Lua; each use says why it is sound")]

use std::cell::RefCell;
use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};

use mlua::{Function, LightUserData, Lua, ffi};

use super::{Results, Stack, Writer};

/// What such a function does next.
pub(crate) enum Given {
    /// It returns these.
    Results(Box<dyn Results>),
    /// It yields this, and returns what its coroutine is resumed with. Only where the stack is
    /// [yieldable](Stack::yieldable).
    Yield(LightUserData),
    /// It raises this error at the caller's line.
    Raise(String),
}

/// What belongs to one function. It lives in a userdata of the VM that the function itself holds on to.
struct Native {
    call: Box<dyn Fn(&mut Stack) -> Given>,
    /// How many calls out the script is: 1 when it calls the function itself.
    level: c_int,
    /// What calls give while they give it: kept here, so that an error of Lua's passes over nothing that it would have to
    /// drop. More than one when a finalizer of Lua's calls the function meanwhile.
    giving: RefCell<Vec<Box<dyn Results>>>,
}

unsafe extern "C-unwind" {
    /// LuaJIT has it, as Lua 5.3 does; mlua declares it only there.
    pub(super) fn lua_isyieldable(state: *mut ffi::lua_State) -> c_int;
}

/// Makes a function of Lua that runs `call` with the arguments as the stack. Errors that it raises are said to be where
/// the function `level` calls out is: 1 for who calls it.
///
/// # Errors
/// The VM is out of memory.
pub(crate) fn function(
    lua: &Lua,
    level: c_int,
    call: impl Fn(&mut Stack) -> Given + 'static,
) -> mlua::Result<Function> {
    let native = Box::new(Native { call: Box::new(call), level, giving: RefCell::default() });
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
    // and is only ever borrowed shared. `Stack` keeps to what cannot raise an error. What may raise one comes last, when
    // nothing is left here that would have to be dropped. Lua guarantees a C function room for twenty values.
    unsafe {
        let native = &*ffi::lua_touserdata(state, ffi::lua_upvalueindex(1)).cast::<Native>();
        let mut stack = Stack { state };
        let given = match catch_unwind(AssertUnwindSafe(|| (native.call)(&mut stack))) {
            Ok(given) => given,
            // The panic has told its message; through the frames of C it must not go.
            Err(_) => Given::Raise("a fault in nautiloid itself: the log says where".to_owned()),
        };
        // The arguments are read: what is given may need their room.
        ffi::lua_settop(state, 0);
        match given {
            Given::Yield(marker) if lua_isyieldable(state) != 0 => {
                // It takes no memory: the driver has made the marker known to the VM.
                ffi::lua_pushlightuserdata(state, marker.0);
                ffi::lua_yield(state, 1)
            }
            Given::Results(results) => give(native, state, results),
            given => {
                let message = if let Given::Raise(message) = given { message } else { "cannot wait here".to_owned() };
                give(native, state, Box::new(Message(message)));
                ffi::luaL_where(state, native.level);
                ffi::lua_insert(state, -2);
                ffi::lua_concat(state, 2);
                ffi::lua_error(state)
            }
        }
    }
}

/// Pushes results, and gives their number.
///
/// # Safety
/// `state` is the stack of a call of the function.
unsafe fn give(native: &Native, state: *mut ffi::lua_State, results: Box<dyn Results>) -> c_int {
    let borrowed: *const dyn Results = &raw const *results;
    let position = {
        let mut giving = native.giving.borrow_mut();
        giving.push(results);
        giving.len() - 1
    };
    // SAFETY: what is boxed stays where it is until it is taken out below; a finalizer that calls the function meanwhile
    // puts its results behind these, and takes only those away. Lua catches errors of a function that it calls, and
    // nothing is left here to be dropped.
    let count = unsafe {
        let mut out = Writer::new(state);
        let before = out.height();
        (*borrowed).push(&mut out);
        out.height() - before
    };
    native.giving.borrow_mut().truncate(position);
    count
}

/// The text of an error.
struct Message(String);

impl Results for Message {
    fn push(&self, out: &mut Writer) {
        out.string(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;
    use crate::stack::Seen;

    #[test]
    fn sees_its_arguments_and_yields_a_marker() {
        static MARKER: u8 = 0;
        let marker = LightUserData((&raw const MARKER).cast_mut().cast());
        let lua = Lua::new();
        let seen = Rc::new(Cell::new(0.0));
        let sees = Rc::clone(&seen);
        let native = function(&lua, 1, move |stack| match stack.top() {
            Seen::Number(n) => {
                sees.set(n);
                Given::Yield(marker)
            }
            Seen::String(text) => Given::Raise(String::from_utf8_lossy(text).into_owned()),
            _ => Given::Results(Box::new(())),
        })
        .unwrap();
        lua.globals().set("f", native).unwrap();
        let coroutine = lua.create_thread(lua.load("return f(1, 2.5)").into_function().unwrap()).unwrap();
        assert_eq!(coroutine.resume::<LightUserData>(()).unwrap(), marker);
        assert_eq!(seen.get(), 2.5);
        assert_eq!(coroutine.resume::<(i64, String)>((7, "x")).unwrap(), (7, "x".to_owned()));
        let results: String =
            lua.load("return select(2, pcall(function() f('no') end))").set_name("=c").eval().unwrap();
        assert_eq!(results, "c:1: no");
        assert_eq!(lua.load("return f()").eval::<mlua::MultiValue>().unwrap().len(), 0);
        // Where nothing can yield, it cannot either.
        let refused: String =
            lua.load("collectgarbage() collectgarbage() return select(2, pcall(f, 7))").eval().unwrap();
        assert_eq!((seen.get(), refused.as_str()), (7.0, "cannot wait here"));
        drop((coroutine, lua));
        assert_eq!(Rc::strong_count(&seen), 1, "the VM takes what the function owns with it");
    }
}
