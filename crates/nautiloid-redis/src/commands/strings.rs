//! Plain values.

use super::{
    Choice, Command, Doc, HANDLE, Join, KEY, Reply, Shape, Spread, Takes, choice, flag, param, read, read_over, write,
    write_over,
};

/// The options of `SET`.
const SET_OPTIONS: &[Choice] = &[
    choice("ex", "EX", Takes::Positive, "expiry").about("lets the key expire after so many seconds"),
    choice("px", "PX", Takes::Positive, "expiry").about("lets the key expire after so many milliseconds"),
    choice("exat", "EXAT", Takes::Positive, "expiry").about("lets the key expire at a Unix time in seconds"),
    choice("pxat", "PXAT", Takes::Positive, "expiry").about("lets the key expire at a Unix time in milliseconds"),
    flag("keepttl", "KEEPTTL", "expiry").about("keeps the expiry that the key has"),
    flag("nx", "NX", "condition").about("sets only a key that is not there"),
    flag("xx", "XX", "condition").about("sets only a key that is there"),
    flag("get", "GET", "").about("gives the value that was there before; it must be a string"),
];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_set",
        params: &[
            HANDLE,
            KEY,
            param("value", Shape::Value),
            param("seconds | options", Shape::Expiration(SET_OPTIONS)),
        ],
        action: write("SET", Reply::Optional),
        doc: Doc {
            summary: "Stores a value under a key.",
            returns: "`\"OK\"`; with `get`, the value that was there before; `nil, nil` when `nx` or `xx` was not met, or \
                `get` found nothing",
            notes: "Without an expiry, or with `0` seconds, the key does not expire.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello", 3600) --> "OK""#,
                r#"redis.redis_set("default", "lock", "host-1", { nx = true, px = 500 }) --> "OK""#,
                r#"redis.redis_set("default", "lock", "host-2", { nx = true, px = 500 }) --> nil"#,
            ],
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
            complexity: "O(1)",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_get("default", "greeting") --> "hello""#,
                r#"redis.redis_get("default", "nobody") --> nil, "redis: nil""#,
            ],
        },
    },
    Command {
        name: "redis_incr",
        params: &[HANDLE, KEY],
        action: write("INCR", Reply::Plain),
        doc: Doc {
            summary: "Adds one to the integer stored under a key.",
            returns: "the new number",
            notes: "A missing key counts as `0`.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_incr("default", "logins") --> 1"#,
                r#"redis.redis_incr("default", "logins") --> 2"#,
            ],
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
            complexity: "O(n) for n keys",
            example: &[
                r#"redis.redis_mset("default", { greeting = "hello", logins = 1 }) --> "OK""#,
                r#"redis.redis_mget("default", "greeting", "logins", "nobody") --> { greeting = "hello", logins = "1" }"#,
            ],
        },
    },
    Command {
        name: "redis_mset",
        params: &[HANDLE, param("key, value", Shape::KeyPairs)],
        action: write_over(Spread::Keys(Join::Same), "MSET", Reply::Plain),
        doc: Doc {
            summary: "Stores values under several keys, which do not expire.",
            returns: "`\"OK\"`",
            notes: "On a cluster it is one `MSET` a slot: not atomic, and an error may come after some keys are set.",
            complexity: "O(n) for n keys",
            example: &[
                r#"redis.redis_mset("default", "greeting", "hello", "logins", 1) --> "OK""#,
                r#"redis.redis_mset("default", { greeting = "hello", logins = 1 }) --> "OK""#,
            ],
        },
    },
];
