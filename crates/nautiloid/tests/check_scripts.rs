//! `nautiloid check` on the scripts of the repository: every mistake of those that are wrong, nothing in those that are
//! right.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use support::{nautiloid, stderr, stdout};

/// A place in a file and the rules that are broken there.
type Findings = BTreeMap<(String, u64), Vec<String>>;

fn check(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    nautiloid().arg("check").args(arguments).current_dir(root).output().unwrap()
}

fn findings(output: &Output) -> Findings {
    let list: Vec<Value> = serde_json::from_str(&stdout(output)).unwrap_or_else(|_| panic!("{}", stderr(output)));
    let mut findings = Findings::new();
    for finding in list {
        let place = (finding["file"].as_str().unwrap().to_owned(), finding["line"].as_u64().unwrap());
        findings.entry(place).or_default().push(finding["rule"].as_str().unwrap().to_owned());
    }
    findings
}

fn scripts(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut scripts = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "lua") {
                scripts.push(path.strip_prefix(&root).unwrap().to_owned());
            }
        }
    }
    scripts
}

/// What the comments `--! rule` in the scripts of a folder say.
fn expected(folder: &str) -> Findings {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut findings = Findings::new();
    for script in scripts(folder) {
        let text = std::fs::read_to_string(root.join(&script)).unwrap();
        for (line, text) in (1..).zip(text.lines()) {
            if let Some((_, rules)) = text.split_once("--! ") {
                let rules = rules.split_whitespace().map(str::to_owned).collect();
                findings.insert((script.to_str().unwrap().to_owned(), line), rules);
            }
        }
    }
    findings
}

#[test]
fn every_mistake_of_the_corpus_is_found_and_nothing_else() {
    let output = check(&["--format", "json", "tests/check/bad"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let expected = expected("tests/check/bad");
    let faults: usize = expected.values().map(Vec::len).sum();
    assert!(faults >= 100, "{faults} faults");
    assert_eq!(findings(&output), expected);
}

#[test]
fn the_corpus_has_every_rule() {
    let mut seen: BTreeSet<String> = expected("tests/check/bad").into_values().flatten().collect();
    seen.extend(expected("tests/check/site").into_values().flatten());
    let rules: BTreeSet<String> = nautiloid_check::rules::RULES.iter().map(|rule| rule.name.to_owned()).collect();
    assert_eq!(seen, rules);
}

#[test]
fn nothing_is_found_in_scripts_that_are_right() {
    assert!(scripts("tests/check/good").len() >= 20);
    for folder in ["tests/check/good", "examples", "bench/shared"] {
        let output = check(&[folder]);
        assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    }
}

/// Where a script of the conformance suite does something wrong on purpose, it does it inside such a call.
const ON_PURPOSE: &[&str] = &["check.", "call(", "raises", "fails"];

#[test]
fn the_conformance_suite_is_wrong_only_on_purpose() {
    let output = check(&["--format", "json", "--level", "error", "tests/lua"]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for ((file, line), rules) in findings(&output) {
        // These are about what is wrong: with modules, globals, and callbacks.
        let about_mistakes = ["has_a_syntax_error", "leaves_a_global", "sandbox", "loader", "coroutines"];
        // A result that is nil fails a test, which is what is wanted.
        let unchecked = rules.iter().all(|rule| rule == "unchecked-result");
        if unchecked || about_mistakes.iter().any(|name| file.ends_with(&format!("{name}.lua"))) {
            continue;
        }
        let text = std::fs::read_to_string(root.join(&file)).unwrap();
        let line = usize::try_from(line).unwrap();
        // The call may have begun some lines before.
        let near: Vec<&str> = text.lines().skip(line.saturating_sub(4)).take(5).collect();
        let on_purpose = near.iter().any(|line| ON_PURPOSE.iter().any(|sign| line.contains(sign)));
        assert!(on_purpose, "{file}:{line}: {rules:?}\n{}", near.join("\n"));
    }
}

#[test]
fn a_configuration_says_which_names_there_are() {
    let configured = ["--format", "json", "--config", "tests/check/site/nautiloid.toml", "tests/check/site"];
    let output = check(&configured);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(findings(&output), expected("tests/check/site"));
    // Without one, nobody knows.
    let output = check(&["tests/check/site"]);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
}
