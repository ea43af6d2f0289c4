//! What is written from the table of commands is in the repository, and current.
#![allow(clippy::unwrap_used, reason = "clippy takes a test's own functions for production code")]

mod examples;

use std::path::{Path, PathBuf};

use nautiloid_redis::commands::reference;

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
        "{} is stale: write it anew with UPDATE_REFERENCE=1 cargo test -p nautiloid-redis --test reference",
        path.display()
    );
}

#[test]
fn the_reference_page_is_current() {
    assert_current("docs/reference/nauthilus_redis.md", &reference::markdown());
}

#[test]
fn the_examples_are_part_of_the_conformance_suite() {
    assert_current("tests/lua/reference.lua", &examples::script());
}
