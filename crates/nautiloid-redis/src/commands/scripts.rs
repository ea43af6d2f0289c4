//! Scripts that run inside Redis.

use super::{Action, Command, Doc, HANDLE, Reply, Shape, Special, param, read};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "redis_upload_script",
        params: &[HANDLE, param("script", Shape::Source), param("name", Shape::Text)],
        action: Action::Special(Special::UploadScript),
        doc: Doc {
            summary: "Loads a script into Redis and remembers it under a name, for every script on every worker.",
            returns: "the SHA-1 of the script, 40 hexadecimal digits",
            notes: "When the server cannot be reached the error says so and the script is remembered all the same: it \
                is loaded when it is first run. An init script is the place for it.",
            complexity: "O(n) for a script of n bytes",
            example: &[
                r#"redis.redis_upload_script("default", "return ARGV[1]", "echo") --> "098e0f0d1448c0a81dafe820f66d460eb09263da""#,
            ],
        },
    },
    Command {
        name: "redis_run_script",
        params: &[
            HANDLE,
            param("script", Shape::Source),
            param("name", Shape::Source),
            param("keys", Shape::KeyList),
            param("args", Shape::ValueList),
        ],
        action: Action::Special(Special::RunScript),
        doc: Doc {
            summary: "Runs a script inside Redis: the source given, or one uploaded before by its name.",
            returns: "the script's reply: numbers, strings, and arrays of them, nested as they are",
            notes: "Give either `script` or `name` and `\"\"` for the other. A server that has lost an uploaded script \
                (it was restarted) gets it again, unseen by the caller. A reply of nil or false is \
                `nil, \"redis: nil\"`. On a cluster a script without keys runs on any master.",
            complexity: "that of the script",
            example: &[
                r#"redis.redis_upload_script("default", "return ARGV[1]", "echo") --> "098e0f0d1448c0a81dafe820f66d460eb09263da""#,
                r#"redis.redis_run_script("default", "", "echo", {}, { "hello" }) --> "hello""#,
                r#"redis.redis_run_script("default", "return { KEYS[1], 2 }", "", { "greeting" }, {}) --> { "greeting", 2 }"#,
            ],
        },
    },
    Command {
        name: "redis_eval_ro",
        params: &[HANDLE, param("script", Shape::Text), param("keys", Shape::KeyList), param("args", Shape::ValueList)],
        action: read("EVAL_RO", Reply::Plain),
        doc: Doc {
            summary: "Runs a script inside Redis that only reads.",
            returns: "the script's reply: numbers, strings, and arrays of them, nested as they are",
            notes: "A command that writes is an error inside the script. A pool that reads from replicas runs it there. A reply of nil or false is `nil, \"redis: nil\"`. It needs Redis 7.",
            complexity: "that of the script",
            example: &[
                r#"redis.redis_set("default", "greeting", "hello") --> "OK""#,
                r#"redis.redis_eval_ro("default", "return redis.call('GET', KEYS[1])", { "greeting" }) --> "hello""#,
            ],
        },
    },
];
