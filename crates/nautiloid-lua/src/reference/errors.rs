//! How a function fails, as far as its declaration or row says it.

use nautiloid_redis::commands::{Action, Command, GROUPS, NIL_ERROR, RedisCommand, Reply, Shape, Special, Spread};

use super::Explained;
use super::facts::key_count;
use crate::declarations::{Failure, Function};

/// Groups whose keys hold values of one type, by title.
const TYPED: &[&str] = &["Values", "Hashes", "Sets", "Sorted sets", "Lists", "HyperLogLog", "Streams"];

/// Commands of these groups that take a key of any type: they replace it, or pass it over.
const OF_ANY_TYPE: &[&str] = &["MGET", "MSET", "MSETNX", "PSETEX", "SET", "SETEX", "SETNX"];

/// The errors of a function that is no command.
pub(super) fn of_function(function: &Function) -> Vec<Explained> {
    let mut errors = Vec::new();
    if function.failure != Failure::Raises {
        errors.push(Explained::new("`nil` and a message", "what went wrong, in words"));
    }
    if function.forms.iter().any(|form| !form.parameters.is_empty()) {
        errors.push(raised(function.name));
    }
    errors
}

/// The errors of a row.
pub(super) fn of_command(command: &Command) -> Vec<Explained> {
    let mut errors = Vec::new();
    let mut add = |what: &str, text: &str| errors.push(Explained::new(what, text));
    if may_be_nil(command) {
        add(&quoted(NIL_ERROR), "there is nothing to give");
    }
    if let Action::Send(ref send) = command.action
        && wants_a_type(command, send)
    {
        add(
            "`\"WRONGTYPE Operation against a key holding the wrong kind of value\"`",
            "a key holds something else than this function is for",
        );
    }
    for param in command.params {
        match param.shape {
            Shape::Pairs | Shape::KeyPairs | Shape::Scores(_) => {
                add("`\"invalid number of arguments\"`", "one of a pair is missing, or there are none");
            }
            Shape::Keys | Shape::CountedKeys | Shape::Values | Shape::Texts => {
                add("`\"invalid number of arguments\"`", "the array is empty");
            }
            Shape::Expiration(_) => add("`\"expiration seconds must be >= 0\"`", "the seconds are negative"),
            _ => {}
        }
    }
    if keys_in_one_slot(command) {
        add(
            "`\"… are in different hash slots of the cluster …\"`",
            "on a cluster: the keys have no common hash tag, and nothing was sent",
        );
    }
    if matches!(command.action, Action::Special(Special::ScanIterator)) {
        add("a Lua error", "raised by the loop when a step fails, with the reason");
    }
    errors.push(raised(command.name));
    errors
}

fn may_be_nil(command: &Command) -> bool {
    let text = matches!(command.action, Action::Send(RedisCommand { reply: Reply::Text, .. }));
    let says_so = |text: &str| text.contains(NIL_ERROR);
    text || says_so(command.doc.notes) || says_so(command.doc.returns)
}

fn wants_a_type(command: &Command, send: &RedisCommand) -> bool {
    let group = GROUPS.iter().find(|group| group.commands.iter().any(|other| other.name == command.name));
    group.is_some_and(|group| TYPED.contains(&group.title)) && !OF_ANY_TYPE.contains(&send.redis)
}

fn keys_in_one_slot(command: &Command) -> bool {
    match command.action {
        Action::Send(RedisCommand { spread, .. }) => spread == Spread::OneSlot && key_count(command) > 1,
        Action::Special(special) => special == Special::RunScript,
    }
}

fn quoted(message: &str) -> String {
    format!("`\"{message}\"`")
}

fn raised(name: &str) -> Explained {
    let what = format!("`bad argument #n to '{name}' (…)`");
    Explained::new(what, "raised as a Lua error: an argument is missing, or of the wrong type")
}
