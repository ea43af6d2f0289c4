//! HyperLogLog: about how many different values there were, in 12 KiB at most.

use super::{Command, Doc, HANDLE, KEY, Reply, Shape, param, read, write};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_pfadd",
        params: &[HANDLE, KEY, param("value", Shape::Values)],
        action: write("PFADD", Reply::Integer),
        doc: Doc {
            summary: "Adds values to what is counted.",
            returns: "`1` when that changes the count or makes the key, else `0`",
            notes: "",
            complexity: "O(1) for each value",
            example: &[
                r#"redis.redis_pfadd("default", "visitors", "192.0.2.1", "192.0.2.2") --> 1"#,
                r#"redis.redis_pfadd("default", "visitors", { "192.0.2.1" }) --> 0"#,
            ],
        },
    },
    Command {
        name: "redis_pfcount",
        params: &[HANDLE, param("key", Shape::Keys)],
        action: read("PFCOUNT", Reply::Integer),
        doc: Doc {
            summary: "Tells about how many different values were added, to all of some keys together.",
            returns: "the number, with a standard error of 0.81 %; `0` when there is no such key",
            notes: "",
            complexity: "O(1) for one key; O(n) for n keys, and much slower",
            example: &[
                r#"redis.redis_pfadd("default", "{visitors}:monday", "192.0.2.1", "192.0.2.2") --> 1"#,
                r#"redis.redis_pfadd("default", "{visitors}:tuesday", "192.0.2.2", "192.0.2.3") --> 1"#,
                r#"redis.redis_pfcount("default", "{visitors}:monday") --> 2"#,
                r#"redis.redis_pfcount("default", "{visitors}:monday", "{visitors}:tuesday") --> 3"#,
            ],
        },
    },
    Command {
        name: "redis_pfmerge",
        params: &[HANDLE, param("destination", Shape::Key), param("source", Shape::Keys)],
        action: write("PFMERGE", Reply::Ok),
        doc: Doc {
            summary: "Adds what was counted under some keys to another.",
            returns: "`\"OK\"`",
            notes: "What `destination` has counted before stays part of it.",
            complexity: "O(n) for n keys",
            example: &[
                r#"redis.redis_pfadd("default", "{visitors}:monday", "192.0.2.1", "192.0.2.2") --> 1"#,
                r#"redis.redis_pfadd("default", "{visitors}:tuesday", "192.0.2.2", "192.0.2.3") --> 1"#,
                r#"redis.redis_pfmerge("default", "{visitors}:week", "{visitors}:monday", "{visitors}:tuesday") --> "OK""#,
                r#"redis.redis_pfcount("default", "{visitors}:week") --> 3"#,
            ],
        },
    },
];
