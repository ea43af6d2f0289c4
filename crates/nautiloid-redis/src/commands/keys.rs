//! Whole keys.

use super::{Command, Doc, HANDLE, KEY, Reply, Shape, param, write};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_expire",
        params: &[HANDLE, KEY, param("seconds", Shape::Integer)],
        action: write("EXPIRE", Reply::OkOrFalse),
        doc: Doc {
            summary: "Lets a key expire after some seconds.",
            returns: "`\"OK\"`, or `false` when there is no such key",
            notes: "Zero or negative seconds remove the key.",
            example: "redis.redis_expire(\"default\", \"greeting\", 60) --> \"OK\"",
        },
    },
    Command {
        name: "redis_del",
        params: &[HANDLE, KEY],
        action: write("DEL", Reply::OkAndNumber),
        doc: Doc {
            summary: "Removes a key.",
            returns: "`\"OK\"`, whether the key was there or not",
            notes: "The third result is the number of keys removed, `0` or `1`.",
            example: "redis.redis_del(\"default\", \"greeting\") --> \"OK\", nil, 1",
        },
    },
    Command {
        name: "redis_rename",
        params: &[HANDLE, param("old", Shape::Key), param("new", Shape::Key)],
        action: write("RENAME", Reply::Status),
        doc: Doc {
            summary: "Renames a key, replacing what has the new name.",
            returns: "`\"OK\"`",
            notes: "A missing key is `nil, \"ERR no such key\"`.",
            example: "redis.redis_rename(\"default\", \"abc\", \"def\") --> \"OK\"",
        },
    },
];
