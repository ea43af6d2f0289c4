//! What the store says of its commands is what Redis says of them.

use nautiloid_resp::Value;

use crate::both::{Both, ask};
use crate::commands;

/// What clients route by.
const FLAGS: [&str; 3] = ["write", "readonly", "movablekeys"];

/// Arity, flags that matter, and the places of keys.
fn described(reply: &Value) -> (Value, Vec<String>, Vec<Value>) {
    let Value::Array(commands) = reply else { panic!("no array: {reply:?}") };
    let Some(Value::Array(parts)) = commands.first() else { panic!("not described: {reply:?}") };
    let Value::Array(flags) = &parts[2] else { panic!("no flags: {parts:?}") };
    let flags = flags.iter().map(|flag| match flag {
        Value::Status(flag) => String::from_utf8_lossy(flag).into_owned(),
        other => panic!("no flag: {other:?}"),
    });
    let mut flags: Vec<_> = flags.filter(|flag| FLAGS.contains(&flag.as_str())).collect();
    flags.sort();
    (parts[1].clone(), flags, parts[3..6].to_vec())
}

#[test]
fn commands_are_described_as_redis_does() {
    let mut both = Both::start();
    for name in commands::names() {
        // A subcommand's keys are asked for by its whole call.
        if matches!(name, "SCRIPT" | "CLIENT" | "CONFIG" | "COMMAND" | "XGROUP" | "XINFO") {
            continue;
        }
        let unknown = Value::Array(vec![Value::Nil]);
        if ask(&mut both.redis, &format!("COMMAND INFO {name}")) == unknown {
            assert_eq!(ask(&mut both.store, &format!("COMMAND INFO {name}")), unknown, "{name}");
            continue;
        }
        let [redis, store] =
            both.each().map(|(_, connection)| described(&ask(connection, &format!("COMMAND INFO {name}"))));
        assert_eq!(redis, store, "{name}");
    }
    assert_eq!(both.ask("COMMAND INFO nosuch"), Value::Array(vec![Value::Nil]));
}

#[test]
fn keys_of_calls_are_those_that_redis_finds() {
    let mut both = Both::start();
    for call in [
        "GET a",
        "MSET a 1 b 2",
        "DEL a b c",
        "RENAME a b",
        "ZUNIONSTORE d 2 a b WEIGHTS 1 2",
        "ZINTER 2 a b",
        "EVAL return 2 a b c",
        "EVAL return 0 c",
        "EVALSHA 0123 1 a b",
        "SINTERCARD 2 a b LIMIT 1",
        "ZRANGESTORE d s 0 -1",
        "LMOVE a b LEFT RIGHT",
        "COPY a b REPLACE",
        "XADD a * f v",
        "XREAD COUNT 2 STREAMS a b 0 0",
        "XREADGROUP GROUP g c COUNT 2 STREAMS a b > >",
        "GET",
        "GET a b",
        "PING",
        "KEYS *",
        "NOSUCH a",
    ] {
        both.ask(&format!("COMMAND GETKEYS {call}"));
    }
}

/// Commands that no random sequence can have: those of scripts are in the sequences of `scripts`; the others answer what
/// no two servers have in common, and have tests of their own (here, `wire`, `redis_cli`, `random_members`).
const COMPARED_ELSEWHERE: &[&str] = &["EVAL_RO", "EVALSHA_RO", "INFO", "QUIT", "RANDOMKEY", "TIME"];

#[test]
fn clocks_agree() {
    let mut both = Both::start();
    let seconds = both.each().map(|(_, connection)| {
        let Value::Array(parts) = ask(connection, "TIME") else { panic!("no array") };
        let parts: Vec<u64> = parts.iter().map(|part| crate::both::text(part).parse().unwrap()).collect();
        assert!(parts.len() == 2 && parts[1] < 1_000_000, "{parts:?}");
        parts[0]
    });
    assert!(seconds[0].abs_diff(seconds[1]) <= 60, "{seconds:?}");
}

#[test]
fn every_command_of_the_store_is_compared() {
    let mut both = Both::start();
    let Value::Array(described) = ask(&mut both.store, "COMMAND") else { panic!("no array") };
    let compared = commands::names();
    let missing: Vec<String> = described
        .iter()
        .filter_map(|command| match command {
            Value::Array(parts) => Some(crate::both::text(parts.first()?).to_ascii_uppercase()),
            _ => None,
        })
        .filter(|name| !compared.contains(name.as_str()) && !COMPARED_ELSEWHERE.contains(&name.as_str()))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
