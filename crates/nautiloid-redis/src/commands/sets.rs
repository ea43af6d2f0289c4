//! Sets: members without order or repetition under one key.

use super::{Command, Doc, HANDLE, KEY, Reply, Shape, param, read, write};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_sadd",
        params: &[HANDLE, KEY, param("value", Shape::Values)],
        action: write("SADD", Reply::Number),
        doc: Doc {
            summary: "Adds members to a set.",
            returns: "the number of members that are new",
            notes: "",
            example: "redis.redis_sadd(\"default\", \"seen\", \"192.0.2.1\", \"192.0.2.2\") --> 2\n\
                redis.redis_sadd(\"default\", \"seen\", { \"192.0.2.1\", \"192.0.2.3\" }) --> 1",
        },
    },
    Command {
        name: "redis_sismember",
        params: &[HANDLE, KEY, param("value", Shape::Value)],
        action: read("SISMEMBER", Reply::Boolean),
        doc: Doc {
            summary: "Tells whether a value is a member of a set.",
            returns: "`true` or `false`",
            notes: "",
            example: "redis.redis_sismember(\"default\", \"seen\", \"192.0.2.1\") --> true",
        },
    },
    Command {
        name: "redis_smembers",
        params: &[HANDLE, KEY],
        action: read("SMEMBERS", Reply::Array),
        doc: Doc {
            summary: "Reads all members of a set, in no particular order.",
            returns: "an array of strings, empty when there is no such key",
            notes: "",
            example: "redis.redis_smembers(\"default\", \"seen\") --> { \"192.0.2.1\", \"192.0.2.2\", \"192.0.2.3\" }",
        },
    },
    Command {
        name: "redis_srem",
        params: &[HANDLE, KEY, param("value", Shape::Values)],
        action: write("SREM", Reply::Number),
        doc: Doc {
            summary: "Removes members of a set.",
            returns: "the number of members removed",
            notes: "",
            example: "redis.redis_srem(\"default\", \"seen\", \"192.0.2.3\") --> 1",
        },
    },
    Command {
        name: "redis_scard",
        params: &[HANDLE, KEY],
        action: read("SCARD", Reply::Number),
        doc: Doc {
            summary: "Counts the members of a set.",
            returns: "the number of members, `0` when there is no such key",
            notes: "",
            example: "redis.redis_scard(\"default\", \"seen\") --> 2",
        },
    },
];
