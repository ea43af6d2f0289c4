//! Why a pool's configuration cannot be used, in words that name the key to change.

use std::path::PathBuf;

use super::Mode;

/// Why a pool's configuration cannot be used. Every text names the key to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A key that the mode needs is not there.
    #[error("{key} is missing: mode {mode} needs {what}")]
    Missing {
        /// The key.
        key: &'static str,
        /// The mode that needs it.
        mode: Mode,
        /// What to write.
        what: &'static str,
    },
    /// A key that means nothing in this mode.
    #[error("{key} has no meaning in mode {mode}: {advice}")]
    Unexpected {
        /// The key.
        key: &'static str,
        /// The mode.
        mode: Mode,
        /// What to do instead.
        advice: &'static str,
    },
    /// A key that means nothing without another one.
    #[error("{key} has no meaning without {needed}")]
    Without {
        /// The key.
        key: &'static str,
        /// The other key, with the value it has to have.
        needed: &'static str,
    },
    /// Two keys that say the same in different ways.
    #[error("{key} and {other} exclude each other: keep one")]
    Both {
        /// One of them.
        key: &'static str,
        /// The other.
        other: &'static str,
    },
    /// An address that is none.
    #[error("address {0:?} is not of the form host:port, [ipv6]:port or unix:/path")]
    Address(String),
    /// An address whose port is none.
    #[error("the port of address {0:?} is not a number from 1 to 65535")]
    Port(String),
    /// A value out of its range.
    #[error("{key} must be {expected}")]
    Range {
        /// The key.
        key: &'static str,
        /// The range.
        expected: &'static str,
    },
    /// A file that cannot be read, or has not in it what it should have.
    #[error("{key}: cannot use {}: {reason}", path.display())]
    File {
        /// The key.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong; nothing that the file holds.
        reason: String,
    },
    /// An environment variable that cannot be used.
    #[error("{key}: the environment variable {name} is {problem}")]
    Environment {
        /// The key.
        key: &'static str,
        /// The variable.
        name: String,
        /// What is wrong; not its value.
        problem: &'static str,
    },
    /// TLS that cannot be set up as the keys say.
    #[error("{key}: {reason}")]
    Tls {
        /// The key.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// A URL that cannot be read. The URL itself is left out: it may hold a password.
    #[error("invalid Redis URL: {reason}")]
    Url {
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl ConfigError {
    /// The key that is concerned; `None` where the error itself does not know in which key it was found.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            ConfigError::Missing { key, .. }
            | ConfigError::Unexpected { key, .. }
            | ConfigError::Without { key, .. }
            | ConfigError::Both { key, .. }
            | ConfigError::Range { key, .. }
            | ConfigError::File { key, .. }
            | ConfigError::Environment { key, .. }
            | ConfigError::Tls { key, .. } => Some(key),
            ConfigError::Address(_) | ConfigError::Port(_) | ConfigError::Url { .. } => None,
        }
    }
}
