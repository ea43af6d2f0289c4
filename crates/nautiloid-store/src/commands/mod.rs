//! The table of commands: name, arity and flags as in Redis, and the function that does it.

mod connection;
mod draw;
mod expiry;
mod hashes;
mod hyperloglog;
mod key_places;
mod keys;
mod lists;
mod parse;
mod scans;
mod score;
mod scripts;
mod server;
mod set_algebra;
mod sets;
mod sorted_sets;
mod streams;
mod strings;
mod transactions;

use std::collections::HashMap;
use std::sync::OnceLock;

use bytes::Bytes;
use nautiloid_resp::Value;

use self::parse::{c_string, error_about, is};
use crate::context::{Context, Outcome, ScriptAccess};

/// A command.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Command {
    /// Lower case, as Redis shows it in errors; the words of a subcommand as in `client|id`.
    pub(crate) name: &'static str,
    /// Number of arguments with the name; negative: at least that many. As `COMMAND INFO` gives it.
    arity: i32,
    kind: Kind,
    run: fn(&mut Context<'_>, &[Bytes]) -> Outcome,
    /// The commands of two words that begin with this one.
    words: &'static [Command],
}

/// What a command does to the data, and whether a script may call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    Write,
    /// About the connection or the server: not for scripts.
    NoScript,
    /// About the connection or the server, harmless in scripts; or the first word of two, which leaves it to the second.
    Other,
}

const fn command(
    name: &'static str,
    arity: i32,
    kind: Kind,
    run: fn(&mut Context<'_>, &[Bytes]) -> Outcome,
) -> Command {
    Command { name, arity, kind, run, words: &[] }
}

/// The first word of commands that have two; `alone` is what it does without a second.
const fn container(
    name: &'static str,
    arity: i32,
    words: &'static [Command],
    alone: fn(&mut Context<'_>, &[Bytes]) -> Outcome,
) -> Command {
    Command { name, arity, kind: Kind::Other, run: alone, words }
}

/// What most first words are alone.
fn nothing_alone(_: &mut Context<'_>, _: &[Bytes]) -> Outcome {
    Err(Value::error("ERR empty command"))
}

/// Types whose commands are in several modules give several lists.
const GROUPS: &[&[&[Command]]] = &[
    &[connection::COMMANDS, server::COMMANDS, keys::COMMANDS, expiry::COMMANDS],
    &[strings::COMMANDS, hashes::COMMANDS, sets::COMMANDS, set_algebra::COMMANDS, scans::COMMANDS],
    sorted_sets::COMMANDS,
    &[lists::COMMANDS, hyperloglog::COMMANDS],
    streams::COMMANDS,
    &[scripts::COMMANDS, transactions::COMMANDS],
];

fn all() -> impl Iterator<Item = &'static Command> {
    GROUPS.iter().copied().flatten().copied().flatten()
}

fn table() -> &'static HashMap<&'static str, Command> {
    static TABLE: OnceLock<HashMap<&'static str, Command>> = OnceLock::new();
    TABLE.get_or_init(|| all().map(|command| (command.name, *command)).collect())
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
    let Some(name) = args.first() else { return Value::error("ERR empty command") };
    let Some(command) = find(name) else {
        return if context.script.is_some() {
            Value::error("ERR Unknown Redis command called from script")
        } else {
            transactions::refused(context, "");
            unknown(name, args)
        };
    };
    command.execute(context, args)
}

impl Command {
    fn execute(&self, context: &mut Context<'_>, args: &[Bytes]) -> Value {
        let expected = usize::try_from(self.arity.unsigned_abs()).unwrap_or(0);
        if args.len() < expected || (self.arity > 0 && args.len() != expected) {
            return if context.script.is_some() {
                Value::error("ERR Wrong number of args calling Redis command from script")
            } else {
                transactions::refused(context, self.name);
                if self.name == "exec" { transactions::malformed_exec() } else { wrong_number(self.name) }
            };
        }
        if let Some(word) = args.get(1).filter(|_| !self.words.is_empty()) {
            return self.execute_word(context, args, word);
        }
        if context.script.is_none()
            && let Some(queued) = transactions::keep(context, self, args)
        {
            return queued;
        }
        match (context.script, self.kind) {
            (Some(_), Kind::NoScript) => return Value::error("ERR This Redis command is not allowed from script"),
            (Some(ScriptAccess::ReadOnly), Kind::Write) => {
                return Value::error("ERR Write commands are not allowed from read-only scripts.");
            }
            _ => {}
        }
        let reply = (self.run)(context, args).unwrap_or_else(|error| error);
        if self.kind == Kind::Write {
            context.db().settle_watchers();
        }
        reply
    }

    /// Runs a command of two words, `CLIENT ID` for example.
    fn execute_word(&self, context: &mut Context<'_>, args: &[Bytes], word: &Bytes) -> Value {
        let second = |command: &Command| command.name.split_once('|').is_some_and(|(_, second)| is(word, second));
        match self.words.iter().find(|command| second(command)) {
            Some(command) => command.execute(context, args),
            None if context.script.is_some() => Value::error("ERR Unknown Redis command called from script"),
            None => {
                transactions::refused(context, self.name);
                let container = self.name.to_ascii_uppercase();
                error_about("ERR unknown subcommand '", word, 128, &format!("'. Try {container} HELP."))
            }
        }
    }
}

/// `ERR wrong number of arguments for 'get' command`
fn wrong_number(name: &str) -> Value {
    Value::error(format!("ERR wrong number of arguments for '{name}' command"))
}

/// Redis shows up to 128 bytes of the name and of the arguments together.
fn unknown(name: &[u8], args: &[Bytes]) -> Value {
    const SHOWN: usize = 128;
    let mut listed = Vec::new();
    for argument in args.iter().skip(1) {
        if listed.len() >= SHOWN {
            break;
        }
        let text = c_string(argument, SHOWN - listed.len());
        listed.extend([b"'", text, b"' "].concat());
    }
    let name = c_string(name, SHOWN);
    Value::error([b"ERR unknown command '", name, b"', with args beginning with: ", &listed].concat())
}
