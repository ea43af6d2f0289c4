//! The index of the reference: what holds for all functions, and all of them by group.

use std::fmt::Write;

use nautiloid_redis::commands::GROUPS;

use super::page::{ORIGIN, file_name};

pub(super) fn markdown() -> String {
    let mut page = format!("{ORIGIN}\n\n{INTRODUCTION}\n## Functions\n");
    for group in GROUPS {
        let file = file_name(group);
        let _ = write!(page, "\n### [{}]({file})\n\n{}\n\n| function | |\n|---|---|\n", group.title, group.about);
        for command in group.commands {
            let _ = writeln!(page, "| [`{0}`]({file}#{0}) | {1} |", command.name, command.doc.summary);
        }
    }
    page
}

const INTRODUCTION: &str = r#"# Reference of `nauthilus_redis`

```lua
local redis = require("nauthilus_redis")

local count, err = redis.redis_incr("default", "logins")
if not count then
  error(err)
end
```

The same is shown by `nautiloid help redis_incr` in the terminal. The other modules are in [modules.md](../modules.md).

## What holds for all functions

**Results.** Every function returns `result, err`. When all went well `err` is `nil`; on failure the result is `nil` and
`err` a string: Redis' own text when the server answered with an error, else a sentence that names the pool, its mode and
its address, and says whether the command may have run. An argument of the wrong type raises a Lua error, as Lua's own
functions do. The tables of errors name those that are a function's own; [errors.md](../errors.md) has all of them.

**handle** is `"default"`, the pool of the configuration's `[redis]` section, or what
[`get_redis_connection`](pools.md#get_redis_connection) gave. A handle has the functions that take one as its methods,
without `redis_`: `handle:get(key)` is `redis.redis_get(handle, key)`. Their errors count arguments from the first behind
the handle.

**Values** go to Redis byte for byte. Numbers are written as plain digits (`1e15` is `1000000000000000`, `0.1` is `0.1`),
`true` is `1` and `false` is `0`. A table or function where one value is expected is the error
`unable to convert Lua value of type table`. From Redis, strings are strings, integers are numbers.

**Forms.** In a syntax line `…` means that what is before it may come again, and `[, x]` may be left out. Where arguments
may come again there is a second form with a table of them: an array, or a table of pairs.

**Examples.** `--> x` says what a call gives. Each example begins with an empty database, and a test runs all of them
against the embedded store, Redis, Sentinel and Cluster.
"#;
