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
