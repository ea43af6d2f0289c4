//! A module as a stub.

use std::fmt::Write;

use nautiloid_lua::declarations::{Module, variable_of};

use super::{function, handle};

/// The file of a module.
pub(super) fn stub(module: &Module) -> String {
    let Module { name, summary, functions, constants } = module;
    let mut text = format!("---@meta {name}\n");
    if functions.iter().any(|declared| declared.method.is_some()) {
        text.push_str(&handle::class(functions));
    }
    let variable = variable_of(name);
    let _ = write!(text, "\n---{summary}\n---@class {name}\nlocal {variable} = {{}}\n");
    for declared in functions {
        let example = handle::example(declared.name);
        function::stub(&mut text, &format!("{variable}.{}", declared.name), declared, &declared.forms, example);
    }
    if !constants.is_empty() {
        text.push('\n');
    }
    for (constant, value) in constants {
        let _ = writeln!(text, "{variable}.{constant} = {value}");
    }
    let _ = write!(text, "\nreturn {variable}\n");
    text
}
