//! Sets: members without order or repetition under one key.

use super::{Command, Doc, HANDLE, KEY, Reply, Shape, param, read, write};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_sadd",
        params: &[HANDLE, KEY, param("value", Shape::Values)],
        action: write("SADD", Reply::Plain),
        doc: Doc {
            summary: "Adds members to a set.",
            returns: "the number of members that are new",
            notes: "",
            complexity: "O(n) for n members",
            example: &[
                r#"redis.redis_sadd("default", "seen", "192.0.2.1", "192.0.2.2") --> 2"#,
                r#"redis.redis_sadd("default", "seen", { "192.0.2.1", "192.0.2.3" }) --> 1"#,
            ],
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
            complexity: "O(1)",
            example: &[
                r#"redis.redis_sadd("default", "seen", "192.0.2.1") --> 1"#,
                r#"redis.redis_sismember("default", "seen", "192.0.2.1") --> true"#,
            ],
        },
    },
    Command {
        name: "redis_smembers",
        params: &[HANDLE, KEY],
        action: read("SMEMBERS", Reply::Plain),
        doc: Doc {
            summary: "Reads all members of a set, in no particular order.",
            returns: "an array of strings, empty when there is no such key",
            notes: "",
            complexity: "O(n) for a set of n members",
            example: &[
                r#"redis.redis_sadd("default", "seen", "192.0.2.1", "192.0.2.2") --> 2"#,
                r#"redis.redis_smembers("default", "seen") --> { "192.0.2.1", "192.0.2.2" } (in any order)"#,
            ],
        },
    },
    Command {
        name: "redis_srem",
        params: &[HANDLE, KEY, param("value", Shape::Values)],
        action: write("SREM", Reply::Plain),
        doc: Doc {
            summary: "Removes members of a set.",
            returns: "the number of members removed",
            notes: "",
            complexity: "O(n) for n members",
            example: &[
                r#"redis.redis_sadd("default", "seen", "192.0.2.1", "192.0.2.2") --> 2"#,
                r#"redis.redis_srem("default", "seen", "192.0.2.2", "192.0.2.3") --> 1"#,
            ],
        },
    },
    Command {
        name: "redis_scard",
        params: &[HANDLE, KEY],
        action: read("SCARD", Reply::Plain),
        doc: Doc {
            summary: "Counts the members of a set.",
            returns: "the number of members, `0` when there is no such key",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_sadd("default", "seen", "192.0.2.1", "192.0.2.2") --> 2"#,
                r#"redis.redis_scard("default", "seen") --> 2"#,
            ],
        },
    },
];
