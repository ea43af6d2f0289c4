//! Every row of the table of commands has all that a row must have, and says of its command what Redis says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use nautiloid_lua::reference;
use nautiloid_redis::commands::{self, Access, Action, Command, GROUPS, RedisCommand, Shape};
use nautiloid_resp::Value;
use support::{nautiloid, stderr, stdout};
use testkit::RedisServer;

/// Functions that are no commands, so that lists of commands cannot have them.
const NO_COMMANDS: &[&str] = &[
    "get_redis_connection",
    "redis_decrypt",
    "redis_encrypt",
    "redis_is_encryption_enabled",
    "redis_pipeline",
    "redis_scan",
    "redis_scan_iter",
    "redis_transaction",
    "redis_upload_script",
    "register_redis_pool",
];

#[test]
fn every_function_is_there_with_page_stub_example_and_pipeline_form() {
    let folder = tempfile::tempdir().unwrap();
    assert!(nautiloid().arg("stubs").arg(folder.path()).output().unwrap().status.success());
    let stubs = std::fs::read_to_string(folder.path().join("nauthilus_redis.lua")).unwrap();
    let examples = repository("tests/lua/reference.lua");
    let bound = bound();
    for group in GROUPS {
        let page = repository(&format!("docs/reference/{}", reference::file_name(group)));
        for command in group.commands {
            let (name, short) = (command.name, command.short_name());
            assert!(bound.contains(name), "{name} is not in the module");
            assert!(page.contains(&format!("\n## {name}\n")), "{name} has no section in the reference");
            assert!(stubs.contains(&format!("\nfunction redis.{name}(")), "{name} has no stub");
            assert!(
                !command.is_method() || stubs.contains(&format!("\nfunction Handle:{short}(")),
                "{name}: no method"
            );
            assert!(examples.contains(&format!("example(\"{name}\", ")), "{name}: its example is not run");
            assert_eq!(command.is_listable(), !NO_COMMANDS.contains(&name), "{name}: whether it can be in a pipeline");
        }
    }
    assert!(NO_COMMANDS.iter().all(|name| commands::find(name).is_some()), "a name in the list is of no function");
}

fn repository(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The functions that scripts find in the module.
fn bound() -> BTreeSet<String> {
    let code = "local names = {} for name, f in pairs(require('nauthilus_redis')) do \
                if type(f) == 'function' then names[#names + 1] = name end end return names";
    let output = nautiloid().args(["run", "-e", code]).output().unwrap();
    serde_json::from_str(&stdout(&output)).unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)))
}

/// What Redis says of a command.
struct Told {
    flags: BTreeSet<String>,
    /// Where its keys are: the first, the last (negative from the end), and the distance.
    keys: [i64; 3],
}

#[test]
fn rows_agree_with_redis_about_keys_and_about_what_writes() {
    let server = RedisServer::start().unwrap();
    let mut connection = server.connect().unwrap();
    let mut compared = 0;
    for command in commands::all() {
        let Action::Send(send) = command.action else { continue };
        let name = send.redis.to_lowercase().replace(' ', "|");
        let reply = connection.command(&["COMMAND", "INFO", &name]).unwrap();
        let told = told(&reply).unwrap_or_else(|| panic!("{}: Redis has no {name}: {reply:?}", command.name));
        let (keys, moving) = keys(command, &send);
        assert_eq!(told.flags.contains("movablekeys"), moving, "{}: keys behind their number", command.name);
        assert_eq!(told.keys, keys, "{}: where its keys are", command.name);
        let (reads, writes) = (told.flags.contains("readonly"), told.flags.contains("write"));
        match send.access {
            Access::Read | Access::Step => assert!(reads, "{}: Redis says that it writes", command.name),
            Access::Write => assert!(writes, "{}: Redis does not say that it writes", command.name),
            Access::Master => assert!(!reads, "{}: a replica could answer it", command.name),
        }
        compared += 1;
    }
    assert!(compared > 80, "only {compared} commands");
}

