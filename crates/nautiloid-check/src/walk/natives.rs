//! What Lua's own functions do with their arguments.

use crate::unchecked::{Doing, Use};

/// What a function does with its argument at `index` (from 0).
pub(super) fn argument_use(library: &str, name: &'static str, index: usize) -> Use<'static> {
    let fails = match (library, name) {
        ("", "ipairs" | "next" | "pairs" | "unpack") => index == 0,
        ("table", "pack") | ("string", "char" | "format") | ("math", "random" | "randomseed") => false,
        ("table" | "string" | "math", _) => index == 0,
        _ => false,
    };
    match (library, name) {
        ("", "type") => Use::Tested,
        _ if fails => Use::Fails(Doing::Passing(name)),
        _ => Use::Plain,
    }
}

/// Which argument (from 0) a function calls back, without being able to wait for it.
pub(super) fn callback(library: &str, name: &str) -> Option<usize> {
    match (library, name) {
        ("string", "gsub") => Some(2),
        ("table", "foreach" | "foreachi" | "sort") | ("", "xpcall") => Some(1),
        _ => None,
    }
}
