//! Plain values.

use super::{Command, Doc, HANDLE, Join, KEY, Reply, Shape, Spread, param, read, read_over, write, write_over};

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
    Command {
        name: "redis_mget",
        params: &[HANDLE, param("key", Shape::Keys)],
        action: read_over(Spread::Keys(Join::ByKey), "MGET", Reply::ByKey),
        doc: Doc {
            summary: "Reads the values of several keys.",
            returns: "a table key → string, without the keys that are missing or hold no string",
            notes: "The keys of the table are strings, also when a number was given.",
            example: "redis.redis_mget(\"default\", \"greeting\", \"logins\", \"nobody\") \
                --> { greeting = \"hello\", logins = \"1\" }",
        },
    },
    Command {
        name: "redis_mset",
        params: &[HANDLE, param("key, value", Shape::KeyPairs)],
        action: write_over(Spread::Keys(Join::Same), "MSET", Reply::Status),
        doc: Doc {
            summary: "Stores values under several keys, which do not expire.",
            returns: "`\"OK\"`",
            notes: "An odd number of keys and values is `nil, \"invalid number of arguments\"`. On a cluster it is one \
                `MSET` a slot: not atomic, and an error may come after some keys are set.",
            example: "redis.redis_mset(\"default\", \"greeting\", \"hello\", \"logins\", 1) --> \"OK\"\n\
                redis.redis_mset(\"default\", { greeting = \"hello\", logins = 1 }) --> \"OK\"",
        },
    },
];
