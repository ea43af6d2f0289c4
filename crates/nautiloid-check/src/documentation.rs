//! The page about the rules, written from their table.

use std::fmt::Write;

use crate::rules::RULES;

/// The page as Markdown: `docs/checking.md`.
pub fn markdown() -> String {
    let mut page = String::from(INTRODUCTION);
    page.push_str("\n| rule | level |\n|---|---|\n");
    for rule in RULES {
        let _ = writeln!(page, "| [`{}`](#{}) | {} |", rule.name, rule.name, rule.level);
    }
    for rule in RULES {
        let _ = write!(
            page,
            "\n### {}\n\n{}\n\n```lua\n{}\n-- instead:\n{}\n```\n",
            rule.name, rule.about, rule.wrong, rule.right
        );
    }
    page
}

const INTRODUCTION: &str = "\
<!-- Written from the table of rules in crates/nautiloid-check/src/rules.rs; a test keeps it true. -->

# Checking scripts

```console
$ nautiloid check hooks/
hooks/login.lua:12:9: error: 'redis_expire' takes 3 arguments, got 2: redis_expire(handle, key, seconds) [argument-count]
hooks/login.lua:20:3: warning: nobody looks whether 'redis_set' failed: check its results [ignored-error]
2 files: 1 error, 1 warning
```

`nautiloid check [FILE|DIR]…` reads scripts without running them and says what is wrong with them. Of a folder it takes every
`*.lua`, also in the folders below; without arguments, of the current one. It needs no Redis.

| exit code | |
|---|---|
| 0 | nothing was found |
| 1 | something was found |
| 2 | it could not check: a file or the configuration cannot be read |

`--level error` leaves warnings out; they are not counted then either. `--format json` gives an array of
`{\"file\", \"line\", \"column\", \"level\", \"rule\", \"message\"}`.

`--config nautiloid.toml` says where `require` finds modules and which pools and scripts are registered. Without it, `require` looks in
the folder of each script and in those above it, and in `lib` below each.

It would rather miss a mistake than blame a script that is right: it follows modules, functions and handles through local
variables that are set once, and says nothing about what it does not know for certain.

## Findings that are none

A comment says that a finding is meant, in the same line or alone in the line before. What follows the rules says why.

```lua
redis.redis_del(\"default\", key) -- nautiloid: ignore ignored-error: it expires anyway

-- nautiloid: ignore accidental-global, unknown-global
counter = helper(counter)
```

## Rules
";
