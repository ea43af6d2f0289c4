//! Pools of modes `sentinel` and `sentinel_replica`, and reading from replicas: through the real binary, with real
//! masters, replicas and Sentinels.
//!
//! A file a subject. `site` has the hooks that all of them call, `load` calls one from many clients at once, `liar` is
//! a Sentinel that says what the test wants.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes a test's own functions for production code"
)]

mod commands;
mod failover;
mod liar;
mod lies;
mod load;
mod refused;
mod replicas;
mod site;
#[path = "../support/mod.rs"]
mod support;
