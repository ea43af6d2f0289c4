//! The table of commands: name, arity and flags as in Redis, and the function that does it.

mod connection;
mod expiry;
mod hashes;
mod keys;
mod parse;
mod scripts;
mod server;
mod sets;
mod strings;

use std::collections::HashMap;
use std::sync::OnceLock;

use bytes::Bytes;
use nautiloid_resp::Value;

use crate::context::{Context, Outcome, ScriptAccess, error};

/// A command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Command {
    /// Lower case, as Redis shows it in errors.
    pub(crate) name: &'static str,
    /// Number of arguments with the name; negative: at least that many. As `COMMAND INFO` gives it.
    arity: i32,
    kind: Kind,
    run: fn(&mut Context<'_>, &[Bytes]) -> Outcome,
}

/// What a command does to the data, and whether a script may call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    Write,
    /// About the connection or the server: not for scripts.
    NoScript,
    /// About the connection or the server, harmless in scripts.
    Other,
}

const fn command(
    name: &'static str,
    arity: i32,
    kind: Kind,
    run: fn(&mut Context<'_>, &[Bytes]) -> Outcome,
) -> Command {
    Command { name, arity, kind, run }
}

const GROUPS: &[&[Command]] = &[
    connection::COMMANDS,
    server::COMMANDS,
    keys::COMMANDS,
    expiry::COMMANDS,
    strings::COMMANDS,
    hashes::COMMANDS,
    sets::COMMANDS,
    scripts::COMMANDS,
];

fn table() -> &'static HashMap<&'static str, Command> {
    static TABLE: OnceLock<HashMap<&'static str, Command>> = OnceLock::new();
    TABLE.get_or_init(|| GROUPS.iter().flat_map(|group| group.iter()).map(|command| (command.name, *command)).collect())
}

/// Number of commands there are.
fn count() -> usize {
    table().len()
}

/// Finds a command by its name, in any case.
fn find(name: &[u8]) -> Option<Command> {
    // No name is longer; a buffer on the stack saves an allocation a command.
    let mut lower = [0; 24];
    let lower = lower.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    table().get(std::str::from_utf8(lower).ok()?).copied()
}

/// Runs a command as a client sent it, its name first. `args` is not empty.
pub(crate) fn execute(context: &mut Context<'_>, args: &[Bytes]) -> Value {
    let Some(name) = args.first() else { return error("ERR empty command") };
    let Some(command) = find(name) else {
        return if context.script.is_some() {
            error("ERR Unknown Redis command called from script")
        } else {
            unknown(name, args)
        };
    };
    let expected = usize::try_from(command.arity.unsigned_abs()).unwrap_or(0);
    if args.len() < expected || (command.arity > 0 && args.len() != expected) {
        return if context.script.is_some() {
            error("ERR Wrong number of args calling Redis command from script")
        } else {
            wrong_number(command.name)
        };
    }
    match (context.script, command.kind) {
        (Some(_), Kind::NoScript) => return error("ERR This Redis command is not allowed from script"),
        (Some(ScriptAccess::ReadOnly), Kind::Write) => {
            return error("ERR Write commands are not allowed from read-only scripts.");
        }
        _ => {}
    }
    (command.run)(context, args).unwrap_or_else(|error| error)
}

/// `ERR wrong number of arguments for 'get' command`
fn wrong_number(name: &str) -> Value {
    error(format!("ERR wrong number of arguments for '{name}' command"))
}

/// Redis shows up to 128 bytes of the name and of the arguments together.
fn unknown(name: &[u8], args: &[Bytes]) -> Value {
    let shown = |bytes: &[u8], room: usize| String::from_utf8_lossy(&bytes[..bytes.len().min(room)]).into_owned();
    let mut listed = String::new();
    for argument in &args[1..] {
        if listed.len() >= 128 {
            break;
        }
        listed.push_str(&format!("'{}' ", shown(argument, 128 - listed.len())));
    }
    error(format!("ERR unknown command '{}', with args beginning with: {listed}", shown(name, 128)))
}
