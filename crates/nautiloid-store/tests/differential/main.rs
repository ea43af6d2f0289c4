//! The embedded store beside a real Redis: the same commands, the same answers.
//!
//! Differences that are meant are in `compare`; there is nothing else that may differ.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod both;
mod command_info;
mod commands;
mod compare;
mod embedded;
mod expiry;
mod floats;
mod hyperloglog;
mod random_members;
mod redis_cli;
mod scanning;
mod scripts;
mod sequences;
mod streams;
mod template;
mod watching;
mod wire;
