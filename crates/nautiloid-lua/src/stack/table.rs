//! Tables on the stack, read raw: metamethods are not asked.
#![expect(unsafe_code, reason = "the C API of Lua; each use says why it is sound")]

use std::ffi::c_int;

use mlua::ffi;

use super::{Seen, Stack};

/// A table in a slot of the stack.
#[derive(Clone, Copy)]
pub(crate) struct Table<'s> {
    stack: &'s Stack,
    slot: c_int,
}

/// The stack has no room to look into a table, or what is in the slot is no table any more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoRoom;

impl<'s> Table<'s> {
    /// `slot` has to be one with a table.
    pub(super) fn new(stack: &'s Stack, slot: c_int) -> Self {
        Table { stack, slot }
    }

    /// Its length, as `rawlen` gives it.
    pub(crate) fn len(self) -> usize {
        // SAFETY: there is a table in the slot.
        if self.is_there() { unsafe { ffi::lua_objlen(self.stack.state, self.slot) } } else { 0 }
    }

    /// The elements from 1 to its length.
    ///
    /// # Errors
    /// What `visit` gave; the elements after that are not visited.
    pub(crate) fn elements<E: From<NoRoom>>(self, mut visit: impl FnMut(Seen<'s>) -> Result<(), E>) -> Result<(), E> {
        for index in 1..=self.len() {
            self.element(index, |_, seen| visit(seen))??;
        }
        Ok(())
    }

    /// Looks at one element, and at the slot that it is in meanwhile.
    pub(crate) fn element<R>(self, index: usize, look: impl FnOnce(usize, Seen<'s>) -> R) -> Result<R, NoRoom> {
        self.room(1)?;
        let index = ffi::lua_Integer::try_from(index).map_err(|_| NoRoom)?;
        // SAFETY: there is a table in the slot and room for the element, which is taken away after. Reading it raw raises
        // nothing.
        unsafe {
            let height = self.stack.height();
            ffi::lua_rawgeti(self.stack.state, self.slot, index);
            let result = look(self.stack.len(), self.stack.at(height + 1));
            ffi::lua_settop(self.stack.state, height);
            Ok(result)
        }
    }

    /// Puts the elements from 1 to its length into slots of their own, one after the other, and tells the first of them.
    pub(crate) fn spread<R>(self, look: impl FnOnce(usize) -> R) -> Result<R, NoRoom> {
        let length = self.len();
        self.room(c_int::try_from(length).map_err(|_| NoRoom)?)?;
        // SAFETY: as in `element`, and there is room for all.
        unsafe {
            let height = self.stack.height();
            let first = self.stack.len() + 1;
            for index in 1..=length {
                ffi::lua_rawgeti(self.stack.state, self.slot, ffi::lua_Integer::try_from(index).map_err(|_| NoRoom)?);
            }
            let result = look(first);
            ffi::lua_settop(self.stack.state, height);
            Ok(result)
        }
    }

    /// All keys with their values, in no order.
    ///
    /// # Errors
    /// What `visit` gave; the pairs after that are not visited.
    pub(crate) fn pairs<E: From<NoRoom>>(
        self,
        mut visit: impl FnMut(Seen<'s>, Seen<'s>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.room(4)?;
        // SAFETY: there is a table in the slot, and room for a key, a value, and what `lua_next` needs meanwhile. It raises
        // an error only for a key that the table has not: nothing can change the table, and `visit` leaves the stack as it
        // found it (whatever looks at something above takes it away again), so each key is the one that the call before
        // gave.
        unsafe {
            let height = self.stack.height();
            ffi::lua_pushnil(self.stack.state);
            while ffi::lua_next(self.stack.state, self.slot) != 0 {
                let outcome = visit(self.stack.at(height + 1), self.stack.at(height + 2));
                if outcome.is_err() {
                    ffi::lua_settop(self.stack.state, height);
                    return outcome;
                }
                ffi::lua_settop(self.stack.state, height + 1);
            }
        }
        Ok(())
    }

    /// Looks whether the table can be looked into, and makes room.
    fn room(self, slots: c_int) -> Result<(), NoRoom> {
        // SAFETY: it makes room, and raises nothing when it cannot.
        let has_room = unsafe { ffi::lua_checkstack(self.stack.state, slots) } != 0;
        if has_room && self.is_there() { Ok(()) } else { Err(NoRoom) }
    }

    /// Whether the slot still has a table: it may be one of those that were there for a while only.
    fn is_there(self) -> bool {
        matches!(self.stack.at(self.slot), Seen::Table(_))
    }
}
