//! The HTTP server around the Lua host: configuration, threads, connections, and how it all starts and stops.
//!
//! A tour, from the outside in:
//!
//! - [`config`] declares the file's sections and keys.
//! - [`serve`] starts everything in the right order and stops it again; `listener` hands each connection to a worker.
//! - `site` is what is served, the same for all workers: the router, the scripts and the limits.
//! - `worker` is one thread with its own runtime, Lua VM and Redis connections; `connection` is one client on it.
//! - `service` makes a response of a request; `router` finds the hook, `body` reads what was sent, `answer` holds the
//!   responses that no script writes.
//!
//! Nothing is shared between workers but what is read-only, so no lock is taken on the way of a request.
#![deny(missing_docs)]

mod answer;
mod body;
pub mod config;
mod connection;
mod error;
mod init;
mod listener;
mod router;
mod runtime;
mod server;
mod service;
mod site;
mod stop;
mod traceback;
mod workbench;
mod worker;

pub use error::ServeError;
pub use init::{Init, InitError};
pub use runtime::{SCRIPT_STACK, runtime};
pub use server::serve;
pub use stop::StopSignals;
pub use traceback::WithTraceback;
