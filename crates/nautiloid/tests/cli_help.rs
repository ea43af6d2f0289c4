//! `nautiloid help`, `man` and `completions`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::process::{Command, Output};

use nautiloid_lua::reference;
use nautiloid_redis::commands;
use support::{nautiloid, stderr, stdout};

fn help(words: &[&str]) -> Output {
    nautiloid().arg("help").args(words).output().unwrap()
}

/// What it prints; it must succeed.
fn shown(words: &[&str]) -> String {
    let output = help(words);
    assert_eq!(output.status.code(), Some(0), "{words:?}: {}", stderr(&output));
    stdout(&output)
}

#[test]
fn a_function_is_explained_under_each_of_its_names() {
    let text = shown(&["redis_hset"]);
    for part in [
        "redis_hset\n  Sets fields of a hash.\n",
        "  redis.redis_hset(handle, key, field, value, …)\n",
        "  redis.redis_hset(handle, key, values)\n",
        "\nReturns\n  the number of fields that are new.\n",
        "{ user = \"ann\", tries = 2 }) --> 0\n",
        "  \"WRONGTYPE Operation against a key",
        "handle:hset(key, field, value, …)",
    ] {
        assert!(
            text.contains(part) || text.replace("  \"WRONGTYPE", "  WRONGTYPE").contains(part),
            "{part:?} in {text}"
        );
    }
    assert!(!text.contains('\x1b'), "no escape codes where there is no terminal: {text:?}");
    for name in
        ["hset", "redis.redis_hset", "redis_hset()", "handle:hset", "h:hset", "HSET", "nauthilus_redis.redis_hset"]
    {
        assert_eq!(shown(&[name]), text, "{name}");
    }
}

#[test]
fn every_function_is_explained_within_the_width() {
    for entry in reference::all() {
        let name = entry.module.map_or(entry.name.to_owned(), |module| format!("{module}.{}", entry.name));
        let text = shown(&[&name]);
        assert!(text.contains(entry.name) && text.contains("\nReturns\n"), "{name}: {text}");
        // Code is as long as it is.
        let (before, example) = text.split_once("\nExample\n").unwrap_or((&text, ""));
        let behind = example.split_once("\n\n").map_or("", |(_, behind)| behind);
        let mut prose = before.lines().chain(behind.lines()).filter(|line| !line.contains('('));
        assert!(prose.all(|line| line.chars().count() <= 80), "{name}: {text}");
    }
}

#[test]
fn groups_modules_and_what_is_left_out_are_explained() {
    for group in commands::GROUPS {
        let text = shown(&[&group.title.to_lowercase()]);
        assert!(group.commands.iter().all(|command| text.contains(command.name)), "{}: {text}", group.title);
    }
    assert_eq!(shown(&["sorted", "sets"]), shown(&["sorted-sets"]));
    assert!(shown(&["time"]).contains("require(\"time\")"));
    assert!(shown(&["nauthilus_http_response"]).contains("STATUS_NOT_FOUND"));
    assert!(shown(&["nauthilus_redis"]).contains("redis_zadd"));
    // A module, and a function of another one.
    let json = shown(&["json"]);
    assert!(json.contains("require(\"json\")") && json.contains("http_response.json(status"), "{json}");
    assert!(shown(&["os.execute"]).contains("scripts start no programs"));
}

#[test]
fn an_unknown_name_gets_the_nearest_one() {
    for (wrong, near) in
        [("hgte", "'hget'"), ("redis_hgte", "'redis_hget'"), ("hashs", "'hashes'"), ("servr", "'serve'")]
    {
        let output = help(&[wrong]);
        assert_eq!(output.status.code(), Some(1));
        let expected = format!("nautiloid: there is no help on '{wrong}': did you mean {near}?\n");
        assert_eq!((stdout(&output), stderr(&output)), (String::new(), expected));
    }
    let output = help(&["frobnicate"]);
    assert!(stderr(&output).contains("name a function (redis_get)"), "{}", stderr(&output));
}

#[test]
fn commands_are_explained_as_with_the_option() {
    let option = |words: &[&str]| stdout(&nautiloid().args(words).output().unwrap());
    assert_eq!(shown(&[]), option(&["--help"]));
    for command in ["run", "serve", "check-redis", "help"] {
        assert_eq!(shown(&[command]), option(&[command, "--help"]), "{command}");
    }
}

#[test]
fn manual_pages_are_written() {
    let output = nautiloid().arg("man").output().unwrap();
    assert!(stdout(&output).contains(".TH nautiloid 1"), "{}", stdout(&output));
    let folder = tempfile::tempdir().unwrap();
    let man1 = folder.path().join("man1");
    let output = nautiloid().arg("man").arg(&man1).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for (file, heading) in [("nautiloid.1", ".TH nautiloid 1"), ("nautiloid-run.1", ".TH nautiloid-run 1")] {
        let page = std::fs::read_to_string(man1.join(file)).unwrap();
        assert!(page.contains(heading), "{file}: {page}");
    }
}

#[test]
fn bash_completes_commands_and_names_of_functions() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("nautiloid.bash");
    std::fs::write(&script, nautiloid().args(["completions", "bash"]).output().unwrap().stdout).unwrap();
    let complete = |words: &str| {
        let code = format!(
            "source {} && COMP_WORDS=({words}) && COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)) && \
             _nautiloid nautiloid \"${{COMP_WORDS[-1]}}\" && echo \"${{COMPREPLY[*]}}\"",
            support::text(&script)
        );
        let output = Command::new("bash").args(["--norc", "-c", &code]).output().unwrap();
        assert!(output.status.success(), "{words}: {}", stderr(&output));
        stdout(&output).trim().to_owned()
    };
    assert_eq!(complete("nautiloid che"), "check check-redis");
    assert_eq!(complete("nautiloid help redis_hincr"), "redis_hincrby redis_hincrbyfloat");
    assert_eq!(complete("nautiloid help json.en"), "json.encode");
}

#[test]
fn other_shells_have_completions() {
    for (shell, part) in [("zsh", "#compdef nautiloid"), ("fish", "__fish_nautiloid_using_subcommand help\" -f -a")] {
        let script = stdout(&nautiloid().args(["completions", shell]).output().unwrap());
        assert!(script.contains(part) && script.contains("redis_hset"), "{shell}: {script}");
    }
}
