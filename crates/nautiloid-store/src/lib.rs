//! The embedded store: an in-process server that answers as Redis 7.0 does, for a first try, for a script's tests, and
//! for a single small host. Nothing in it is durable.
//!
//! A tour:
//!
//! - [`Store`] is the data behind one lock. [`Store::connect`] gives an in-memory connection, [`Store::listen`] serves
//!   TCP; `serve` is the loop of one connection.
//! - `commands` is the table: arity and flags as in Redis, a file a group. `context` is what a command works on.
//! - `keyspace` is databases, values and expiry; `scripts` runs Redis scripts, atomically, with a Lua VM a thread.
//! - `glob` matches patterns; `long_double` adds floats the way Redis does.
//!
//! The differential test holds it against a real Redis, reply by reply.
#![deny(missing_docs)]

mod commands;
mod context;
mod glob;
mod keyspace;
mod long_double;
mod scripts;
mod serve;
mod store;

pub use store::Store;

/// The version of Redis whose answers these are.
pub(crate) const VERSION: &str = "7.0.15";
