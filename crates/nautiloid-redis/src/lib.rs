//! The way to Redis: pools of connections, and the table of commands that Lua can call.
//!
//! A tour, from the outside in:
//!
//! - [`commands`] is the table: one row a Lua function, from which the binding and the reference are made.
//! - [`Registry`] knows the pools and named scripts of the process; [`Client`] is one worker's view of it.
//! - [`PoolConfig`] says how a pool's servers are found; [`Pool::call`] sends a command to one of them.
//! - A pool is a master with or without replicas (`pool`, with `sentinel` to find them), or a `cluster`.
//! - `node` is the connections to one server: its slots dial and redial. `connection` is one multiplexed connection and
//!   the task that serves it.
//! - `inspection` looks at every server of a pool, for `nautiloid check-redis`.
//! - `batch`, `transaction` and `watch` are for several commands at once; `any_command` is for those without a row.
//! - `refusal` knows the replies after which a command may be sent again; there are no others.
//!
//! Everything below [`Client`] belongs to one thread: no lock is taken and nothing is sent between threads for a
//! command. The wire format is `nautiloid-resp`; the embedded store is reached as any other server, through a stream.
#![deny(missing_docs)]

mod any_command;
mod batch;
mod client;
mod cluster;
pub mod commands;
mod config;
mod connection;
mod encryption;
mod error;
mod inspection;
mod node;
mod pause;
mod pool;
mod refusal;
mod registry;
mod scan;
mod script;
mod sentinel;
mod spec;
mod transaction;
mod watch;

pub use any_command::unshared;
pub use batch::Batched;
pub use client::{Client, run_script};
pub use config::{Address, ConfigError, Mode, PoolConfig, Secret, deserialize_duration};
pub use encryption::{Encryption, EncryptionError};
pub use error::{RedisError, RegisterError};
pub use inspection::{Inspection, Server};
pub use nautiloid_resp::{Request, Value};
pub use pool::{Pool, PoolId};
pub use registry::{DEFAULT_POOL, Registry};
pub use script::Script;
pub use spec::PoolSpec;
pub use transaction::Executed;
pub use watch::Watch;
