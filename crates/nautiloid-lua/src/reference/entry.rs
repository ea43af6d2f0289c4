//! What there is to say about one function.

use nautiloid_redis::commands::Command;

use super::{errors, facts, parameters};
use crate::declarations::{Function, of_command, variable_of};
use crate::modules;

/// A function, as the reference shows it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name: `redis_hset`.
    pub name: &'static str,
    /// What `require` calls its module; `None` for a global function.
    pub module: Option<&'static str>,
    /// Its name as a method of handles, `hset`.
    pub method: Option<&'static str>,
    /// The ways to call it, a line each: `redis.redis_hset(handle, key, field, value, …)`.
    pub syntax: Vec<String>,
    /// What it is for, in one sentence.
    pub summary: &'static str,
    /// What it takes: parameters, and their options as `options.nx`.
    pub parameters: Vec<Explained>,
    /// What it gives when all went well; empty for nothing.
    pub returns: &'static str,
    /// Whatever else one has to know; may be empty.
    pub notes: &'static str,
    /// How it fails: messages, and what they mean.
    pub errors: Vec<Explained>,
    /// Other ways to call it, and what it is to Redis.
    pub facts: Vec<Explained>,
    /// Calls with what they give, line by line.
    pub example: &'static [&'static str],
}

/// A thing and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The thing.
    pub what: String,
    /// What is said of it.
    pub text: String,
}

impl Explained {
    pub(super) fn new(what: impl Into<String>, text: impl Into<String>) -> Self {
        Explained { what: what.into(), text: text.into() }
    }
}

impl Entry {
    /// A function of `nauthilus_redis`.
    pub(super) fn of_command(command: &'static Command) -> Self {
        let function = of_command(command);
        Entry {
            errors: errors::of_command(command),
            facts: facts::of_command(command, &function),
            example: command.doc.example,
            ..Entry::of_function(Some(modules::REDIS), &function)
        }
    }

    /// A function of a module, or a global one.
    pub(super) fn of_function(module: Option<&'static str>, function: &Function) -> Self {
        let prefix = module.map(|module| format!("{}.", variable_of(module))).unwrap_or_default();
        Entry {
            name: function.name,
            module,
            method: function.method,
            syntax: function.forms.iter().map(|form| format!("{prefix}{}({form})", function.name)).collect(),
            summary: function.summary,
            parameters: parameters::explain(&function.forms),
            returns: function.returns,
            notes: function.notes,
            errors: errors::of_function(function),
            facts: Vec::new(),
            example: &[],
        }
    }
}
