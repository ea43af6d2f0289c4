//! Sorted sets: members with a score each under one key, in the order of the scores.

use super::{
    COUNT, CURSOR, Choice, Command, Doc, HANDLE, KEY, LIMIT_COUNT, MATCH, OFFSET, Reply, Shape, flag, param, read,
    read_ending_with, step, write,
};

/// Which members `redis_zadd` touches, and what it counts.
const ADD: &[Choice] = &[
    flag("nx", "NX", "presence").about("leaves members alone that are there"),
    flag("xx", "XX", "presence").about("adds no members"),
    flag("gt", "GT", "comparison").about("changes a score only to a greater one"),
    flag("lt", "LT", "comparison").about("changes a score only to a lesser one"),
    flag("ch", "CH", "").about("counts the members with another score, too"),
];

/// What `min` and `max` of a range are, and which part of it is meant.
const RANGE: &[Choice] = &[
    flag("byscore", "BYSCORE", "order").about("takes `min` and `max` for scores"),
    flag("bylex", "BYLEX", "order").about("takes `min` and `max` for members: `\"[a\"`, `\"(b\"`, `\"-\"`, `\"+\"`"),
    flag("rev", "REV", "").about("goes from the highest score down"),
    OFFSET,
    LIMIT_COUNT,
];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_zadd",
        params: &[HANDLE, KEY, param("member, score", Shape::Scores(ADD))],
        action: write("ZADD", Reply::Integer),
        doc: Doc {
            summary: "Adds members to a sorted set, or gives them other scores.",
            returns: "the number of members that are new; with the option `ch` those with another score count, too",
            notes: "A score is a number, `math.huge` and `-math.huge` included.",
            complexity: "O(log n) for each member, in a set of n",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 }) --> 2"#,
                r#"redis.redis_zadd("default", "scores", "cid", 7, "bob", 13) --> 1"#,
                r#"redis.redis_zadd("default", "scores", { ann = 25, bob = 14 }, { gt = true, ch = true }) --> 1"#,
            ],
        },
    },
    Command {
        name: "redis_zrem",
        params: &[HANDLE, KEY, param("member", Shape::Values)],
        action: write("ZREM", Reply::Integer),
        doc: Doc {
            summary: "Removes members of a sorted set.",
            returns: "the number of members removed",
            notes: "",
            complexity: "O(m log n) for m members of n",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 }) --> 2"#,
                r#"redis.redis_zrem("default", "scores", "bob", "nobody") --> 1"#,
            ],
        },
    },
    Command {
        name: "redis_zcard",
        params: &[HANDLE, KEY],
        action: read("ZCARD", Reply::Integer),
        doc: Doc {
            summary: "Counts the members of a sorted set.",
            returns: "the number of members, `0` when there is no such key",
            notes: "",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 }) --> 2"#,
                r#"redis.redis_zcard("default", "scores") --> 2"#,
            ],
        },
    },
    Command {
        name: "redis_zcount",
        params: &[HANDLE, KEY, param("min", Shape::Bound), param("max", Shape::Bound)],
        action: read("ZCOUNT", Reply::Integer),
        doc: Doc {
            summary: "Counts the members whose scores are in a range.",
            returns: "the number of members",
            notes: "",
            complexity: "O(log n) in a set of n",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 }) --> 3"#,
                r#"redis.redis_zcount("default", "scores", 7, 20) --> 2"#,
                r#"redis.redis_zcount("default", "scores", "(7", "+inf") --> 2"#,
            ],
        },
    },
    Command {
        name: "redis_zscore",
        params: &[HANDLE, KEY, param("member", Shape::Value)],
        action: read("ZSCORE", Reply::Float),
        doc: Doc {
            summary: "Reads the score of a member.",
            returns: "the score, a number",
            notes: "A missing key or member is `nil, \"redis: nil\"`.",
            complexity: "O(1)",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 }) --> 2"#,
                r#"redis.redis_zscore("default", "scores", "bob") --> 12.5"#,
                r#"redis.redis_zscore("default", "scores", "nobody") --> nil, "redis: nil""#,
            ],
        },
    },
    Command {
        name: "redis_zmscore",
        params: &[HANDLE, KEY, param("member", Shape::Values)],
        action: read("ZMSCORE", Reply::NumberByArgument),
        doc: Doc {
            summary: "Reads the scores of some members.",
            returns: "a table member → score, without the members that are missing",
            notes: "",
            complexity: "O(n) for n members",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 }) --> 2"#,
                r#"redis.redis_zmscore("default", "scores", "ann", "nobody") --> { ann = 30 }"#,
            ],
        },
    },
    Command {
        name: "redis_zincrby",
        params: &[HANDLE, KEY, param("increment", Shape::Number), param("member", Shape::Value)],
        action: write("ZINCRBY", Reply::Float),
        doc: Doc {
            summary: "Adds a number to the score of a member.",
            returns: "the new score, a number",
            notes: "A missing member has the score `0`.",
            complexity: "O(log n) in a set of n",
            example: &[
                r#"redis.redis_zincrby("default", "scores", 2.5, "ann") --> 2.5"#,
                r#"redis.redis_zincrby("default", "scores", -1, "ann") --> 1.5"#,
            ],
        },
    },
    Command {
        name: "redis_zrank",
        params: &[HANDLE, KEY, param("member", Shape::Value)],
        action: read("ZRANK", Reply::Integer),
        doc: Doc {
            summary: "Tells how many members come before a member, from the lowest score.",
            returns: "the rank, `0` for the lowest score",
            notes: "Members with the same score are in the order of their bytes. A missing key or member is \
                `nil, \"redis: nil\"`.",
            complexity: "O(log n) in a set of n",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 }) --> 2"#,
                r#"redis.redis_zrank("default", "scores", "ann") --> 1"#,
                r#"redis.redis_zrank("default", "scores", "nobody") --> nil, "redis: nil""#,
            ],
        },
    },
    Command {
        name: "redis_zrevrank",
        params: &[HANDLE, KEY, param("member", Shape::Value)],
        action: read("ZREVRANK", Reply::Integer),
        doc: Doc {
            summary: "Tells how many members come before a member, from the highest score.",
            returns: "the rank, `0` for the highest score",
            notes: "A missing key or member is `nil, \"redis: nil\"`.",
            complexity: "O(log n) in a set of n",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 }) --> 2"#,
                r#"redis.redis_zrevrank("default", "scores", "ann") --> 0"#,
            ],
        },
    },
    Command {
        name: "redis_zrange",
        params: &[HANDLE, KEY, param("start", Shape::Integer), param("stop", Shape::Integer)],
        action: read("ZRANGE", Reply::Strings),
        doc: Doc {
            summary: "Reads members by their ranks, from the lowest score.",
            returns: "an array of members, empty when there are none",
            notes: "`0` is the first rank, `-1` the last; `stop` is part of the range.",
            complexity: "O(log n + m) in a set of n, for m members read",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 }) --> 3"#,
                r#"redis.redis_zrange("default", "scores", 0, 1) --> { "cid", "bob" }"#,
                r#"redis.redis_zrange("default", "scores", -1, -1) --> { "ann" }"#,
            ],
        },
    },
    Command {
        name: "redis_zrevrange",
        params: &[HANDLE, KEY, param("start", Shape::Integer), param("stop", Shape::Integer)],
        action: read("ZREVRANGE", Reply::Strings),
        doc: Doc {
            summary: "Reads members by their ranks, from the highest score.",
            returns: "an array of members, empty when there are none",
            notes: "`0` is the rank of the highest score, `-1` that of the lowest; `stop` is part of the range.",
            complexity: "O(log n + m) in a set of n, for m members read",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 }) --> 3"#,
                r#"redis.redis_zrevrange("default", "scores", 0, 1) --> { "ann", "bob" }"#,
            ],
        },
    },
    Command {
        name: "redis_zrange_withscores",
        params: &[HANDLE, KEY, param("start", Shape::Integer), param("stop", Shape::Integer)],
        action: read_ending_with("WITHSCORES", "ZRANGE", Reply::Scored),
        doc: Doc {
            summary: "Reads members and their scores by their ranks, from the lowest score.",
            returns: "an array of `{ member = string, score = number }`, empty when there are none",
            notes: "`0` is the first rank, `-1` the last; `stop` is part of the range.",
            complexity: "O(log n + m) in a set of n, for m members read",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 }) --> 3"#,
                r#"redis.redis_zrange_withscores("default", "scores", 0, 0) --> { { member = "cid", score = 7 } }"#,
            ],
        },
    },
    Command {
        name: "redis_zrevrange_withscores",
        params: &[HANDLE, KEY, param("start", Shape::Integer), param("stop", Shape::Integer)],
        action: read_ending_with("WITHSCORES", "ZREVRANGE", Reply::Scored),
        doc: Doc {
            summary: "Reads members and their scores by their ranks, from the highest score.",
            returns: "an array of `{ member = string, score = number }`, empty when there are none",
            notes: "`0` is the rank of the highest score, `-1` that of the lowest; `stop` is part of the range.",
            complexity: "O(log n + m) in a set of n, for m members read",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 }) --> 3"#,
                r#"redis.redis_zrevrange_withscores("default", "scores", 0, 0) --> { { member = "ann", score = 30 } }"#,
            ],
        },
    },
    Command {
        name: "redis_zrangebyscore",
        params: &[HANDLE, KEY, param("min", Shape::Bound), param("max", Shape::Bound), param("limit", Shape::Limit)],
        action: read("ZRANGEBYSCORE", Reply::Strings),
        doc: Doc {
            summary: "Reads the members whose scores are in a range, from the lowest score.",
            returns: "an array of members, empty when there are none",
            notes: "A negative `count` is all that are left.",
            complexity: "O(log n + m) in a set of n, for m members read or left out by `offset`",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 }) --> 3"#,
                r#"redis.redis_zrangebyscore("default", "scores", 10, math.huge) --> { "bob", "ann" }"#,
                r#"redis.redis_zrangebyscore("default", "scores", "-inf", "(30", { offset = 1, count = 1 }) --> { "bob" }"#,
                r#"redis.redis_zrangebyscore("default", "scores", "-inf", "+inf", 0, 1) --> { "cid" }"#,
            ],
        },
    },
    Command {
        name: "redis_zrevrangebyscore",
        params: &[HANDLE, KEY, param("max", Shape::Bound), param("min", Shape::Bound), param("limit", Shape::Limit)],
        action: read("ZREVRANGEBYSCORE", Reply::Strings),
        doc: Doc {
            summary: "Reads the members whose scores are in a range, from the highest score.",
            returns: "an array of members, empty when there are none",
            notes: "The greater bound comes first. A negative `count` is all that are left.",
            complexity: "O(log n + m) in a set of n, for m members read or left out by `offset`",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 }) --> 3"#,
                r#"redis.redis_zrevrangebyscore("default", "scores", 20, 0) --> { "bob", "cid" }"#,
                r#"redis.redis_zrevrangebyscore("default", "scores", "+inf", 0, { count = 1 }) --> { "ann" }"#,
            ],
        },
    },
    Command {
        name: "redis_zremrangebyscore",
        params: &[HANDLE, KEY, param("min", Shape::Bound), param("max", Shape::Bound)],
        action: write("ZREMRANGEBYSCORE", Reply::Integer),
        doc: Doc {
            summary: "Removes the members whose scores are in a range.",
            returns: "the number of members removed",
            notes: "",
            complexity: "O(log n + m) in a set of n, for m members removed",
            example: &[
                r#"redis.redis_zadd("default", "logins", { first = 100, second = 200, third = 300 }) --> 3"#,
                r#"redis.redis_zremrangebyscore("default", "logins", "-inf", "(300") --> 2"#,
            ],
        },
    },
    Command {
        name: "redis_zremrangebyrank",
        params: &[HANDLE, KEY, param("start", Shape::Integer), param("stop", Shape::Integer)],
        action: write("ZREMRANGEBYRANK", Reply::Integer),
        doc: Doc {
            summary: "Removes members by their ranks, from the lowest score.",
            returns: "the number of members removed",
            notes: "`0` is the first rank, `-1` the last; `stop` is part of the range.",
            complexity: "O(log n + m) in a set of n, for m members removed",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5, cid = 7 }) --> 3"#,
                r#"redis.redis_zremrangebyrank("default", "scores", 0, -2) --> 2"#,
                r#"redis.redis_zrange("default", "scores", 0, -1) --> { "ann" }"#,
            ],
        },
    },
    Command {
        name: "redis_zpopmin",
        params: &[HANDLE, KEY, param("count", Shape::OptionalInteger)],
        action: write("ZPOPMIN", Reply::Scored),
        doc: Doc {
            summary: "Removes the members with the lowest scores and gives them.",
            returns: "an array of `{ member = string, score = number }`, empty when there are none",
            notes: "One member when there is no `count`.",
            complexity: "O(m log n) for m members of n",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 }) --> 2"#,
                r#"redis.redis_zpopmin("default", "scores") --> { { member = "bob", score = 12.5 } }"#,
                r#"redis.redis_zpopmin("default", "scores", 5) --> { { member = "ann", score = 30 } }"#,
            ],
        },
    },
    Command {
        name: "redis_zpopmax",
        params: &[HANDLE, KEY, param("count", Shape::OptionalInteger)],
        action: write("ZPOPMAX", Reply::Scored),
        doc: Doc {
            summary: "Removes the members with the highest scores and gives them.",
            returns: "an array of `{ member = string, score = number }`, empty when there are none",
            notes: "One member when there is no `count`.",
            complexity: "O(m log n) for m members of n",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 }) --> 2"#,
                r#"redis.redis_zpopmax("default", "scores") --> { { member = "ann", score = 30 } }"#,
            ],
        },
    },
    Command {
        name: "redis_zrandmember",
        params: &[HANDLE, KEY, param("count", Shape::OptionalInteger)],
        action: read("ZRANDMEMBER", Reply::StringOrStrings),
        doc: Doc {
            summary: "Reads random members of a sorted set.",
            returns: "a member; with `count` an array of members, empty when there is no such key",
            notes: "A positive `count` gives so many different members, or all there are; a negative one gives as many \
                as it says, some of them more than once. Without `count` a missing key is `nil, \"redis: nil\"`.",
            complexity: "O(n) for n members read",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 }) --> 2"#,
                r#"redis.redis_zrandmember("default", "scores", 2) --> { "ann", "bob" } (in any order)"#,
                r#"redis.redis_zrandmember("default", "nothing") --> nil, "redis: nil""#,
            ],
        },
    },
    Command {
        name: "redis_zscan",
        params: &[HANDLE, KEY, CURSOR, MATCH, COUNT],
        action: step("ZSCAN", Reply::ScanScored),
        doc: Doc {
            summary: "Lists members and their scores step by step, so that others are served in between.",
            returns: "`{ cursor = number, members = array of { member = string, score = number } }`",
            notes: "Begin with the cursor `0` and go on with the cursor of the result until that is `0`. A member that \
                is there from beginning to end is given at least once. `match` is a pattern as of `redis_keys`, `count` \
                about how many members to look at in a step.",
            complexity: "O(1) a step; O(n) for the n members of all steps",
            example: &[
                r#"redis.redis_zadd("default", "scores", { ann = 30, bob = 12.5 }) --> 2"#,
                r#"redis.redis_zscan("default", "scores", 0, "a*") --> { cursor = 0, members = { { member = "ann", score = 30 } } }"#,
            ],
        },
    },
    Command {
        name: "redis_zrangestore",
        params: &[
            HANDLE,
            param("destination", Shape::Key),
            param("source", Shape::Key),
            param("min", Shape::Bound),
            param("max", Shape::Bound),
            param("options", Shape::Options(RANGE)),
        ],
        action: write("ZRANGESTORE", Reply::Integer),
        doc: Doc {
            summary: "Stores a range of a sorted set under another key, replacing what is there.",
            returns: "the number of members stored",
            notes: "`min` and `max` are ranks, of which `0` is the first and `-1` the last, unless an option says otherwise. \
                With `rev`, a range of scores or members begins with `max`. `offset` and `count` need `byscore` or \
                `bylex`.",
            complexity: "O(log n + m) in a set of n, for m members stored",
            example: &[
                r#"redis.redis_zadd("default", "{game}:scores", { ann = 30, bob = 12.5, cid = 7 }) --> 3"#,
                r#"redis.redis_zrangestore("default", "{game}:top", "{game}:scores", 0, 1, { rev = true }) --> 2"#,
                r#"redis.redis_zrange("default", "{game}:top", 0, -1) --> { "bob", "ann" }"#,
                r#"redis.redis_zrangestore("default", "{game}:low", "{game}:scores", 0, "(30", { byscore = true, count = 1 }) --> 1"#,
            ],
        },
    },
    Command {
        name: "redis_zunionstore",
        params: &[HANDLE, param("destination", Shape::Key), param("key", Shape::CountedKeys)],
        action: write("ZUNIONSTORE", Reply::Integer),
        doc: Doc {
            summary: "Stores the members of all of some sorted sets under another key, replacing what is there.",
            returns: "the number of members stored",
            notes: "The scores of a member are added. A set without scores can be one of them: each of its members has \
                the score `1`.",
            complexity: "O(n + m log m) for n members in all, m of them stored",
            example: &[
                r#"redis.redis_zadd("default", "{game}:monday", { ann = 3, bob = 1 }) --> 2"#,
                r#"redis.redis_zadd("default", "{game}:tuesday", { ann = 2, cid = 4 }) --> 2"#,
                r#"redis.redis_zunionstore("default", "{game}:week", "{game}:monday", "{game}:tuesday") --> 3"#,
                r#"redis.redis_zmscore("default", "{game}:week", "ann", "bob", "cid") --> { ann = 5, bob = 1, cid = 4 }"#,
            ],
        },
    },
    Command {
        name: "redis_zinterstore",
        params: &[HANDLE, param("destination", Shape::Key), param("key", Shape::CountedKeys)],
        action: write("ZINTERSTORE", Reply::Integer),
        doc: Doc {
            summary: "Stores the members that are in each of some sorted sets under another key, replacing what is there.",
            returns: "the number of members stored",
            notes: "The scores of a member are added. A set without scores can be one of them: each of its members has \
                the score `1`.",
            complexity: "O(n k + m log m) for the n members of the smallest of k sets, m of them stored",
            example: &[
                r#"redis.redis_zadd("default", "{game}:monday", { ann = 3, bob = 1 }) --> 2"#,
                r#"redis.redis_zadd("default", "{game}:tuesday", { ann = 2, cid = 4 }) --> 2"#,
                r#"redis.redis_zinterstore("default", "{game}:both", { "{game}:monday", "{game}:tuesday" }) --> 1"#,
                r#"redis.redis_zscore("default", "{game}:both", "ann") --> 5"#,
            ],
        },
    },
];
