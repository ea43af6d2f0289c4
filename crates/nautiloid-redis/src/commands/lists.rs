//! Lists: elements in the order in which they were put under one key.

use super::{Choice, Command, Doc, HANDLE, KEY, Param, Reply, Shape, Takes, choice, param, read, write};

const INDEX: Param = param("index", Shape::Integer);
const START: Param = param("start", Shape::Integer);
const STOP: Param = param("stop", Shape::Integer);
const COUNT: Param = param("count", Shape::OptionalInteger);
const VALUE: Param = param("value", Shape::Value);
const VALUES: Param = param("value", Shape::Values);
const ENDS: Shape = Shape::Word(&["left", "right"]);

/// Which elements `redis_lpos` looks for.
const POSITION: &[Choice] = &[
    choice("rank", "RANK", Takes::Integer, "")
        .about("begins with that match: `2` is the second, `-1` the last one, going backwards"),
    choice("count", "COUNT", Takes::Count, "").about("gives so many matches as an array; `0` all"),
    choice("maxlen", "MAXLEN", Takes::Count, "").about("looks at no more than so many elements; `0` all"),
];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_lpush",
        params: &[HANDLE, KEY, VALUES],
        action: write("LPUSH", Reply::Integer),
        doc: Doc {
            summary: "Puts elements at the start of a list, one after the other: the last one given comes to be the first.",
            returns: "the length of the list",
            notes: "",
            complexity: "O(1) for each element",
            example: &[
                r#"redis.redis_lpush("default", "jobs", "a", "b") --> 2"#,
                r#"redis.redis_lpush("default", "jobs", { "c" }) --> 3"#,
                r#"redis.redis_lrange("default", "jobs", 0, -1) --> { "c", "b", "a" }"#,
            ],
        },
    },
    Command {
        name: "redis_rpush",
        params: &[HANDLE, KEY, VALUES],
        action: write("RPUSH", Reply::Integer),
        doc: Doc {
            summary: "Puts elements at the end of a list.",
            returns: "the length of the list",
            notes: "",
            complexity: "O(1) for each element",
            example: &[
                r#"redis.redis_rpush("default", "jobs", "a", "b") --> 2"#,
                r#"redis.redis_lrange("default", "jobs", 0, -1) --> { "a", "b" }"#,
            ],
        },
    },
    Command {
        name: "redis_lpushx",
        params: &[HANDLE, KEY, VALUES],
        action: write("LPUSHX", Reply::Integer),
        doc: Doc {
            summary: "Puts elements at the start of a list that there is already.",
            returns: "the length of the list, `0` when there is no such key",
            notes: "",
            complexity: "O(1) for each element",
            example: &[
                r#"redis.redis_lpushx("default", "jobs", "a") --> 0"#,
                r#"redis.redis_rpush("default", "jobs", "b") --> 1"#,
                r#"redis.redis_lpushx("default", "jobs", "a") --> 2"#,
            ],
        },
    },
    Command {
        name: "redis_rpushx",
        params: &[HANDLE, KEY, VALUES],
        action: write("RPUSHX", Reply::Integer),
        doc: Doc {
            summary: "Puts elements at the end of a list that there is already.",
            returns: "the length of the list, `0` when there is no such key",
            notes: "",
            complexity: "O(1) for each element",
            example: &[
                r#"redis.redis_rpushx("default", "jobs", "a") --> 0"#,
                r#"redis.redis_rpush("default", "jobs", "a") --> 1"#,
                r#"redis.redis_rpushx("default", "jobs", "b") --> 2"#,
            ],
        },
    },
    Command {
        name: "redis_lpop",
        params: &[HANDLE, KEY, COUNT],
        action: write("LPOP", Reply::StringOrStrings),
        doc: Doc {
            summary: "Removes the first element of a list, or so many of them, and gives them.",
            returns: "the element; with `count` an array of at most so many",
            notes: "A missing key is `nil, \"redis: nil\"`.",
            complexity: "O(n) for n elements",
            example: &[
                r#"redis.redis_rpush("default", "jobs", "a", "b", "c") --> 3"#,
                r#"redis.redis_lpop("default", "jobs") --> "a""#,
                r#"redis.redis_lpop("default", "jobs", 5) --> { "b", "c" }"#,
                r#"redis.redis_lpop("default", "jobs") --> nil, "redis: nil""#,
            ],
        },
    },
    Command {
        name: "redis_rpop",
        params: &[HANDLE, KEY, COUNT],
        action: write("RPOP", Reply::StringOrStrings),
        doc: Doc {
            summary: "Removes the last element of a list, or so many of them, and gives them, the last one first.",
            returns: "the element; with `count` an array of at most so many",
            notes: "A missing key is `nil, \"redis: nil\"`.",
            complexity: "O(n) for n elements",
            example: &[
                r#"redis.redis_rpush("default", "jobs", "a", "b", "c") --> 3"#,
                r#"redis.redis_rpop("default", "jobs") --> "c""#,
                r#"redis.redis_rpop("default", "jobs", 5) --> { "b", "a" }"#,
            ],
        },
    },
    Command {
        name: "redis_llen",
        params: &[HANDLE, KEY],
        action: read("LLEN", Reply::Integer),
        doc: Doc {
            summary: "Counts the elements of a list.",
            returns: "the number of elements, `0` when there is no such key",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_rpush("default", "jobs", "a", "b") --> 2"#,
                r#"redis.redis_llen("default", "jobs") --> 2"#,
            ],
        },
    },
    Command {
        name: "redis_lrange",
        params: &[HANDLE, KEY, START, STOP],
        action: read("LRANGE", Reply::Strings),
        doc: Doc {
            summary: "Reads a part of a list.",
            returns: "an array of elements, empty when there are none",
            notes: "`0` is the first element, `-1` the last; `stop` is part of the range.",
            complexity: "O(s + n) for n elements, of which the first is s away from the nearer end",
            example: &[
                r#"redis.redis_rpush("default", "jobs", "a", "b", "c") --> 3"#,
                r#"redis.redis_lrange("default", "jobs", 0, 1) --> { "a", "b" }"#,
                r#"redis.redis_lrange("default", "jobs", -2, -1) --> { "b", "c" }"#,
            ],
        },
    },
    Command {
        name: "redis_lindex",
        params: &[HANDLE, KEY, INDEX],
        action: read("LINDEX", Reply::String),
        doc: Doc {
            summary: "Reads one element of a list.",
            returns: "the element",
            notes: "`0` is the first element, `-1` the last. Where there is no element it is `nil, \"redis: nil\"`.",
            complexity: "O(n) for n elements on the way from the nearer end; O(1) for the first and the last",
            example: &[
                r#"redis.redis_rpush("default", "jobs", "a", "b", "c") --> 3"#,
                r#"redis.redis_lindex("default", "jobs", 0) --> "a""#,
                r#"redis.redis_lindex("default", "jobs", -1) --> "c""#,
                r#"redis.redis_lindex("default", "jobs", 3) --> nil, "redis: nil""#,
            ],
        },
    },
    Command {
        name: "redis_lpos",
        params: &[HANDLE, KEY, VALUE, param("options", Shape::Options(POSITION))],
        action: read("LPOS", Reply::Plain),
        doc: Doc {
            summary: "Finds where in a list a value is.",
            returns: "the index, `0` for the first element; with the option `count` an array of indices",
            notes: "Without `count`, a value that is not there is `nil, \"redis: nil\"`.",
            complexity: "O(n) for n elements looked at",
            example: &[
                r#"redis.redis_rpush("default", "jobs", "a", "b", "a") --> 3"#,
                r#"redis.redis_lpos("default", "jobs", "a") --> 0"#,
                r#"redis.redis_lpos("default", "jobs", "a", { rank = -1 }) --> 2"#,
                r#"redis.redis_lpos("default", "jobs", "a", { count = 0 }) --> { 0, 2 }"#,
            ],
        },
    },
    Command {
        name: "redis_linsert",
        params: &[HANDLE, KEY, param("where", Shape::Word(&["before", "after"])), param("pivot", Shape::Value), VALUE],
        action: write("LINSERT", Reply::Integer),
        doc: Doc {
            summary: "Puts an element before or after the first one that is `pivot`.",
            returns: "the length of the list, `-1` when `pivot` is not there, `0` when there is no such key",
            notes: "",
            complexity: "O(n) for n elements up to `pivot`",
            example: &[
                r#"redis.redis_rpush("default", "jobs", "a", "c") --> 2"#,
                r#"redis.redis_linsert("default", "jobs", "before", "c", "b") --> 3"#,
                r#"redis.redis_lrange("default", "jobs", 0, -1) --> { "a", "b", "c" }"#,
            ],
        },
    },
    Command {
        name: "redis_lset",
        params: &[HANDLE, KEY, INDEX, VALUE],
        action: write("LSET", Reply::Ok),
        doc: Doc {
            summary: "Replaces one element of a list.",
            returns: "`\"OK\"`",
            notes: "`0` is the first element, `-1` the last. Where there is no element it is \
                `nil, \"ERR index out of range\"`, without the key `nil, \"ERR no such key\"`.",
            complexity: "O(n) for a list of n elements; O(1) for the first and the last",
            example: &[
                r#"redis.redis_rpush("default", "jobs", "a", "b") --> 2"#,
                r#"redis.redis_lset("default", "jobs", -1, "c") --> "OK""#,
                r#"redis.redis_lrange("default", "jobs", 0, -1) --> { "a", "c" }"#,
            ],
        },
    },
    Command {
        name: "redis_lrem",
        params: &[HANDLE, KEY, param("count", Shape::Integer), VALUE],
        action: write("LREM", Reply::Integer),
        doc: Doc {
            summary: "Removes the elements of a list that are a value.",
            returns: "the number of elements removed",
            notes: "A positive `count` removes the first so many, a negative one the last, `0` all.",
            complexity: "O(n + m) for a list of n elements, m of them removed",
            example: &[
                r#"redis.redis_rpush("default", "jobs", "a", "b", "a") --> 3"#,
                r#"redis.redis_lrem("default", "jobs", -1, "a") --> 1"#,
                r#"redis.redis_lrange("default", "jobs", 0, -1) --> { "a", "b" }"#,
            ],
        },
    },
    Command {
        name: "redis_ltrim",
        params: &[HANDLE, KEY, START, STOP],
        action: write("LTRIM", Reply::Ok),
        doc: Doc {
            summary: "Keeps a part of a list and removes all else.",
            returns: "`\"OK\"`",
            notes: "`0` is the first element, `-1` the last; `stop` is part of what is kept. The key goes with its last \
                element.",
            complexity: "O(n) for n elements removed",
            example: &[
                r#"redis.redis_rpush("default", "jobs", "a", "b", "c") --> 3"#,
                r#"redis.redis_ltrim("default", "jobs", -2, -1) --> "OK""#,
                r#"redis.redis_lrange("default", "jobs", 0, -1) --> { "b", "c" }"#,
            ],
        },
    },
    Command {
        name: "redis_lmove",
        params: &[
            HANDLE,
            param("source", Shape::Key),
            param("destination", Shape::Key),
            param("from", ENDS),
            param("to", ENDS),
        ],
        action: write("LMOVE", Reply::String),
        doc: Doc {
            summary: "Moves an element from an end of a list to an end of another, or of the same.",
            returns: "the element",
            notes: "A missing `source` is `nil, \"redis: nil\"`.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_rpush("default", "{jobs}:waiting", "a", "b") --> 2"#,
                r#"redis.redis_lmove("default", "{jobs}:waiting", "{jobs}:running", "left", "right") --> "a""#,
                r#"redis.redis_lrange("default", "{jobs}:running", 0, -1) --> { "a" }"#,
            ],
        },
    },
];
