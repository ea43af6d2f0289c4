//! The rules, declared: their names, how bad it is to break them, and what people are told about them.

use crate::level::Level;

/// A rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name: `unknown-function`.
    pub name: &'static str,
    /// How bad it is to break it.
    pub level: Level,
    /// What it finds, in a sentence or two.
    pub about: &'static str,
    /// A line of a script that breaks it.
    pub wrong: &'static str,
    /// The same as it should be.
    pub right: &'static str,
}

const fn error(name: &'static str, about: &'static str, wrong: &'static str, right: &'static str) -> Rule {
    Rule { name, level: Level::Error, about, wrong, right }
}

const fn warning(name: &'static str, about: &'static str, wrong: &'static str, right: &'static str) -> Rule {
    Rule { name, level: Level::Warning, about, wrong, right }
}

/// Every rule.
pub const RULES: &[&Rule] = &[
    &SYNTAX,
    &UNKNOWN_MODULE,
    &UNKNOWN_FUNCTION,
    &REMOVED,
    &UNKNOWN_GLOBAL,
    &ACCIDENTAL_GLOBAL,
    &READ_ONLY,
    &ARGUMENT_COUNT,
    &ARGUMENT_TYPE,
    &NOT_A_HANDLE,
    &UNKNOWN_POOL,
    &UNKNOWN_SCRIPT,
    &OPTION,
    &ODD_PAIRS,
    &UNKNOWN_COMMAND,
    &NEGATIVE_EXPIRY,
    &UNCHECKED_RESULT,
    &IGNORED_ERROR,
    &WAITS_IN_CALLBACK,
    &UNKNOWN_RULE,
];

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

pub(crate) static SYNTAX: Rule = error(
    "syntax",
    "The file is no Lua that LuaJIT reads. Nothing else is looked for in it, and it cannot be ignored.",
    "if count > 3 than",
    "if count > 3 then",
);

pub(crate) static UNKNOWN_MODULE: Rule = error(
    "unknown-module",
    "`require` or `dynamic_loader` of a module that is neither built in nor found on `package_path`.",
    r#"local redis = require("nautilus_redis")"#,
    r#"local redis = require("nauthilus_redis")"#,
);

pub(crate) static UNKNOWN_FUNCTION: Rule = error(
    "unknown-function",
    "A module, a library or a handle has nothing of that name.",
    r#"redis.redis_hgetal("default", key)"#,
    r#"redis.redis_hgetall("default", key)"#,
);

pub(crate) static REMOVED: Rule = error(
    "removed",
    "Something of Lua that scripts have not here, such as `io` and `os.execute`. The message says what to do instead.",
    r#"io.write("hello")"#,
    r#"print("hello")"#,
);

pub(crate) static UNKNOWN_GLOBAL: Rule = error(
    "unknown-global",
    "A global is read that nothing in the file sets. Testing for one (`if x then`, `x or y`, `type(x)`) is fine.",
    "return requst.client_ip",
    "return request.client_ip",
);

pub(crate) static ACCIDENTAL_GLOBAL: Rule = error(
    "accidental-global",
    "An assignment sets a global: mostly a `local` is missing. Functions at the top level of a file may be global, and \
     `_G.name = value` says that it is meant.",
    "count = 1",
    "local count = 1",
);

pub(crate) static READ_ONLY: Rule = error(
    "read-only",
    "Modules and libraries are shared by all requests and cannot be changed.",
    "function string.trim(s) end",
    "local function trim(s) end",
);

pub(crate) static ARGUMENT_COUNT: Rule = error(
    "argument-count",
    "A call has fewer arguments than the function needs, or more than it takes.",
    r#"redis.redis_expire("default", key)"#,
    r#"redis.redis_expire("default", key, 60)"#,
);

pub(crate) static ARGUMENT_TYPE: Rule = error(
    "argument-type",
    "An argument is of a type, or has a value, that the function does not take.",
    r#"redis.redis_get("default", { "key" })"#,
    r#"redis.redis_get("default", "key")"#,
);

