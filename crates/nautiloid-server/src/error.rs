//! Why the server did not start, or did not stop as it should.

use std::io;
use std::net::SocketAddr;

use crate::init::InitError;

/// Why the server ended with an error.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A script cannot be read.
    #[error(transparent)]
    ReadScript(#[from] io::Error),
    /// A script is no valid Lua; the message has file and line.
    #[error("{0}")]
    Compile(nautiloid_lua::ScriptError),
    /// An init script failed.
    #[error(transparent)]
    Init(#[from] InitError),
    /// The `[redis]` section cannot be used.
    #[error("redis: {0}")]
    Redis(nautiloid_redis::ConfigError),
    /// The address is taken, or not one of this machine.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address that the configuration names.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The system refused what every worker needs, or a Lua VM could not be set up.
    #[error("cannot start a worker: {0}")]
    Worker(String),
    /// A worker thread ended by itself. Its requests are lost, so the process has to be started anew.
    #[error("a worker thread has died")]
    WorkerDied,
    /// A second signal came while requests were being finished.
    #[error("stopped at once by a second signal: requests in flight were cut off")]
    Interrupted,
}
