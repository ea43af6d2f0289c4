//! A script's text, and a script that a VM has compiled.

use std::cell::OnceCell;
use std::io;
use std::path::Path;
use std::sync::Arc;

use mlua::chunk::ChunkMode;
use mlua::{Function, Lua};

use crate::error::ScriptError;
use crate::idle::ListId;

/// A script as it was read: its name in messages, and its text. Cheap to clone; every worker compiles it for itself.
#[derive(Debug, Clone)]
pub struct Source {
    name: Arc<str>,
    text: Arc<[u8]>,
}

impl Source {
    /// A script of that name and text.
    pub fn new(name: &str, text: &[u8]) -> Self {
        // Editors put a byte order mark in front, which Lua passes over only where nothing precedes it.
        Source { name: name.into(), text: text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text).into() }
    }

    /// Reads a file; its path is the name.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(path: &Path) -> io::Result<Self> {
        Ok(Self::new(&path.display().to_string(), &std::fs::read(path)?))
    }

    /// Its name in error messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text, as it was read.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The text without a first line `#!…`; the line itself stays, so that numbers hold.
    pub fn lua(&self) -> &[u8] {
        if self.text.starts_with(b"#") {
            let end = self.text.iter().position(|&b| b == b'\n').unwrap_or(self.text.len());
            &self.text[end..]
        } else {
            &self.text
        }
    }

    /// The script as a function of its own, run once.
    pub(crate) fn compile_chunk(&self, lua: &Lua) -> Result<Function, ScriptError> {
        Ok(load(lua, self.lua(), &self.name)?)
    }

    /// The script as a factory: called, it gives a new closure of the script. Setting the globals of one shared closure
    /// would race with requests that wait in its top-level code.
    pub(crate) fn compile(&self, lua: &Lua) -> Result<Program, ScriptError> {
        // By itself first: what is wrong with it must not be blamed on the wrapping, nor mended by it.
        load(lua, self.lua(), &self.name)?;
        // On the first line, so that line numbers hold; the end on a line of its own, after a last comment.
        let wrapped = [b"return function(...) ", self.lua(), b"\nend"].concat();
        let factory = load(lua, &wrapped, &self.name)?;
        Ok(Program { name: Arc::clone(&self.name), factory, idle: OnceCell::new() })
    }
}

fn load(lua: &Lua, text: &[u8], name: &str) -> mlua::Result<Function> {
    lua.load(text).set_name(format!("@{name}")).set_mode(ChunkMode::Text).into_function()
}

/// A script that one VM has compiled.
#[derive(Debug)]
pub struct Program {
    pub(crate) name: Arc<str>,
    pub(crate) factory: Function,
    /// Where the driver keeps its coroutines, once there are some.
    pub(crate) idle: OnceCell<ListId>,
}

impl Program {
    /// The script's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}
