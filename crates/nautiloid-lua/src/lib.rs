//! The Lua host: a VM a worker, and everything scripts find in it.
//!
//! A tour:
//!
//! - [`Host`] runs scripts: a hook for a request, an init script, a script of the command line. One coroutine and one
//!   fresh set of globals a run; `host::driver` resumes it, and waits between resumptions for what it asked for.
//! - `sandbox` is the world a script sees: globals, `require`, coroutines. It is mostly Lua.
//! - `modules` are the built-in modules, a file each, made with `module::Binder`; `arguments` reads what Lua passes.
//! - `json` and `time_layout` are what the modules of those names are made of.
//!
//! Everything here belongs to one thread. Nothing blocks it: a function that has to wait gives its future to the
//! request, and the coroutine sleeps until the future is done.
#![deny(missing_docs)]

mod arguments;
mod host;
mod json;
mod module;
mod modules;
mod sandbox;
mod time_layout;

pub use host::{Host, HostError, HookRequest, Print, Program, ScriptError, Settings, Source};
