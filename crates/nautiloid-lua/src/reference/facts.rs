//! The other ways to call a function of Redis, and what it is to Redis and to a cluster.

use nautiloid_redis::commands::{Access, Action, Command, RedisCommand, Shape, Special, Spread};

use super::Explained;
use crate::declarations::Function;

pub(super) fn of_command(command: &Command, function: &Function) -> Vec<Explained> {
    let mut facts = Vec::new();
    let mut add = |what: &str, text: String| facts.push(Explained::new(what, text));
    if let (Some(method), Some(form)) = (function.method, function.forms.first()) {
        add("Method", format!("`handle:{method}({})`", form.of_method()));
    }
    if let (true, Some(form)) = (command.is_listable(), function.forms.first()) {
        let arguments: Vec<String> =
            form.parameters.iter().skip(1).map(|parameter| parameter.name.to_owned()).collect();
        let words = std::iter::once(format!("\"{}\"", command.short_name())).chain(arguments);
        add("In a pipeline", format!("`{{ {} }}`", words.collect::<Vec<_>>().join(", ")));
    }
    if let Some(redis) = redis(command) {
        add("Redis command", redis);
    }
    if !command.doc.complexity.is_empty() {
        add("Time", command.doc.complexity.to_owned());
    }
    let server = server(command);
    if !server.is_empty() {
        add("Asks", server.to_owned());
    }
    let cluster = on_a_cluster(command);
    if !cluster.is_empty() {
        add("On a cluster", cluster.to_owned());
    }
    facts
}

fn redis(command: &Command) -> Option<String> {
    Some(match command.action {
        Action::Send(RedisCommand { redis, last, .. }) => match last {
            Some(last) => format!("`{redis} … {last}`"),
            None => format!("`{redis}`"),
        },
        Action::Special(Special::UploadScript) => "`SCRIPT LOAD`".to_owned(),
        Action::Special(Special::RunScript) => "`EVAL`, or `EVALSHA` for a name".to_owned(),
        Action::Special(Special::Scan | Special::ScanIterator) => "`SCAN`".to_owned(),
        Action::Special(Special::Transaction) => "`MULTI`, `EXEC`; with a function `WATCH`".to_owned(),
        Action::Special(_) => return None,
    })
}

/// Which server of a pool is asked.
fn server(command: &Command) -> &'static str {
    const MASTER: &str = "the master";
    match command.action {
        Action::Send(RedisCommand { access, .. }) => match access {
            Access::Read => "a replica, in a pool that reads from replicas; else the master",
            Access::Step | Access::Write | Access::Master => MASTER,
        },
        Action::Special(special) if special.is_local() => "",
        Action::Special(Special::Pipeline) => {
            "a replica for the mode `read`, in a pool that reads from replicas; else the master"
        }
        Action::Special(Special::AnyCommand) => {
            "a replica for what only reads, in a pool that reads from replicas; else the master"
        }
        Action::Special(_) => MASTER,
    }
}

fn on_a_cluster(command: &Command) -> &'static str {
    const ONE_SLOT: &str = "its keys must have a common hash tag: `{tag}:a`, `{tag}:b`";
    match command.action {
        Action::Send(RedisCommand { spread, .. }) => match spread {
            Spread::OneSlot if key_count(command) > 1 => ONE_SLOT,
            Spread::OneSlot => "goes to the node that has the key",
            Spread::Keys(_) => "its keys may be on any nodes: each node gets its own",
            Spread::Masters(_) => "asks all masters",
        },
        Action::Special(special) => match special {
            Special::RegisterPool
            | Special::GetConnection
            | Special::Encrypt
            | Special::Decrypt
            | Special::IsEncryptionEnabled => "",
            Special::UploadScript => "loads the script on every master",
            Special::RunScript | Special::Transaction => ONE_SLOT,
            Special::Pipeline => "sends each command to the node that has its keys",
            Special::AnyCommand => "asks a node where the keys of the command are",
            Special::Scan | Special::ScanIterator => "goes over all masters, one after the other",
        },
    }
}

/// How many keys a call has: 2 for more than one.
pub(super) fn key_count(command: &Command) -> usize {
    let shapes = command.params.iter().map(|param| param.shape);
    let keys = shapes.map(|shape| match shape {
        Shape::Key => 1,
        Shape::Keys | Shape::CountedKeys | Shape::KeyList | Shape::KeyPairs => 2,
        _ => 0,
    });
    keys.sum()
}
