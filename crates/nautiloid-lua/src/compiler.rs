//! Whether a text is a script, without running it: for tools.

use mlua::Lua;

use crate::error::{HostError, ScriptError};
use crate::sandbox;
use crate::source::Source;

/// Tells whether texts are scripts, without running them.
#[derive(Debug)]
pub struct Compiler {
    lua: Lua,
}

impl Compiler {
    /// A compiler as every worker has it.
    ///
    /// # Errors
    /// The VM could not be set up.
    pub fn new() -> Result<Self, HostError> {
        Ok(Compiler { lua: sandbox::new_vm()? })
    }

    /// Compiles a script and forgets it.
    ///
    /// # Errors
    /// What is wrong with it, with name and line.
    pub fn check(&self, source: &Source) -> Result<(), ScriptError> {
        source.compile(&self.lua).map(drop)
    }
}
