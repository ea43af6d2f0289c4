//! Plain values.

use super::{Command, Doc, HANDLE, KEY, Reply, Shape, param, read, write};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_set",
        params: &[HANDLE, KEY, param("value", Shape::Value), param("seconds", Shape::Expiration)],
        action: write("SET", Reply::Status),
        doc: Doc {
            summary: "Stores a value under a key.",
            returns: "`\"OK\"`",
            notes: "Without `seconds`, or with `0`, the key does not expire.",
            example: "redis.redis_set(\"default\", \"greeting\", \"hello\", 3600) --> \"OK\"",
        },
    },
    Command {
        name: "redis_get",
        params: &[HANDLE, KEY, param("type", Shape::ReplyType)],
        action: read("GET", Reply::Text),
        doc: Doc {
            summary: "Reads the value of a key.",
            returns: "the string, or what `type` asks for",
            notes: "A stored empty string is `\"\"`, a missing key is `nil, \"redis: nil\"`.",
            example: "redis.redis_get(\"default\", \"greeting\") --> \"hello\"",
        },
    },
    Command {
        name: "redis_incr",
        params: &[HANDLE, KEY],
        action: write("INCR", Reply::Number),
        doc: Doc {
            summary: "Adds one to the integer stored under a key.",
            returns: "the new number",
            notes: "A missing key counts as `0`.",
            example: "redis.redis_incr(\"default\", \"logins\") --> 1",
        },
    },
];
