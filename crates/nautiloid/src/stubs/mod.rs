//! `nautiloid stubs`: what an editor's language server knows of the modules.
//!
//! A stub is a Lua file of comments and empty functions, in the annotations of lua-language-server (LuaCATS), a file a
//! module: the server finds it where the script requires the module.

mod annotation;
mod function;
mod globals;
mod handle;
mod module;

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

/// Write stubs of all modules for lua-language-server
///
/// An editor then completes names, shows what a function takes and gives, and marks wrong calls. Its configuration,
/// `.luarc.json`, names the folder in `workspace.library`; docs/editors.md has an example.
#[derive(Debug, Args)]
pub(crate) struct Stubs {
    /// The folder; it is made if it is not there, and files of the same names are replaced
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

impl Stubs {
    pub(crate) fn execute(self) -> anyhow::Result<()> {
        let Stubs { folder } = self;
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let files = files();
        for (name, text) in &files {
            let path = folder.join(name);
            std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        writeln!(std::io::stdout(), "{} stubs are in {}", files.len(), folder.display()).context("cannot write")
    }
}

/// The files: names and texts.
fn files() -> Vec<(String, String)> {
    let modules = nautiloid_lua::built_in_modules();
    let stubs = modules.iter().map(|module| (format!("{}.lua", module.name), module::stub(module)));
    stubs.chain([("globals.lua".to_owned(), globals::stub())]).collect()
}
