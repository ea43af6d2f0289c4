//! What becomes of scripts' calls when Redis fails: an error that says which pool, what happened and whether the command
//! may have run, within the deadline; and work as before as soon as Redis is back, without a restart of nautiloid.
//!
//! A file a kind of fault. `site` has the hooks that all of them call, `load` calls them from many clients at once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy takes a test's own functions for production code"
)]

mod connections;
mod load;
mod lost_replies;
mod outage;
mod refused;
mod site;
#[path = "../support/mod.rs"]
mod support;
mod unreachable;
