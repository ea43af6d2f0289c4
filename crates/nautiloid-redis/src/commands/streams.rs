//! Streams: entries with ids that only grow, each with fields and values, under one key.

use super::{COUNT, Choice, Command, Doc, HANDLE, KEY, Param, Reply, Shape, Takes, choice, flag, param, read, write};

const START: Param = param("start", Shape::Text);
const STOP: Param = param("stop", Shape::Text);

/// Which entries stay. `approximate` goes between the name and the value of the other.
const TRIM: &[Choice] = &[
    flag("approximate", "~", "").about("lets a few more stay, which is much faster"),
    choice("maxlen", "MAXLEN", Takes::Count, "threshold").about("how many entries may stay"),
    choice("minid", "MINID", Takes::Text, "threshold").about("the least id that may stay"),
];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_xadd",
        params: &[HANDLE, KEY, param("id", Shape::Text), param("field, value", Shape::Pairs)],
        action: write("XADD", Reply::String),
        doc: Doc {
            summary: "Adds an entry to a stream.",
            returns: "the id of the entry, a string: milliseconds since 1970 and a number, as in `\"1700000000000-0\"`",
            notes: "The id `\"*\"` is the next one by the server's clock, and `\"5-*\"` the next one that begins with `5`. \
                An id that is not greater than the last one is an error. The order of fields is kept when they are \
                given in turn; a table has none.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_xadd("default", "events", "1-1", "user", "ann", "what", "login") --> "1-1""#,
                r#"redis.redis_xadd("default", "events", "1-*", { user = "bob" }) --> "1-2""#,
                r#"local id = redis.redis_xadd("default", "events", "*", { user = "cid" })"#,
                r#"redis.redis_xlen("default", "events") --> 3"#,
            ],
        },
    },
    Command {
        name: "redis_xlen",
        params: &[HANDLE, KEY],
        action: read("XLEN", Reply::Integer),
        doc: Doc {
            summary: "Counts the entries of a stream.",
            returns: "the number of entries, `0` when there is no such key",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_xadd("default", "events", "1-1", { user = "ann" }) --> "1-1""#,
                r#"redis.redis_xlen("default", "events") --> 1"#,
            ],
        },
    },
    Command {
        name: "redis_xrange",
        params: &[HANDLE, KEY, START, STOP, COUNT],
        action: read("XRANGE", Reply::Entries),
        doc: Doc {
            summary: "Reads entries of a stream by their ids, the oldest first.",
            returns: "an array of `{ id = string, fields = table field → string }`, empty when there are none",
            notes: "`\"-\"` is the least id and `\"+\"` the greatest; both ends are part of the range. To go on behind an \
                entry begin with `\"(\" .. id`: that leaves the id itself out. An id without its second part is all \
                entries of that millisecond.",
            complexity: "O(n) for n entries read",
            example: &[
                r#"redis.redis_xadd("default", "events", "1-1", { user = "ann" }) --> "1-1""#,
                r#"redis.redis_xadd("default", "events", "2-1", { user = "bob" }) --> "2-1""#,
                r#"redis.redis_xrange("default", "events", "-", "+", 1) --> { { id = "1-1", fields = { user = "ann" } } }"#,
                r#"redis.redis_xrange("default", "events", "(1-1", "+") --> { { id = "2-1", fields = { user = "bob" } } }"#,
            ],
        },
    },
    Command {
        name: "redis_xrevrange",
        params: &[HANDLE, KEY, STOP, START, COUNT],
        action: read("XREVRANGE", Reply::Entries),
        doc: Doc {
            summary: "Reads entries of a stream by their ids, the newest first.",
            returns: "an array of `{ id = string, fields = table field → string }`, empty when there are none",
            notes: "As `redis_xrange`, and the greater id comes first.",
            complexity: "O(n) for n entries read",
            example: &[
                r#"redis.redis_xadd("default", "events", "1-1", { user = "ann" }) --> "1-1""#,
                r#"redis.redis_xadd("default", "events", "2-1", { user = "bob" }) --> "2-1""#,
                r#"redis.redis_xrevrange("default", "events", "+", "-", 1) --> { { id = "2-1", fields = { user = "bob" } } }"#,
            ],
        },
    },
    Command {
        name: "redis_xdel",
        params: &[HANDLE, KEY, param("id", Shape::Texts)],
        action: write("XDEL", Reply::Integer),
        doc: Doc {
            summary: "Removes entries of a stream.",
            returns: "the number of entries removed",
            notes: "The stream stays when its last entry goes, and with it the last id.",
            complexity: "O(1) for each entry",
            example: &[
                r#"redis.redis_xadd("default", "events", "1-1", { user = "ann" }) --> "1-1""#,
                r#"redis.redis_xdel("default", "events", "1-1", "2-1") --> 1"#,
            ],
        },
    },
    Command {
        name: "redis_xtrim",
        params: &[HANDLE, KEY, param("options", Shape::Trim(TRIM))],
        action: write("XTRIM", Reply::Integer),
        doc: Doc {
            summary: "Removes the oldest entries of a stream.",
            returns: "the number of entries removed",
            notes: "There must be one of `maxlen` and `minid`.",
            complexity: "O(n) for n entries removed",
            example: &[
                r#"redis.redis_xadd("default", "events", "1-1", { user = "ann" }) --> "1-1""#,
                r#"redis.redis_xadd("default", "events", "2-1", { user = "bob" }) --> "2-1""#,
                r#"redis.redis_xadd("default", "events", "3-1", { user = "cid" }) --> "3-1""#,
                r#"redis.redis_xtrim("default", "events", { maxlen = 2 }) --> 1"#,
                r#"redis.redis_xtrim("default", "events", { minid = "3-1" }) --> 1"#,
                r#"redis.redis_xtrim("default", "events", { maxlen = 1000, approximate = true }) --> 0"#,
            ],
        },
    },
];
