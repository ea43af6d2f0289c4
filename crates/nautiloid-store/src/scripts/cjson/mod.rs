//! The `cjson` library of scripts, with lua-cjson's rules and errors.
//!
//! Failures are values, `nil` and a message, and `api.lua` raises them: an error raised from Rust would reach a script's
//! `pcall` as a foreign object instead of a string.

mod decode;
mod encode;
mod number;
mod token;

pub(super) use decode::decode;
pub(super) use encode::encode;

/// Deepest nesting of arrays and objects, in both directions: lua-cjson's default.
const MAX_DEPTH: usize = 1000;
