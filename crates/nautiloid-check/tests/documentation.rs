//! What is written from the table of rules is in the repository, and current.
#![allow(clippy::unwrap_used, reason = "clippy takes a test's own functions for production code")]

use std::path::Path;

#[test]
fn the_page_about_the_rules_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checking.md");
    let text = nautiloid_check::documentation::markdown();
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "{} is stale: write it anew with UPDATE_REFERENCE=1 cargo test -p nautiloid-check --test documentation",
        path.display()
    );
}
