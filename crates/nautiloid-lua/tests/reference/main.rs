//! What is written from the table of commands is in the repository, and current; and what links to it finds it.
#![allow(clippy::unwrap_used, reason = "clippy takes a test's own functions for production code")]

mod examples;
mod links;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use nautiloid_lua::reference;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Fails when the file is not this text; writes it when asked to.
fn assert_current(path: &str, text: &str) {
    let path = repository(path);
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "{} is stale: write it anew with UPDATE_REFERENCE=1 cargo test -p nautiloid-lua --test reference",
        path.display()
    );
}

#[test]
fn the_reference_is_current() {
    let pages = reference::pages();
    for page in &pages {
        assert_current(&format!("docs/reference/{}", page.file), &page.markdown);
    }
    let there = std::fs::read_dir(repository("docs/reference")).unwrap();
    let there: BTreeSet<String> = there.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, pages.into_iter().map(|page| page.file).collect(), "files that nobody writes");
}

#[test]
fn the_examples_are_part_of_the_conformance_suite() {
    assert_current("tests/lua/reference.lua", &examples::script());
}
