//! Hashes: fields and values under one key.

use super::{COUNT, CURSOR, Command, Doc, FIELD, HANDLE, KEY, MATCH, Reply, Shape, param, read, step, write};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_hget",
        params: &[HANDLE, KEY, FIELD, param("type", Shape::ReplyType)],
        action: read("HGET", Reply::Text),
        doc: Doc {
            summary: "Reads one field of a hash.",
            returns: "the string, or what `type` asks for",
            notes: "A missing key or field is `nil, \"redis: nil\"`.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_hset("default", "session", "user", "ann") --> 1"#,
                r#"redis.redis_hget("default", "session", "user") --> "ann""#,
                r#"redis.redis_hget("default", "session", "tries", "number") --> nil, "redis: nil""#,
            ],
        },
    },
    Command {
        name: "redis_hset",
        params: &[HANDLE, KEY, param("field, value", Shape::Pairs)],
        action: write("HSET", Reply::Integer),
        doc: Doc {
            summary: "Sets fields of a hash.",
            returns: "the number of fields that are new",
            notes: "",
            complexity: "O(n) for n fields",
            example: &[
                r#"redis.redis_hset("default", "session", "user", "ann", "tries", 1) --> 2"#,
                r#"redis.redis_hset("default", "session", { user = "ann", tries = 2 }) --> 0"#,
            ],
        },
    },
    Command {
        name: "redis_hdel",
        params: &[HANDLE, KEY, param("field", Shape::Texts)],
        action: write("HDEL", Reply::Integer),
        doc: Doc {
            summary: "Removes fields of a hash.",
            returns: "the number of fields removed",
            notes: "",
            complexity: "O(n) for n fields",
            example: &[
                r#"redis.redis_hset("default", "session", { user = "ann", tries = 2 }) --> 2"#,
                r#"redis.redis_hdel("default", "session", "tries", "nothing") --> 1"#,
            ],
        },
    },
    Command {
        name: "redis_hlen",
        params: &[HANDLE, KEY],
        action: read("HLEN", Reply::Integer),
        doc: Doc {
            summary: "Counts the fields of a hash.",
            returns: "the number of fields, `0` when there is no such key",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_hset("default", "session", { user = "ann", tries = 2 }) --> 2"#,
                r#"redis.redis_hlen("default", "session") --> 2"#,
            ],
        },
    },
    Command {
        name: "redis_hgetall",
        params: &[HANDLE, KEY],
        action: read("HGETALL", Reply::Map),
        doc: Doc {
            summary: "Reads a whole hash.",
            returns: "a table field → string, empty when there is no such key",
            notes: "",
            complexity: "O(n) for a hash of n fields",
            example: &[
                r#"redis.redis_hset("default", "session", { user = "ann", tries = 2 }) --> 2"#,
                r#"redis.redis_hgetall("default", "session") --> { user = "ann", tries = "2" }"#,
            ],
        },
    },
    Command {
        name: "redis_hincrby",
        params: &[HANDLE, KEY, FIELD, param("increment", Shape::Integer)],
        action: write("HINCRBY", Reply::Integer),
        doc: Doc {
            summary: "Adds an integer to a field of a hash.",
            returns: "the new number",
            notes: "A missing field counts as `0`.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_hincrby("default", "session", "tries", 2) --> 2"#,
                r#"redis.redis_hincrby("default", "session", "tries", -1) --> 1"#,
            ],
        },
    },
    Command {
        name: "redis_hincrbyfloat",
        params: &[HANDLE, KEY, FIELD, param("increment", Shape::Number)],
        action: write("HINCRBYFLOAT", Reply::Float),
        doc: Doc {
            summary: "Adds a number to a field of a hash.",
            returns: "the new number",
            notes: "A missing field counts as `0`.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_hincrbyfloat("default", "session", "score", 1.5) --> 1.5"#,
                r#"redis.redis_hincrbyfloat("default", "session", "score", -0.25) --> 1.25"#,
            ],
        },
    },
    Command {
        name: "redis_hexists",
        params: &[HANDLE, KEY, FIELD],
        action: read("HEXISTS", Reply::Boolean),
        doc: Doc {
            summary: "Tells whether a hash has a field.",
            returns: "`true` or `false`",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_hset("default", "session", "user", "ann") --> 1"#,
                r#"redis.redis_hexists("default", "session", "user") --> true"#,
            ],
        },
    },
    Command {
        name: "redis_hmget",
        params: &[HANDLE, KEY, param("field", Shape::Texts)],
        action: read("HMGET", Reply::ByArgument),
        doc: Doc {
            summary: "Reads some fields of a hash.",
            returns: "a table field → string, without the fields that are missing",
            notes: "",
            complexity: "O(n) for n fields",
            example: &[
                r#"redis.redis_hset("default", "session", { user = "ann", tries = 2 }) --> 2"#,
                r#"redis.redis_hmget("default", "session", "user", "nothing") --> { user = "ann" }"#,
            ],
        },
    },
    Command {
        name: "redis_hsetnx",
        params: &[HANDLE, KEY, FIELD, param("value", Shape::Value)],
        action: write("HSETNX", Reply::Boolean),
        doc: Doc {
            summary: "Sets a field of a hash that is not there.",
            returns: "`true`, or `false` when the field was there",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_hsetnx("default", "session", "user", "ann") --> true"#,
                r#"redis.redis_hsetnx("default", "session", "user", "bob") --> false"#,
            ],
        },
    },
    Command {
        name: "redis_hkeys",
        params: &[HANDLE, KEY],
        action: read("HKEYS", Reply::Strings),
        doc: Doc {
            summary: "Lists the fields of a hash, in no particular order.",
            returns: "an array of strings, empty when there is no such key",
            notes: "",
            complexity: "O(n) for n fields",
            example: &[
                r#"redis.redis_hset("default", "session", { user = "ann", tries = 2 }) --> 2"#,
                r#"redis.redis_hkeys("default", "session") --> { "user", "tries" } (in any order)"#,
            ],
        },
    },
    Command {
        name: "redis_hvals",
        params: &[HANDLE, KEY],
        action: read("HVALS", Reply::Strings),
        doc: Doc {
            summary: "Lists the values of a hash, in no particular order.",
            returns: "an array of strings, empty when there is no such key",
            notes: "",
            complexity: "O(n) for n fields",
            example: &[
                r#"redis.redis_hset("default", "session", { user = "ann", tries = 2 }) --> 2"#,
                r#"redis.redis_hvals("default", "session") --> { "ann", "2" } (in any order)"#,
            ],
        },
    },
    Command {
        name: "redis_hstrlen",
        params: &[HANDLE, KEY, FIELD],
        action: read("HSTRLEN", Reply::Integer),
        doc: Doc {
            summary: "Tells how long the value of a field is.",
            returns: "the length in bytes, `0` when there is no such key or field",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_hset("default", "session", { user = "ann", tries = 2 }) --> 2"#,
                r#"redis.redis_hstrlen("default", "session", "user") --> 3"#,
            ],
        },
    },
    Command {
        name: "redis_hscan",
        params: &[HANDLE, KEY, CURSOR, MATCH, COUNT],
        action: step("HSCAN", Reply::ScanMap),
        doc: Doc {
            summary: "Reads a hash step by step, so that others are served in between.",
            returns: "`{ cursor = number, fields = table field → string }`",
            notes: "Begin with the cursor `0` and go on with the cursor of the result until that is `0`. A field that is there from beginning to end is given at least once.",
            complexity: "O(1) a step; O(n) for the n fields of all steps",
            example: &[
                r#"redis.redis_hset("default", "session", { user = "ann", tries = 2 }) --> 2"#,
                r#"redis.redis_hscan("default", "session", 0, "us*", 100) --> { cursor = 0, fields = { user = "ann" } }"#,
            ],
        },
    },
];
