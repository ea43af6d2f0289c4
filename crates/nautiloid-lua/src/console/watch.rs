//! Stops a chunk that computes: a hook looks from time to time whether it is interrupted.

use std::cell::Cell;
use std::rc::Rc;

use mlua::{HookTriggers, Lua, VmState};

use super::Interrupt;
use super::interrupt::INTERRUPTED;

/// How many instructions run before the next look.
const LOOK_EVERY: u32 = 10_000;

/// The hook of a VM.
#[derive(Clone)]
pub(super) struct Watch {
    interrupt: Interrupt,
    /// Whether the chunk has got an error for this interrupt already.
    told: Rc<Cell<bool>>,
}

impl Watch {
    /// Watches over all that runs in this VM.
    pub(super) fn new(lua: &Lua, interrupt: Interrupt) -> mlua::Result<Self> {
        let watch = Watch { interrupt, told: Rc::default() };
        watch.look_every(LOOK_EVERY, lua)?;
        Ok(watch)
    }

    /// Another chunk begins, which nobody has interrupted.
    pub(super) fn clear(&self, lua: &Lua) -> mlua::Result<()> {
        self.interrupt.clear();
        if self.told.replace(false) { self.look_every(LOOK_EVERY, lua) } else { Ok(()) }
    }

    fn look_every(&self, instructions: u32, lua: &Lua) -> mlua::Result<()> {
        let watch = self.clone();
        lua.set_global_hook(HookTriggers::new().every_nth_instruction(instructions), move |lua, _| {
            if !watch.interrupt.is_raised() {
                return Ok(VmState::Continue);
            }
            if watch.told.replace(true) {
                // The chunk has caught the first error: from here on no instruction runs, wherever it goes on.
                watch.look_every(1, lua)?;
            }
            Err(mlua::Error::runtime(INTERRUPTED))
        })
    }
}
