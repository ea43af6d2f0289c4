//! What scripts can call, as data: the functions of every built-in module, and the globals of the sandbox.
//!
//! The static checker, the editor stubs, `nautiloid help` and the interactive prompt are made from this. Functions of
//! `nauthilus_redis` come from the rows of the table of commands; those of the other modules are declared beside their
//! code, and bound under the declared names; `modules` puts them together.

mod function;
mod globals;
mod redis;
mod types;

pub(crate) use function::{Declaration, optional, required};
pub use function::{Failure, Form, Function, Parameter};
pub use globals::{BASE, KEYWORDS, LIBRARIES, Library, REMOVED, Removed, module_name};
pub(crate) use globals::{OLD_NAMES, OLD_PREFIX};
pub(crate) use redis::function as of_command;
use types::field;
pub use types::{Field, LARGEST_INTEGER, Type, integer};

/// The function that a hook defines and the server calls.
pub const CALLBACK: &str = "nauthilus_run_hook";

/// What [`CALLBACK`] gets as its first argument; those of a client are nil outside a hook.
pub const REQUEST: &[Field] = &[
    field("session", Type::String),
    field("method", Type::String),
    field("client_ip", Type::String),
    field("client_port", Type::Integer),
    field("log_format", Type::String),
    field("log_level", Type::String),
    field("logging", Type::Record(&[field("log_format", Type::String), field("log_level", Type::String)])),
];

/// A built-in module.
#[derive(Debug, Clone)]
pub struct Module {
    /// What `require` calls it.
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub summary: &'static str,
    /// Its functions.
    pub functions: Vec<Function>,
    /// Its constants, all of them integers, by name.
    pub constants: Vec<(String, u16)>,
}

/// The variable that scripts keep a module in: `redis` for `nauthilus_redis`.
pub fn variable_of(module: &str) -> &str {
    module.strip_prefix("nauthilus_").unwrap_or(module)
}

/// The global functions that are not Lua's own: `require` and `dynamic_loader`.
pub fn global_functions() -> Vec<Function> {
    globals::FUNCTIONS.iter().map(|declared| Function::from(*declared)).collect()
}

/// A module of Rust functions with its declarations.
pub(crate) struct DeclaredModule {
    pub(crate) name: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) functions: &'static [Declaration],
    pub(crate) constants: fn() -> Vec<(String, u16)>,
}

impl DeclaredModule {
    pub(crate) fn module(&self) -> Module {
        Module {
            name: self.name,
            summary: self.summary,
            functions: self.functions.iter().map(|declared| Function::from(*declared)).collect(),
            constants: (self.constants)(),
        }
    }
}
