//! Plain values.

use super::{
    Choice, Command, Doc, HANDLE, Join, KEY, Reply, Shape, Spread, Takes, choice, flag, param, read, read_over, write,
    write_over,
};

const EX: Choice = choice("ex", "EX", Takes::Positive, "expiry").about("lets the key expire after so many seconds");
const PX: Choice =
    choice("px", "PX", Takes::Positive, "expiry").about("lets the key expire after so many milliseconds");
const EXAT: Choice =
    choice("exat", "EXAT", Takes::Positive, "expiry").about("lets the key expire at a Unix time in seconds");
const PXAT: Choice =
    choice("pxat", "PXAT", Takes::Positive, "expiry").about("lets the key expire at a Unix time in milliseconds");

/// The options of `SET`.
const SET_OPTIONS: &[Choice] = &[
    EX,
    PX,
    EXAT,
    PXAT,
    flag("keepttl", "KEEPTTL", "expiry").about("keeps the expiry that the key has"),
    flag("nx", "NX", "condition").about("sets only a key that is not there"),
    flag("xx", "XX", "condition").about("sets only a key that is there"),
    flag("get", "GET", "").about("gives the value that was there before; it must be a string"),
];

/// The options of `GETEX`.
const GETEX_OPTIONS: &[Choice] = &[EX, PX, EXAT, PXAT, flag("persist", "PERSIST", "expiry").about("lets the key stay")];

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
        action: write("INCR", Reply::Integer),
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
        action: write_over(Spread::Keys(Join::Same), "MSET", Reply::Ok),
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
    Command {
        name: "redis_incrby",
        params: &[HANDLE, KEY, param("increment", Shape::Integer)],
        action: write("INCRBY", Reply::Integer),
        doc: Doc {
            summary: "Adds an integer to the one stored under a key.",
            returns: "the new number",
            notes: "A missing key counts as `0`.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_incrby("default", "points", 5) --> 5"#,
                r#"redis.redis_incrby("default", "points", -2) --> 3"#,
            ],
        },
    },
    Command {
        name: "redis_incrbyfloat",
        params: &[HANDLE, KEY, param("increment", Shape::Number)],
        action: write("INCRBYFLOAT", Reply::Float),
        doc: Doc {
            summary: "Adds a number to the one stored under a key.",
            returns: "the new number",
            notes: "A missing key counts as `0`.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_incrbyfloat("default", "score", 1.5) --> 1.5"#,
                r#"redis.redis_incrbyfloat("default", "score", -0.25) --> 1.25"#,
            ],
        },
    },
    Command {
        name: "redis_decr",
        params: &[HANDLE, KEY],
        action: write("DECR", Reply::Integer),
        doc: Doc {
            summary: "Subtracts one from the integer stored under a key.",
            returns: "the new number",
            notes: "A missing key counts as `0`.",
            complexity: "O(1)",
            example: &[r#"redis.redis_decr("default", "tokens") --> -1"#],
        },
    },
    Command {
        name: "redis_decrby",
        params: &[HANDLE, KEY, param("decrement", Shape::Integer)],
        action: write("DECRBY", Reply::Integer),
        doc: Doc {
            summary: "Subtracts an integer from the one stored under a key.",
            returns: "the new number",
            notes: "A missing key counts as `0`.",
            complexity: "O(1)",
            example: &[r#"redis.redis_decrby("default", "tokens", 5) --> -5"#],
        },
    },
    Command {
        name: "redis_append",
        params: &[HANDLE, KEY, param("value", Shape::Value)],
        action: write("APPEND", Reply::Integer),
        doc: Doc {
            summary: "Appends to the value of a key.",
            returns: "the length of the whole in bytes",
            notes: "A missing key counts as empty.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_append("default", "log", "one ") --> 4"#,
                r#"redis.redis_append("default", "log", "two") --> 7"#,
                r#"redis.redis_get("default", "log") --> "one two""#,
            ],
        },
    },
    Command {
        name: "redis_strlen",
        params: &[HANDLE, KEY],
        action: read("STRLEN", Reply::Integer),
        doc: Doc {
            summary: "Tells how long the value of a key is.",
            returns: "the length in bytes, `0` when there is no such key",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_strlen("default", "greeting") --> 5"#,
            ],
        },
    },
    Command {
        name: "redis_getrange",
        params: &[HANDLE, KEY, param("start", Shape::Integer), param("stop", Shape::Integer)],
        action: read("GETRANGE", Reply::String),
        doc: Doc {
            summary: "Reads a part of the value of a key.",
            returns: "the part, `\"\"` when there is nothing",
            notes: "Positions begin with `0`, both are part of it, and negative ones count from the end.",
            complexity: "O(n) for n bytes",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_getrange("default", "greeting", 1, 3) --> "ell""#,
                r#"redis.redis_getrange("default", "greeting", -2, -1) --> "lo""#,
            ],
        },
    },
    Command {
        name: "redis_setrange",
        params: &[HANDLE, KEY, param("offset", Shape::Integer), param("value", Shape::Value)],
        action: write("SETRANGE", Reply::Integer),
        doc: Doc {
            summary: "Overwrites a part of the value of a key.",
            returns: "the length of the whole in bytes",
            notes: "What is missing before the offset is filled with zero bytes.",
            complexity: "O(1) for short values",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_setrange("default", "greeting", 1, "a") --> 5"#,
                r#"redis.redis_get("default", "greeting") --> "hallo""#,
            ],
        },
    },
    Command {
        name: "redis_setnx",
        params: &[HANDLE, KEY, param("value", Shape::Value)],
        action: write("SETNX", Reply::Boolean),
        doc: Doc {
            summary: "Stores a value under a key that is not there.",
            returns: "`true`, or `false` when the key was there",
            notes: "With an expiry, use `redis_set` with the options `nx` and `ex`.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_setnx("default", "owner", "host-1") --> true"#,
                r#"redis.redis_setnx("default", "owner", "host-2") --> false"#,
            ],
        },
    },
    Command {
        name: "redis_getdel",
        params: &[HANDLE, KEY, param("type", Shape::ReplyType)],
        action: write("GETDEL", Reply::Text),
        doc: Doc {
            summary: "Reads the value of a key and removes the key.",
            returns: "the string, or what `type` asks for",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_getdel("default", "greeting") --> "hello""#,
                r#"redis.redis_getdel("default", "greeting") --> nil, "redis: nil""#,
            ],
        },
    },
    Command {
        name: "redis_getex",
        params: &[HANDLE, KEY, param("options", Shape::Options(GETEX_OPTIONS))],
        action: write("GETEX", Reply::Text),
        doc: Doc {
            summary: "Reads the value of a key and changes when it expires.",
            returns: "the string",
            notes: "Without options it only reads.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_getex("default", "greeting", { ex = 60 }) --> "hello""#,
                r#"redis.redis_ttl("default", "greeting") --> 60 (about)"#,
                r#"redis.redis_getex("default", "greeting", { persist = true }) --> "hello""#,
                r#"redis.redis_ttl("default", "greeting") --> -1"#,
            ],
        },
    },
];
