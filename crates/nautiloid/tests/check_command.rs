//! The command line of `nautiloid check`: files, folders, formats, exit codes, and each rule's own examples.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::process::Output;

use nautiloid_check::rules::RULES;
use serde_json::{Value, json};
use support::{Site, nautiloid, stderr, stdout};

fn check(site: &Site, arguments: &[&str]) -> Output {
    nautiloid().arg("check").args(arguments).current_dir(site.path("")).output().unwrap()
}

const WRONG: &str = "local redis = require('nauthilus_redis')\nlocal é = 'é', redis.redis_get('default')\n\
                     redis.redis_set('default', 'k', é)\n";

#[test]
fn findings_are_written_as_compilers_do() {
    let site = Site::new().file("a.lua", WRONG).file("b.lua", "return 1");
    let output = check(&site, &["a.lua", "b.lua"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stdout(&output),
        "a.lua:2:22: error: 'redis_get' takes 2 to 3 arguments, got 1: redis_get(handle, key[, type]) [argument-count]\n\
         a.lua:3:7: warning: nobody looks whether 'redis_set' failed: check its results [ignored-error]\n\
         2 files: 1 error, 1 warning\n"
    );
}

#[test]
fn warnings_can_be_left_out() {
    let site = Site::new().file("a.lua", "require('nauthilus_redis').redis_set('default', 'k', 1)");
    let output = check(&site, &["--level", "error"]);
    assert_eq!((stdout(&output).as_str(), output.status.code()), ("1 file: 0 errors, 0 warnings\n", Some(0)));
    assert_eq!(check(&site, &["--level", "warning"]).status.code(), Some(1));
}

#[test]
fn findings_are_json_when_asked_for() {
    let site = Site::new().file("a.lua", "\n  x = 1").file("b.lua", "return 1");
    let output = check(&site, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let message = "sets the global 'x': write local, or _G.x if that is meant";
    let finding = json!({
        "file": "a.lua", "line": 2, "column": 3, "level": "error", "rule": "accidental-global", "message": message,
    });
    assert_eq!(serde_json::from_str::<Value>(&stdout(&output)).unwrap(), json!([finding]));
    let output = check(&site, &["--format", "json", "b.lua"]);
    assert_eq!((stdout(&output).trim(), output.status.code()), ("[]", Some(0)));
}

#[test]
fn folders_are_searched_for_scripts() {
    let site = Site::new();
    for folder in ["sub/deep", ".hidden"] {
        std::fs::create_dir_all(site.path(folder)).unwrap();
    }
    let site = site
        .file("z.lua", "x = 1")
        .file("sub/deep/a.lua", "x = 1")
        .file("sub/readme.txt", "x = 1")
        .file(".hidden/b.lua", "x = 1");
    let files = |arguments: &[&str]| {
        let lines = stdout(&check(&site, arguments));
        lines.lines().filter_map(|line| line.split_once(':')).map(|(file, _)| file.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(files(&[]), ["sub/deep/a.lua", "z.lua", "2 files"]);
    assert_eq!(files(&["sub"]), ["sub/deep/a.lua", "1 file"]);
    assert_eq!(files(&["z.lua", "sub/", "z.lua"]), ["z.lua", "sub/deep/a.lua", "2 files"]);
    assert_eq!(files(&["sub/readme.txt"]), ["sub/readme.txt", "1 file"]);
}

#[test]
fn what_cannot_be_read_is_exit_code_2() {
    let site = Site::new().file("bad.toml", "[lua]\npackage_pat = []\n");
    for (arguments, problem) in [
        (&["nothing.lua"][..], "cannot read nothing.lua"),
        (&["--config", "nothing.toml"], "nothing.toml"),
        (&["--config", "bad.toml"], "package_pat"),
        (&["--format", "xml"], "invalid value 'xml'"),
    ] {
        let output = check(&site, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(problem), "{}", stderr(&output));
    }
}

#[test]
fn modules_are_found_where_the_configuration_says() {
    let site = Site::new();
    std::fs::create_dir_all(site.path("modules")).unwrap();
    let site = site
        .file("nautiloid.toml", "[lua]\npackage_path = [\"modules/?.lua\"]\n")
        .file("modules/mine.lua", "return {}")
        .file("a.lua", "return require('mine')");
    assert_eq!(check(&site, &["a.lua"]).status.code(), Some(1));
    let output = check(&site, &["a.lua", "--config", "nautiloid.toml"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
}

#[test]
fn bytes_of_any_kind_and_first_lines_for_the_shell_are_read() {
    let site = Site::new().file("a.lua", "#!/usr/bin/env nautiloid\nlocal s = '\u{fffd}'\nx = s\n");
    std::fs::write(site.path("b.lua"), b"\xEF\xBB\xBFlocal s = '\xff\xfe' x = s\n").unwrap();
    let output = stdout(&check(&site, &[]));
    assert!(output.contains("a.lua:3:1: error: sets the global 'x'"), "{output}");
    assert!(output.contains("b.lua:1:16: error: sets the global 'x'"), "{output}");
}

/// Nothing of what can be nested or repeated without end exhausts the checker.
#[test]
fn scripts_of_any_depth_are_checked() {
    let deep = [
        format!("return {}1{}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("return {}", "a + ".repeat(100_000) + "a"),
        format!("return {}", "a .. ".repeat(100_000) + "a"),
        format!("return {}1", "-".repeat(99_999).replace("--", "- ")),
        format!("return f{}", "()".repeat(100_000)),
        format!("return t{}", ".x".repeat(100_000)),
        format!("return {}{}", "{".repeat(100_000), "}".repeat(100_000)),
        format!("{}{}", "do ".repeat(100_000), "end ".repeat(100_000)),
        format!("return {}", "a ? b : ".repeat(1_000) + "c"),
        format!("return {}", "x -> ".repeat(100_000) + "x"),
        "if ".repeat(100_000),
    ];
    for text in deep {
        let site = Site::new().file("a.lua", &text);
        let output = check(&site, &["a.lua"]);
        assert_eq!(output.status.code(), Some(1), "{}: {}", &text[..20], stderr(&output));
    }
}

/// What a rule's documentation shows as wrong is found by that rule, and what it shows instead is right.
#[test]
fn the_examples_of_the_rules_are_true() {
    let before = "local redis = require('nauthilus_redis')\nlocal key, text, values, request = ...\n";
    for rule in RULES {
        let file = |line: &str| match rule.name {
            "syntax" => format!("{before}local count = 1 {line} count = 2 end"),
            "ignored-error" | "unknown-rule" => format!("{before}{line}\n"),
            _ if line.starts_with("redis.redis") || line.starts_with("redis.get") => format!("{before}return {line}"),
            _ => format!("{before}{line}\n"),
        };
        let site = Site::new()
            .file("wrong.lua", &file(rule.wrong))
            .file("right.lua", &file(rule.right))
            .file("nautiloid.toml", "[lua]\ninit_scripts = [\"init.lua\"]\n")
            .file(
                "init.lua",
                "local redis = require('nauthilus_redis')\n\
                 assert(redis.register_redis_pool('sessions', 'embedded', {}))\n\
                 assert(redis.redis_upload_script('default', 'return 1', 'count_in_window'))\n",
            );
        let found = |name: &str| {
            let output = check(&site, &["--format", "json", "--config", "nautiloid.toml", name]);
            let list: Vec<Value> = serde_json::from_str(&stdout(&output)).unwrap();
            list.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("wrong.lua"), [rule.name]);
        assert!(found("right.lua").is_empty(), "{}: {:?}", rule.name, found("right.lua"));
    }
}

#[test]
fn counts_are_those_of_what_was_written() {
    // The handle may be left out of the function, and everything behind it of the method.
    let site = Site::new().file(
        "a.lua",
        "local redis = require('nauthilus_redis')\n\
         local h = assert(redis.get_redis_connection('default'))\n\
         for _ in h:scan_iter('*', 10, 'too much') do end\n\
         for _ in redis.redis_scan_iter(h, '*', 10, 'too much') do end\n\
",
    );
    let output = check(&site, &["--level", "error"]);
    assert_eq!(
        stdout(&output),
        "a.lua:3:12: error: 'scan_iter' takes 0 to 2 arguments, got 3: scan_iter([match][, count]) [argument-count]\n\
         a.lua:4:16: error: 'redis_scan_iter' takes 1 to 3 arguments, got 4: redis_scan_iter(handle[, match][, count]) \
         [argument-count]\n\
         1 file: 2 errors, 0 warnings\n"
    );
}
