//! `nautiloid run` and the rest of the command line.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::io::Write;
use std::process::{Output, Stdio};

use serde_json::{Value, json};
use support::{Site, nautiloid, stderr, stdout};

fn run(arguments: &[&str]) -> Output {
    nautiloid().arg("run").args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// Runs a script file that must succeed and gives what it prints.
fn run_file(code: &str, arguments: &[&str]) -> String {
    let site = Site::new().file("script.lua", code);
    let path = site.path("script.lua");
    let output = run(&[&[support::text(&path)], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stdout(&output)
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text:?}"))
}

#[test]
fn the_result_is_printed_as_json() {
    for (code, printed) in [
        ("return 1", "1\n"),
        ("return 'a\\nb'", "\"a\\nb\"\n"),
        ("return { 1, 2.5, true }", "[1,2.5,true]\n"),
        ("return { a = { b = 'c' } }", "{\"a\":{\"b\":\"c\"}}\n"),
        ("return nil", ""),
        ("local x = 1", ""),
        ("return false", "false\n"),
    ] {
        assert_eq!(stdout(&run(&["-e", code])), printed, "{code}");
    }
}

#[test]
fn the_hook_is_called_when_there_is_one() {
    assert_eq!(
        run_file("function nauthilus_run_hook() return { called = true } end return 'not this'", &[]),
        "{\"called\":true}\n"
    );
}

#[test]
fn print_goes_to_standard_output_before_the_result() {
    let output = run(&["-e", "print('a', 1, nil, true) print() return 2"]);
    assert_eq!((stdout(&output), stderr(&output)), ("a\t1\tnil\ttrue\n\n2\n".to_owned(), String::new()));
}

#[test]
fn arguments_are_in_arg() {
    let code = "return { zero = arg[0], args = { arg[1], arg[2], arg[3] }, count = #arg, dots = { ... } }";
    let result = json_of(&run_file(code, &["one", "", "drei ü"]));
    assert_eq!((&result["args"], &result["count"]), (&json!(["one", "", "drei ü"]), &json!(3)));
    assert_eq!(result["dots"], json!(["one", "", "drei ü"]));
    assert!(result["zero"].as_str().is_some_and(|zero| zero.ends_with("script.lua")), "{result}");
}

#[test]
fn our_options_are_ours_anywhere_before_two_dashes() {
    let code = "return arg[1] and { unpack(arg) }";
    assert_eq!(run_file(code, &["a", "--redis", "embedded", "b"]), "[\"a\",\"b\"]\n");
    assert_eq!(run_file(code, &["a", "-1", "--", "--redis", "-x", "--"]), "[\"a\",\"-1\",\"--redis\",\"-x\",\"--\"]\n");
    assert_eq!(stdout(&run(&["-e", code, "a", "b"])), "[\"a\",\"b\"]\n");
    assert_eq!(stdout(&run(&["a", "-e", code, "b"])), "[\"a\",\"b\"]\n");
    assert_eq!(stdout(&run(&["-e", "-- only a comment"])), "");

    let output = run(&["-e", code, "--verbose"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--verbose"), "{}", stderr(&output));
}

#[test]
fn a_dash_is_standard_input() {
    let mut child = nautiloid().args(["run", "-", "x"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"#!/usr/bin/env -S nautiloid run\nreturn { arg[0], arg[1] }").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), "[\"-\",\"x\"]\n".to_owned()));
}

#[test]
fn a_failing_script_prints_message_and_traceback_and_exits_1() {
    let site =
        Site::new().file("fail.lua", "local function inner()\n  error('no luck')\nend\nprint('before')\ninner()\n");
    let path = site.path("fail.lua");
    let output = run(&[support::text(&path)]);
    let error = stderr(&output);
    assert_eq!((output.status.code(), stdout(&output)), (Some(1), "before\n".to_owned()));
    assert!(error.starts_with("nautiloid: ") && error.contains("fail.lua:2: no luck"), "{error}");
    let traceback: Vec<&str> = error.lines().skip(1).collect();
    assert!(traceback.iter().any(|line| line.contains("fail.lua:2:")), "{error}");
    assert!(traceback.iter().any(|line| line.contains("fail.lua:5:")), "{error}");

    for (code, message) in [
        ("error({ code = 1 })", ""),
        ("error()", ""),
        ("return print", "function"),
        ("local t = {} t.t = t return t", "itself"),
        ("x = = 1", "-e:1: unexpected symbol near '='"),
        // Lua has forgotten who called it: then no position is better than one inside the host.
        (
            "return require('nauthilus_redis').redis_expire('default', 'x')",
            "nautiloid: bad argument #3 to 'redis_expire'",
        ),
    ] {
        let output = run(&["-e", code]);
        assert_eq!((output.status.code(), stdout(&output)), (Some(1), String::new()), "{code}");
        let error = stderr(&output);
        assert!(error.starts_with("nautiloid: ") && error.len() > 15 && error.contains(message), "{code}: {error}");
    }
}

#[test]
fn modules_are_found_beside_the_script() {
    let site = Site::new()
        .file("scripts/main.lua", "return { require('beside'), require('below'), require('deep.er') }")
        .file("scripts/beside.lua", "return 'beside'")
        .file("scripts/lib/below.lua", "return 'below'")
        .file("scripts/lib/deep/er.lua", "return 'deeper'");
    for folder in [site.path(""), site.path("scripts")] {
        let script = if folder.ends_with("scripts") { "main.lua" } else { "scripts/main.lua" };
        let output = nautiloid().args(["run", script]).current_dir(&folder).output().unwrap();
        assert_eq!(stdout(&output), "[\"beside\",\"below\",\"deeper\"]\n", "{}", stderr(&output));
    }
}

#[test]
fn init_scripts_run_first() {
    let site = Site::new()
        .file("a.lua", "print('a')")
        .file("b.lua", "function nauthilus_run_hook(logging) print('b ' .. logging.log_level) end")
        .file("bad.lua", "error('broken')");
    let [a, b, bad] = ["a.lua", "b.lua", "bad.lua"].map(|name| support::text(&site.path(name)).to_owned());
    let output = run(&["--init", &a, "--init", &b, "-e", "print('main')"]);
    assert_eq!(stdout(&output), "a\nb info\nmain\n", "{}", stderr(&output));

    let output = run(&["--init", &bad, "-e", "print('main')"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(1), String::new()));
    let error = stderr(&output);
    assert!(error.contains("the init script") && error.contains("bad.lua:1: broken"), "{error}");
}

#[test]
fn the_configuration_applies_when_it_is_named() {
    let site = Site::new()
        .section("[lua]\npackage_path = [\"modules/?.lua\"]\ninit_scripts = [\"init.lua\"]\nenv = [\"SHOWN\"]")
        .section("[log]\nlevel = \"warn\"")
        .file("modules/m.lua", "return 'module'")
        .file("init.lua", "print('init')");
    site.command();
    let config = site.path("nautiloid.toml");
    let output = nautiloid()
        .args(["run", "--config", support::text(&config), "-e"])
        .arg("return { require('m'), os.getenv('SHOWN'), tostring(os.getenv('HIDDEN')) }")
        .env("SHOWN", "shown")
        .env("HIDDEN", "hidden")
        .output()
        .unwrap();
    assert_eq!(stdout(&output), "init\n[\"module\",\"shown\",\"nil\"]\n", "{}", stderr(&output));
}

#[test]
fn what_cannot_be_used_is_named() {
    for (arguments, message) in [
        (&["no/such.lua"][..], "nautiloid: cannot read no/such.lua: No such file"),
        (&["-e", "", "--init", "no/init.lua"], "nautiloid: --init: cannot read no/init.lua: No such file"),
        (&["-e", "", "--config", "no/c.toml"], "nautiloid: cannot read the configuration no/c.toml: No such file"),
        (&["-e", "", "--redis", "redis://:secret@host/x"], "nautiloid: --redis: invalid Redis URL: "),
    ] {
        let output = run(arguments);
        let error = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.starts_with(message), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn mistakes_of_usage_exit_2() {
    for arguments in [
        &[][..],
        &["run"],
        &["run", "--no-such-option"],
        &["run", "x", "--redis"],
        &["fly"],
        &["redis", "--listen", "nowhere"],
    ] {
        let output = nautiloid().args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains("--help"), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn help_is_told() {
    for command in ["serve", "run", "redis"] {
        let output = nautiloid().args([command, "--help"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains(&format!("nautiloid {command}")), "{}", stdout(&output));
    }
}

#[test]
fn the_version_is_told() {
    let output = nautiloid().arg("--version").output().unwrap();
    assert_eq!(stdout(&output), format!("nautiloid {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert_eq!(run_file("\u{feff}return 1", &[]), "1\n");
    assert_eq!(run_file("\u{feff}#!/usr/bin/env nautiloid\nreturn 2", &[]), "2\n");
}

#[test]
fn an_error_that_has_no_words_still_names_its_type_and_place() {
    for method in ["error('no')", "return nil", "return {}"] {
        let output = run(&["-e", &format!("error(setmetatable({{}}, {{ __tostring = function() {method} end }}))")]);
        let text = stderr(&output);
        assert!(text.contains("(an error that is a table)") && text.contains("-e:1:"), "{method}: {text}");
    }
}
