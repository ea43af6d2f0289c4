//! Several commands at once, and any command at all.

use super::{Action, Command, Doc, HANDLE, Shape, Special, param};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_pipeline",
        params: &[HANDLE, param("mode", Shape::Word(&["read", "write"])), param("commands", Shape::Commands)],
        action: Action::Special(Special::Pipeline),
        doc: Doc {
            summary: "Sends many commands at once and waits once for all replies.",
            returns: "an array with an entry for each command, in their order: `{ ok = true, value = … }`, without `value` \
                where nothing is there, or `{ ok = false, err = … }`",
            notes: "A command is a table of its short name (`get` for `redis_get`) and its arguments without the handle. \
                `run_script` also goes without the script, `{ \"run_script\", name, keys, args }`. An unknown command is \
                `nil, \"unsupported pipeline command: x\"`, before anything is sent. The mode `read` may ask replicas and \
                refuses commands that write; `write` asks the master. Commands of others may run between these: use \
                `redis_transaction` where that matters. On a cluster it is one round trip to each node concerned, and \
                commands on different nodes run in no particular order.",
            complexity: "that of the commands together",
            example: &[
                r#"local replies = redis.redis_pipeline("default", "write", {"#,
                r#"  { "set", "greeting", "hello", 60 },"#,
                r#"  { "get", "greeting" },"#,
                r#"  { "get", "nobody" },"#,
                r#"  { "incr", "greeting" },"#,
                r#"})"#,
                r#"replies[1] --> { ok = true, value = "OK" }"#,
                r#"replies[2] --> { ok = true, value = "hello" }"#,
                r#"replies[3] --> { ok = true }"#,
                r#"replies[4] --> { ok = false, err = "ERR value is not an integer or out of range" }"#,
            ],
        },
    },
    Command {
        name: "redis_transaction",
        params: &[HANDLE, param("commands | keys", Shape::KeysOrCommands), param("body", Shape::Body)],
        action: Action::Special(Special::Transaction),
        doc: Doc {
            summary: "Runs commands one after the other, with nothing of others between them.",
            returns: "an array as that of `redis_pipeline`; `nil, nil` when the function returned nil",
            notes: "Commands are written as for `redis_pipeline`. All of them run, or none: one that Redis refuses \
                beforehand is an error that names it. One that fails as it runs (on a key of another type) does not undo \
                the others. With a function, the table before it names keys: they are watched (`WATCH`), the function is \
                called with a handle to read them with, and the commands that it returns run only if nobody has changed \
                one of the keys meanwhile; else the function is called again, at most 16 times. It should do nothing else \
                that lasts. On a cluster all keys must have a common hash tag.",
            complexity: "that of the commands together",
            example: &[
                r#"redis.redis_transaction("default", { { "incr", "logins" }, { "expire", "logins", 60 } })"#,
                r#"redis.redis_get("default", "logins") --> "1""#,
                r#"local replies = redis.redis_transaction("default", { "logins" }, function(watched)"#,
                r#"  local logins = redis.redis_get(watched, "logins", "number")"#,
                r#"  return { { "set", "logins", logins * 2 } }"#,
                r#"end)"#,
                r#"replies --> { { ok = true, value = "OK" } }"#,
                r#"redis.redis_get("default", "logins") --> "2""#,
            ],
        },
    },
    Command {
        name: "redis_command",
        params: &[HANDLE, param("name", Shape::Text), param("argument", Shape::Words)],
        action: Action::Special(Special::AnyCommand),
        doc: Doc {
            summary: "Sends any command of Redis, also one that has no function of its own.",
            returns: "the reply: strings, numbers, booleans; arrays and sets as arrays, maps as tables",
            notes: "Write subcommands as arguments of their own: `\"CLIENT\", \"INFO\"`. Commands that would change or \
                block the connection, which is shared with other requests (`SUBSCRIBE`, `BLPOP`, `MULTI`, `SELECT`, …), are \
                `nil` and an error that says what to use. A pool with replicas or of a cluster asks the server once what \
                the command does and where its keys are.",
            complexity: "that of the command",
            example: &[
                r#"redis.redis_command("default", "SET", "greeting", "hello") --> "OK""#,
                r#"redis.redis_command("default", "GETRANGE", "greeting", 1, 3) --> "ell""#,
                r#"redis.redis_command("default", "GET", "nobody") --> nil, "redis: nil""#,
            ],
        },
    },
];