fn told(reply: &Value) -> Option<Told> {
    let Value::Array(commands) = reply else { return None };
    let Some(Value::Array(facts)) = commands.first() else { return None };
    let Some(Value::Array(flags)) = facts.get(2) else { return None };
    let text = |value: &Value| match value {
        Value::Status(text) | Value::Bulk(text) => String::from_utf8_lossy(text).into_owned(),
        other => format!("{other:?}"),
    };
    let number = |index: usize| match facts.get(index) {
        Some(Value::Integer(n)) => Some(*n),
        _ => None,
    };
    Some(Told { flags: flags.iter().map(text).collect(), keys: [number(3)?, number(4)?, number(5)?] })
}

/// Where a row has its keys, in Redis' way of saying it, and whether there are some behind their number.
fn keys(command: &Command, send: &RedisCommand) -> ([i64; 3], bool) {
    let mut at = i64::try_from(send.redis.split(' ').count()).unwrap();
    let (mut keys, mut moving) = ([0, 0, 0], false);
    for param in command.params.iter().skip(1) {
        let (last, step) = match param.shape {
            Shape::Key => (at, 1),
            Shape::Keys => (-1, 1),
            Shape::KeyPairs => (-1, 2),
            Shape::CountedKeys | Shape::KeyList => {
                moving = true;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        keys = [if keys[0] == 0 { at } else { keys[0] }, last, step];
        at += 1;
    }
    (keys, moving)
}

#[test]
fn the_reference_says_which_functions_want_a_type() {
    let server = RedisServer::start().unwrap();
    let mut connection = server.connect().unwrap();
    let entries = reference::all();
    let mut problems = Vec::new();
    for group in GROUPS {
        for command in group.commands {
            let Action::Send(send) = command.action else { continue };
            connection.succeed(&["FLUSHALL"]).unwrap();
            for key in WRONG {
                // A type that no function of the group is for.
                let add = if group.title == "Lists" { "SADD" } else { "RPUSH" };
                connection.succeed(&[add, key, "member"]).unwrap();
            }
            let call = smallest_call(command, &send);
            let reply = connection.command(&call).unwrap();
            let refused = matches!(&reply, Value::Error(text) if text.starts_with(b"WRONGTYPE"));
            if !refused && matches!(reply, Value::Error(_)) {
                problems.push(format!("{call:?} is no call: {reply:?}"));
            }
            let entry = entries.iter().find(|entry| entry.name == command.name).unwrap();
            let said = entry.errors.iter().any(|error| error.what.contains("WRONGTYPE"));
            if said != refused {
                problems.push(format!("{}: {call:?} gives {reply:?}", command.name));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Keys that hold what is not wanted.
const WRONG: [&str; 2] = ["wrong", "wrong, too"];

/// The command with the least that its parameters take, on keys of [`WRONG`].
fn smallest_call(command: &Command, send: &RedisCommand) -> Vec<&'static str> {
    let mut call: Vec<&'static str> = send.redis.split(' ').collect();
    let mut keys = WRONG.into_iter();
    for param in command.params.iter().skip(1) {
        match param.shape {
            Shape::Key | Shape::Keys => call.extend(keys.next()),
            Shape::CountedKeys => call.extend(std::iter::once("1").chain(keys.next())),
            Shape::KeyPairs => call.extend(keys.next().into_iter().chain(["1"])),
            Shape::Pairs => call.extend(["field", "1"]),
            Shape::Scores(_) => call.extend(["1", "member"]),
            Shape::Word(words) => call.extend(words.first()),
            Shape::Trim(_) => call.extend(["MAXLEN", "1"]),
            Shape::Text if matches!(param.name, "start" | "stop" | "id") => call.push("1-1"),
            Shape::Cursor | Shape::KeyList => call.push("0"),
            Shape::Text if param.name == "script" => call.push("return 1"),
            shape if shape.is_optional() => {}
            _ => call.push("1"),
        }
    }
    call.extend(send.last);
    call
}
