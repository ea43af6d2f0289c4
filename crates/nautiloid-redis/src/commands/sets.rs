//! Sets: members without order or repetition under one key.

use super::{COUNT, CURSOR, Command, Doc, HANDLE, KEY, MATCH, Reply, Shape, param, read, step, write};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_sadd",
        params: &[HANDLE, KEY, param("value", Shape::Values)],
        action: write("SADD", Reply::Integer),
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
        action: read("SMEMBERS", Reply::Strings),
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
        action: write("SREM", Reply::Integer),
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
        action: read("SCARD", Reply::Integer),
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
    Command {
        name: "redis_smismember",
        params: &[HANDLE, KEY, param("member", Shape::Texts)],
        action: read("SMISMEMBER", Reply::BooleanByArgument),
        doc: Doc {
            summary: "Tells which of some values are members of a set.",
            returns: "a table value → `true` or `false`",
            notes: "",
            complexity: "O(n) for n values",
            example: &[
                r#"redis.redis_sadd("default", "seen", "192.0.2.1") --> 1"#,
                r#"redis.redis_smismember("default", "seen", "192.0.2.1", "192.0.2.2") --> { ["192.0.2.1"] = true, ["192.0.2.2"] = false }"#,
            ],
        },
    },
    Command {
        name: "redis_spop",
        params: &[HANDLE, KEY, param("count", Shape::OptionalInteger)],
        action: write("SPOP", Reply::StringOrStrings),
        doc: Doc {
            summary: "Takes members out of a set at random.",
            returns: "a member; with a count an array of up to so many",
            notes: "A missing key is `nil, \"redis: nil\"`; with a count an empty array.",
            complexity: "O(1); O(n) for n members",
            example: &[
                r#"redis.redis_sadd("default", "codes", "A1") --> 1"#,
                r#"redis.redis_spop("default", "codes") --> "A1""#,
                r#"redis.redis_spop("default", "codes") --> nil, "redis: nil""#,
                r#"redis.redis_spop("default", "codes", 2) --> {}"#,
            ],
        },
    },
    Command {
        name: "redis_srandmember",
        params: &[HANDLE, KEY, param("count", Shape::OptionalInteger)],
        action: read("SRANDMEMBER", Reply::StringOrStrings),
        doc: Doc {
            summary: "Reads members of a set at random.",
            returns: "a member; with a count an array of up to so many",
            notes: "With a negative count there are as many as that, and a member may come more than once. A missing key is `nil, \"redis: nil\"`; with a count an empty array.",
            complexity: "O(1); O(n) for n members",
            example: &[
                r#"redis.redis_sadd("default", "codes", "A1", "B2") --> 2"#,
                r#"redis.redis_srandmember("default", "codes", 5) --> { "A1", "B2" } (in any order)"#,
            ],
        },
    },
    Command {
        name: "redis_smove",
        params: &[HANDLE, param("source", Shape::Key), param("destination", Shape::Key), param("member", Shape::Value)],
        action: write("SMOVE", Reply::Boolean),
        doc: Doc {
            summary: "Moves a member from one set to another.",
            returns: "`true`, or `false` when it was no member of the source",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_sadd("default", "{fruit}:a", "apple", "pear") --> 2"#,
                r#"redis.redis_smove("default", "{fruit}:a", "{fruit}:b", "apple") --> true"#,
                r#"redis.redis_smembers("default", "{fruit}:b") --> { "apple" }"#,
            ],
        },
    },
    Command {
        name: "redis_sinter",
        params: &[HANDLE, param("key", Shape::Keys)],
        action: read("SINTER", Reply::Strings),
        doc: Doc {
            summary: "Reads what is in all of some sets.",
            returns: "an array of strings, in no particular order",
            notes: "A missing key counts as empty.",
            complexity: "O(n·m) for the smallest set of n members and m sets",
            example: &[
                r#"redis.redis_sadd("default", "{fruit}:a", "apple", "pear") --> 2"#,
                r#"redis.redis_sadd("default", "{fruit}:b", "pear", "plum") --> 2"#,
                r#"redis.redis_sinter("default", "{fruit}:a", "{fruit}:b") --> { "pear" }"#,
            ],
        },
    },
    Command {
        name: "redis_sunion",
        params: &[HANDLE, param("key", Shape::Keys)],
        action: read("SUNION", Reply::Strings),
        doc: Doc {
            summary: "Reads what is in any of some sets.",
            returns: "an array of strings, in no particular order",
            notes: "",
            complexity: "O(n) for n members of all sets",
            example: &[
                r#"redis.redis_sadd("default", "{fruit}:a", "apple", "pear") --> 2"#,
                r#"redis.redis_sadd("default", "{fruit}:b", "pear", "plum") --> 2"#,
                r#"redis.redis_sunion("default", "{fruit}:a", "{fruit}:b") --> { "apple", "pear", "plum" } (in any order)"#,
            ],
        },
    },
    Command {
        name: "redis_sdiff",
        params: &[HANDLE, param("key", Shape::Keys)],
        action: read("SDIFF", Reply::Strings),
        doc: Doc {
            summary: "Reads what is in the first of some sets and in no other.",
            returns: "an array of strings, in no particular order",
            notes: "",
            complexity: "O(n) for n members of all sets",
            example: &[
                r#"redis.redis_sadd("default", "{fruit}:a", "apple", "pear") --> 2"#,
                r#"redis.redis_sadd("default", "{fruit}:b", "pear", "plum") --> 2"#,
                r#"redis.redis_sdiff("default", "{fruit}:a", "{fruit}:b") --> { "apple" }"#,
            ],
        },
    },
    Command {
        name: "redis_sinterstore",
        params: &[HANDLE, param("destination", Shape::Key), param("key", Shape::Keys)],
        action: write("SINTERSTORE", Reply::Integer),
        doc: Doc {
            summary: "Stores what is in all of some sets as a set.",
            returns: "the number of its members",
            notes: "A destination that is there is replaced; an empty set is no key.",
            complexity: "O(n·m) for the smallest set of n members and m sets",
            example: &[
                r#"redis.redis_sadd("default", "{fruit}:a", "apple", "pear") --> 2"#,
                r#"redis.redis_sadd("default", "{fruit}:b", "pear", "plum") --> 2"#,
                r#"redis.redis_sinterstore("default", "{fruit}:both", "{fruit}:a", "{fruit}:b") --> 1"#,
            ],
        },
    },
    Command {
        name: "redis_sunionstore",
        params: &[HANDLE, param("destination", Shape::Key), param("key", Shape::Keys)],
        action: write("SUNIONSTORE", Reply::Integer),
        doc: Doc {
            summary: "Stores what is in any of some sets as a set.",
            returns: "the number of its members",
            notes: "A destination that is there is replaced; an empty set is no key.",
            complexity: "O(n) for n members of all sets",
            example: &[
                r#"redis.redis_sadd("default", "{fruit}:a", "apple", "pear") --> 2"#,
                r#"redis.redis_sadd("default", "{fruit}:b", "pear", "plum") --> 2"#,
                r#"redis.redis_sunionstore("default", "{fruit}:all", { "{fruit}:a", "{fruit}:b" }) --> 3"#,
            ],
        },
    },
    Command {
        name: "redis_sdiffstore",
        params: &[HANDLE, param("destination", Shape::Key), param("key", Shape::Keys)],
        action: write("SDIFFSTORE", Reply::Integer),
        doc: Doc {
            summary: "Stores what is in the first of some sets and in no other as a set.",
            returns: "the number of its members",
            notes: "A destination that is there is replaced; an empty set is no key.",
            complexity: "O(n) for n members of all sets",
            example: &[
                r#"redis.redis_sadd("default", "{fruit}:a", "apple", "pear") --> 2"#,
                r#"redis.redis_sadd("default", "{fruit}:b", "pear", "plum") --> 2"#,
                r#"redis.redis_sdiffstore("default", "{fruit}:rest", "{fruit}:a", "{fruit}:b") --> 1"#,
            ],
        },
    },
    Command {
        name: "redis_sscan",
        params: &[HANDLE, KEY, CURSOR, MATCH, COUNT],
        action: step("SSCAN", Reply::ScanMembers),
        doc: Doc {
            summary: "Reads a set step by step, so that others are served in between.",
            returns: "`{ cursor = number, members = array of strings }`",
            notes: "Begin with the cursor `0` and go on with the cursor of the result until that is `0`. A member that is there from beginning to end is given at least once.",
            complexity: "O(1) a step; O(n) for the n members of all steps",
            example: &[
                r#"redis.redis_sadd("default", "seen", "192.0.2.1", "198.51.100.1") --> 2"#,
                r#"redis.redis_sscan("default", "seen", 0, "192.*") --> { cursor = 0, members = { "192.0.2.1" } }"#,
            ],
        },
    },
];
