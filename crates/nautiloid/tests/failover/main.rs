//! What becomes of counters under load when servers fail, in every topology: nothing is counted twice, nothing that was
//! acknowledged by a server that lives on is missing, and service is back soon after Redis itself is.
//!
//! `counters` is the load, `probe` measures the time without service, `round` puts a fault between the two and judges;
//! the other files are the faults, a topology each. `cargo test --release -p nautiloid --test failover -- --nocapture`
//! prints the figures that `docs/operations/faults.md` reports.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "clippy takes a test's own functions for production code"
)]

mod cluster;
mod counters;
mod lost_replies;
mod probe;
mod round;
mod sentinel;
mod site;

#[path = "../support/mod.rs"]
mod support;
