//! The globals that are none of Lua's, and what a hook is called with.

use std::fmt::Write;

use nautiloid_lua::declarations::{self, CALLBACK, REQUEST};

use super::annotation::of_type;
use super::function;

/// The file of the globals.
pub(super) fn stub() -> String {
    let mut text = format!("---@meta\n\n---What `{CALLBACK}` is called with.\n---@class nautiloid.Request\n");
    for field in REQUEST {
        let _ = writeln!(text, "---@field {} {}", field.name, of_type(&field.holds));
    }
    // The server knows `require` itself, and better: it looks into the module.
    let functions = declarations::global_functions();
    for declared in functions.iter().filter(|declared| declared.name != "require") {
        function::stub(&mut text, declared.name, declared, &declared.forms, &[]);
    }
    text
}
