//! The Lua host: a VM a worker, and everything scripts find in it.
//!
//! A tour:
//!
//! - [`Host`] runs scripts: a hook for a request, an init script, a script of the command line. One coroutine and one
//!   fresh set of globals a run; `driver` resumes it, and waits between resumptions for what it asked for; `exchange` is
//!   what belongs to the run; `idle` keeps coroutines for the next.
//! - `stack` is Lua's C API, for what is done at every call: arguments, results, coroutines.
//! - [`Console`] runs chunks one after the other in globals that stay: what an interactive prompt is made of.
//! - [`Embedded`] is the module of Redis alone, for a program with a Lua state of its own.
//! - `sandbox` is the world a script sees: globals, `require`, coroutines. It is mostly Lua.
//! - `modules` are the built-in modules, a file each, made with `module::Binder`; `arguments` reads what Lua passes, as
//!   handles, and `call` the same on the stack.
//! - [`declarations`] says what there is to call: for the tools, as data.
//! - [`mod@reference`] says it to people: `docs/reference/` and `nautiloid help`.
//! - `json` and `time_layout` are what the modules of those names are made of.
//!
//! Everything here belongs to one thread. Nothing blocks it: a function that has to wait gives its future to the
//! request, and the coroutine sleeps until the future is done.
#![deny(missing_docs)]

mod arguments;
mod call;
mod compiler;
mod console;
pub mod declarations;
mod driver;
mod embed;
mod error;
mod exchange;
mod host;
mod idle;
mod json;
mod module;
mod modules;
pub mod reference;
mod sandbox;
mod session;
mod settings;
mod source;
mod stack;
mod time_layout;

pub use mlua;

pub use compiler::Compiler;
pub use console::{Chunk, Console, Interrupt, Reading};
pub use embed::Embedded;
pub use error::{HostError, ScriptError};
pub use exchange::{ClientAddress, HookRequest};
pub use host::Host;
pub use modules::built_in_modules;
pub use sandbox::ModuleSearch;
pub use settings::{Print, Settings};
pub use source::{Program, Source};