pub(crate) static NOT_A_HANDLE: Rule = error(
    "not-a-handle",
    "The first argument is the name of a pool. Only `\"default\"` may be given by its name.",
    r#"redis.redis_get("sessions", key)"#,
    r#"redis.redis_get(assert(redis.get_redis_connection("sessions")), key)"#,
);

pub(crate) static UNKNOWN_POOL: Rule = error(
    "unknown-pool",
    "With `--config`: `get_redis_connection` names a pool that neither an init script nor a file checked registers.",
    r#"redis.get_redis_connection("sesions")"#,
    r#"redis.get_redis_connection("sessions")"#,
);

pub(crate) static UNKNOWN_SCRIPT: Rule = error(
    "unknown-script",
    "With `--config`: `redis_run_script` names a script that the configuration does not name, and that neither an init \
     script nor a file checked uploads.",
    r#"redis.redis_run_script("default", "", "count_up", { key })"#,
    r#"redis.redis_run_script("default", "", "count_in_window", { key })"#,
);

pub(crate) static OPTION: Rule = error(
    "option",
    "A table of options has one that does not exist, one with a value it does not take, or two that exclude each other.",
    r#"redis.redis_set("default", key, 1, { expire = 60 })"#,
    r#"redis.redis_set("default", key, 1, { ex = 60 })"#,
);

pub(crate) static ODD_PAIRS: Rule = error(
    "odd-pairs",
    "Fields and values, keys and values, or members and scores come in pairs, and one is missing.",
    r#"redis.redis_hset("default", key, "user", "ann", "tries")"#,
    r#"redis.redis_hset("default", key, "user", "ann", "tries", 1)"#,
);

pub(crate) static UNKNOWN_COMMAND: Rule = error(
    "unknown-command",
    "A list of commands, of a pipeline or a transaction, has one that does not exist or cannot be in such a list.",
    r#"redis.redis_pipeline("default", "write", { { "sett", key, 1 } })"#,
    r#"redis.redis_pipeline("default", "write", { { "set", key, 1 } })"#,
);

pub(crate) static NEGATIVE_EXPIRY: Rule = error(
    "negative-expiry",
    "An expiry of less than no seconds is refused.",
    r#"redis.redis_set("default", key, 1, -1)"#,
    r#"redis.redis_set("default", key, 1)"#,
);

pub(crate) static UNCHECKED_RESULT: Rule = error(
    "unchecked-result",
    "What a function gives may be nil, because Redis failed or because there is nothing, and the first thing done with it \
     fails on nil: arithmetic, `..`, `#`, an index, a comparison by size, `ipairs`. Mentioning the result or its `err` \
     anywhere before, in a test or as an argument, counts as a check.",
    r#"return "user " .. redis.redis_get("default", key)"#,
    r#"return "user " .. (redis.redis_get("default", key) or "nobody")"#,
);

pub(crate) static IGNORED_ERROR: Rule = warning(
    "ignored-error",
    "A call stands alone, so nobody learns whether it failed. `local _ = …` says that this is meant.",
    r#"redis.redis_set("default", key, 1)"#,
    r#"assert(redis.redis_set("default", key, 1))"#,
);

pub(crate) static WAITS_IN_CALLBACK: Rule = error(
    "waits-in-callback",
    "Inside the callbacks of `string.gsub`, `table.sort` and other C functions no function can wait for Redis.",
    r#"text:gsub("%w+", function(word) return redis.redis_get("default", word) end)"#,
    r#"text:gsub("%w+", values)"#,
);

pub(crate) static UNKNOWN_RULE: Rule = warning(
    "unknown-rule",
    "A comment `-- nautiloid: ignore` names no rule, or one that does not exist.",
    "-- nautiloid: ignore unchecked",
    "-- nautiloid: ignore unchecked-result",
);

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_there_once() {
        let mut names = HashSet::new();
        for rule in RULES {
            assert!(names.insert(rule.name), "{}", rule.name);
            assert!(rule.name.bytes().all(|c| c.is_ascii_lowercase() || c == b'-'), "{}", rule.name);
            assert!(rule.about.ends_with('.'), "{}", rule.name);
            assert_eq!(find(rule.name), Some(*rule));
        }
    }
}
