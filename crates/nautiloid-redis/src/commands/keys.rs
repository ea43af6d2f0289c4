//! Whole keys.

use super::{
    Action, Command, Doc, HANDLE, Join, KEY, Reply, Shape, Special, Spread, param, read_over, write, write_over,
};

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
        name: "redis_exists",
        params: &[HANDLE, param("key", Shape::Keys)],
        action: read_over(Spread::Keys(Join::Sum), "EXISTS", Reply::Number),
        doc: Doc {
            summary: "Counts which of some keys exist.",
            returns: "the number of keys that exist",
            notes: "A key that is named twice counts twice.",
            example: "redis.redis_exists(\"default\", \"greeting\", \"nobody\") --> 1",
        },
    },
    Command {
        name: "redis_del",
        params: &[HANDLE, param("key", Shape::Keys)],
        action: write_over(Spread::Keys(Join::Sum), "DEL", Reply::OkAndNumber),
        doc: Doc {
            summary: "Removes keys.",
            returns: "`\"OK\"`, whether the keys were there or not",
            notes: "The third result is the number of keys removed.",
            example: "redis.redis_del(\"default\", \"greeting\") --> \"OK\", nil, 1\n\
                redis.redis_del(\"default\", { \"greeting\", \"logins\" }) --> \"OK\", nil, 1",
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
    Command {
        name: "redis_keys",
        params: &[HANDLE, param("pattern", Shape::Text)],
        action: read_over(Spread::Masters(Join::Concat), "KEYS", Reply::Array),
        doc: Doc {
            summary: "Lists the keys that match a pattern, in no particular order.",
            returns: "an array of strings, empty when no key matches",
            notes: "In a pattern `*` stands for any bytes, `?` for one, `[a-z]` for one of a class, and `\\` takes the \
                next byte as it is. The server answers nobody else while it looks at all of its keys: with many of them \
                use `redis_scan`.",
            example: "redis.redis_keys(\"default\", \"greet*\") --> { \"greeting\" }",
        },
    },
    Command {
        name: "redis_scan",
        params: &[
            HANDLE,
            param("cursor", Shape::Cursor),
            param("match", Shape::TextOption("MATCH")),
            param("count", Shape::IntegerOption("COUNT")),
        ],
        action: Action::Special(Special::Scan),
        doc: Doc {
            summary: "Lists keys step by step, so that others are served in between.",
            returns: "`{ cursor = number, keys = array of strings }`",
            notes: "Begin with the cursor `0` and go on with the cursor of the result until that is `0`. A step may give \
                no keys at all, or keys that another step gave. A key that is there from beginning to end is given at \
                least once. `match` is a pattern as of `redis_keys`, `count` about how many keys to look at in a step. \
                On a cluster one cursor goes over all masters. It is always masters that are asked, never replicas: a \
                cursor means nothing to another server, so after a failover begin anew. Redis command: `SCAN`.",
            example: "local cursor = 0\n\
                repeat\n  \
                  local step, err = redis.redis_scan(\"default\", cursor, \"session:*\", 100)\n  \
                  if not step then error(err) end\n  \
                  for _, key in ipairs(step.keys) do print(key) end\n  \
                  cursor = step.cursor\n\
                until cursor == 0",
        },
    },
];
