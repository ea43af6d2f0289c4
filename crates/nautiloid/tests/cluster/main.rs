//! Pools of mode `cluster`: through the real binary, with real nodes.
//!
//! A file a subject. `site` has a hook that calls any function of the Redis module, `nodes` asks the nodes themselves.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes a test's own functions for production code"
)]

mod keys;
mod never_twice;
mod nodes;
mod outages;
mod replicas;
mod scan;
mod scripts;
mod seeds;
mod site;
#[path = "../support/mod.rs"]
mod support;
