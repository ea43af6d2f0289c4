//! Whole keys.

use super::{
    Action, COUNT, Choice, Command, Doc, HANDLE, Join, KEY, MATCH, Reply, Shape, Special, Spread, flag, param, read,
    read_over, write, write_over,
};

/// The options of `COPY`.
const COPY_OPTIONS: &[Choice] = &[flag("replace", "REPLACE", "").about("replaces a destination that is there")];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_expire",
        params: &[HANDLE, KEY, param("seconds", Shape::Integer)],
        action: write("EXPIRE", Reply::OkOrFalse),
        doc: Doc {
            summary: "Lets a key expire after some seconds.",
            returns: "`\"OK\"`, or `false` when there is no such key",
            notes: "Zero or negative seconds remove the key.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_expire("default", "greeting", 60) --> "OK""#,
                r#"redis.redis_expire("default", "nobody", 60) --> false"#,
            ],
        },
    },
    Command {
        name: "redis_exists",
        params: &[HANDLE, param("key", Shape::Keys)],
        action: read_over(Spread::Keys(Join::Sum), "EXISTS", Reply::Integer),
        doc: Doc {
            summary: "Counts which of some keys exist.",
            returns: "the number of keys that exist",
            notes: "A key that is named twice counts twice.",
            complexity: "O(n) for n keys",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_exists("default", "greeting", "nobody") --> 1"#,
            ],
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
            complexity: "O(n) for n keys; O(m) for a key that holds m elements",
            example: &[
                r#"redis.redis_mset("default", "greeting", "hello", "logins", 1) --> "OK""#,
                r#"redis.redis_del("default", "greeting") --> "OK", nil, 1"#,
                r#"redis.redis_del("default", { "greeting", "logins" }) --> "OK", nil, 1"#,
            ],
        },
    },
    Command {
        name: "redis_rename",
        params: &[HANDLE, param("old", Shape::Key), param("new", Shape::Key)],
        action: write("RENAME", Reply::Ok),
        doc: Doc {
            summary: "Renames a key, replacing what has the new name.",
            returns: "`\"OK\"`",
            notes: "A missing key is `nil, \"ERR no such key\"`.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_set("default", "{job}:new", "welcome") --> "OK""#,
                r#"redis.redis_rename("default", "{job}:new", "{job}:done") --> "OK""#,
                r#"redis.redis_rename("default", "{job}:new", "{job}:done") --> nil, "ERR no such key""#,
            ],
        },
    },
    Command {
        name: "redis_keys",
        params: &[HANDLE, param("pattern", Shape::Text)],
        action: read_over(Spread::Masters(Join::Concat), "KEYS", Reply::Strings),
        doc: Doc {
            summary: "Lists the keys that match a pattern, in no particular order.",
            returns: "an array of strings, empty when no key matches",
            notes: "In a pattern `*` stands for any bytes, `?` for one, `[a-z]` for one of a class, and `\\` takes the \
                next byte as it is. The server answers nobody else while it looks at all of its keys: with many of them \
                use `redis_scan`.",
            complexity: "O(n) for n keys in the database",
            example: &[
                r#"redis.redis_mset("default", "greeting", "hello", "logins", 1) --> "OK""#,
                r#"redis.redis_keys("default", "greet*") --> { "greeting" }"#,
            ],
        },
    },
    Command {
        name: "redis_scan",
        params: &[HANDLE, param("cursor", Shape::PoolCursor), MATCH, COUNT],
        action: Action::Special(Special::Scan),
        doc: Doc {
            summary: "Lists keys step by step, so that others are served in between.",
            returns: "`{ cursor = number, keys = array of strings }`",
            notes: "Begin with the cursor `0` and go on with the cursor of the result until that is `0`. A step may give \
                no keys at all, or keys that another step gave. A key that is there from beginning to end is given at \
                least once. `match` is a pattern as of `redis_keys`, `count` about how many keys to look at in a step. \
                On a cluster one cursor goes over all masters. It is always masters that are asked, never replicas: a \
                cursor means nothing to another server, so after a failover begin anew.",
            complexity: "O(1) a step; O(n) for the n keys of all steps",
            example: &[
                r#"redis.redis_mset("default", "session:1", "ann", "session:2", "bob", "logins", 1) --> "OK""#,
                r#"local cursor, found = 0, {}"#,
                r#"repeat"#,
                r#"  local step = assert(redis.redis_scan("default", cursor, "session:*", 100))"#,
                r#"  for _, key in ipairs(step.keys) do found[key] = true end"#,
                r#"  cursor = step.cursor"#,
                r#"until cursor == 0"#,
                r#"found --> { ["session:1"] = true, ["session:2"] = true }"#,
            ],
        },
    },
    Command {
        name: "redis_scan_iter",
        params: &[HANDLE, MATCH, COUNT],
        action: Action::Special(Special::ScanIterator),
        doc: Doc {
            summary: "Goes over keys in a `for` loop, fetching them step by step.",
            returns: "an iterator, which gives one key after the other",
            notes: "What holds for `redis_scan` holds here: a key that is there from beginning to end comes at least \
                once, and may come again. A loop has no place for an error: when a step fails, the loop raises a Lua \
                error with the reason, which `pcall` around the loop catches. The body of the loop may call Redis.",
            complexity: "O(1) a step; O(n) for the n keys of all steps",
            example: &[
                r#"redis.redis_mset("default", "session:1", "ann", "session:2", "bob", "logins", 1) --> "OK""#,
                r#"local found = {}"#,
                r#"for key in redis.redis_scan_iter("default", "session:*") do"#,
                r#"  found[key] = redis.redis_get("default", key)"#,
                r#"end"#,
                r#"found --> { ["session:1"] = "ann", ["session:2"] = "bob" }"#,
            ],
        },
    },
    Command {
        name: "redis_pexpire",
        params: &[HANDLE, KEY, param("milliseconds", Shape::Integer)],
        action: write("PEXPIRE", Reply::OkOrFalse),
        doc: Doc {
            summary: "Lets a key expire after some milliseconds.",
            returns: "`\"OK\"`, or `false` when there is no such key",
            notes: "Zero or negative milliseconds remove the key.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_pexpire("default", "greeting", 60000) --> "OK""#,
            ],
        },
    },
    Command {
        name: "redis_expireat",
        params: &[HANDLE, KEY, param("time", Shape::Integer)],
        action: write("EXPIREAT", Reply::OkOrFalse),
        doc: Doc {
            summary: "Lets a key expire at a time.",
            returns: "`\"OK\"`, or `false` when there is no such key",
            notes: "The time is Unix time in seconds; one in the past removes the key.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_expireat("default", "greeting", 4102444800) --> "OK""#,
            ],
        },
    },
    Command {
        name: "redis_ttl",
        params: &[HANDLE, KEY],
        action: read("TTL", Reply::Integer),
        doc: Doc {
            summary: "Tells how long a key has left.",
            returns: "seconds, `-1` for a key that does not expire, `-2` when there is no such key",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello", 60) --> "OK""#,
                r#"redis.redis_ttl("default", "greeting") --> 60 (about)"#,
                r#"redis.redis_ttl("default", "nobody") --> -2"#,
            ],
        },
    },
    Command {
        name: "redis_pttl",
        params: &[HANDLE, KEY],
        action: read("PTTL", Reply::Integer),
        doc: Doc {
            summary: "Tells how long a key has left, in milliseconds.",
            returns: "milliseconds, `-1` for a key that does not expire, `-2` when there is no such key",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_pttl("default", "greeting") --> -1"#,
            ],
        },
    },
    Command {
        name: "redis_persist",
        params: &[HANDLE, KEY],
        action: write("PERSIST", Reply::Boolean),
        doc: Doc {
            summary: "Lets a key stay that would expire.",
            returns: "`true`, or `false` when there is no such key or it does not expire",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello", 60) --> "OK""#,
                r#"redis.redis_persist("default", "greeting") --> true"#,
                r#"redis.redis_persist("default", "greeting") --> false"#,
            ],
        },
    },
    Command {
        name: "redis_type",
        params: &[HANDLE, KEY],
        action: read("TYPE", Reply::String),
        doc: Doc {
            summary: "Tells what a key holds.",
            returns: "`\"string\"`, `\"hash\"`, `\"set\"`, `\"zset\"`, `\"list\"`, `\"stream\"`, or `\"none\"` when there is no such key",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_hset("default", "session", "user", "ann") --> 1"#,
                r#"redis.redis_type("default", "session") --> "hash""#,
            ],
        },
    },
    Command {
        name: "redis_unlink",
        params: &[HANDLE, param("key", Shape::Keys)],
        action: write_over(Spread::Keys(Join::Sum), "UNLINK", Reply::OkAndNumber),
        doc: Doc {
            summary: "Removes keys, and frees their memory in the background.",
            returns: "`\"OK\"`, whether the keys were there or not",
            notes: "The third result is the number of keys removed.",
            complexity: "O(1) for each key",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_unlink("default", "greeting", "nobody") --> "OK", nil, 1"#,
            ],
        },
    },
    Command {
        name: "redis_touch",
        params: &[HANDLE, param("key", Shape::Keys)],
        action: read_over(Spread::Keys(Join::Sum), "TOUCH", Reply::Integer),
        doc: Doc {
            summary: "Marks keys as used just now, for servers that evict what was not used long.",
            returns: "the number of keys that exist",
            notes: "",
            complexity: "O(n) for n keys",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_touch("default", "greeting", "nobody") --> 1"#,
            ],
        },
    },
    Command {
        name: "redis_copy",
        params: &[
            HANDLE,
            param("source", Shape::Key),
            param("destination", Shape::Key),
            param("options", Shape::Options(COPY_OPTIONS)),
        ],
        action: write("COPY", Reply::Boolean),
        doc: Doc {
            summary: "Copies a key with its value and its expiry.",
            returns: "`true`, or `false` when there is no source, or the destination is there",
            notes: "",
            complexity: "O(n) for a value of n elements",
            example: &[
                r#"redis.redis_set("default", "{job}:a", "welcome") --> "OK""#,
                r#"redis.redis_copy("default", "{job}:a", "{job}:b") --> true"#,
                r#"redis.redis_copy("default", "{job}:a", "{job}:b") --> false"#,
                r#"redis.redis_copy("default", "{job}:a", "{job}:b", { replace = true }) --> true"#,
            ],
        },
    },
];
