//! What can go wrong with a call, in terms of what the caller can do about it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

/// A call to Redis that failed. `Display` is the text a script gets as its second result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RedisError {
    /// The server answered with an error: its own text, untouched. The command did not take effect (a script may have,
    /// in part). Asking again gives the same answer until the data or the script changes.
    #[error("{}", String::from_utf8_lossy(.0))]
    Server(Bytes),
    /// No connection: nothing was sent, so calling again is safe. The pool keeps trying in the background.
    #[error("{pool}: {reason}; nothing was sent")]
    Unavailable {
        /// Name, mode and address of the pool.
        pool: Arc<str>,
        /// Why there is none.
        reason: Arc<str>,
    },
    /// The command was sent and its fate is unknown: it is never sent again by itself.
    #[error("{pool}: {reason}; the command may have run")]
    Lost {
        /// Name, mode and address of the pool.
        pool: Arc<str>,
        /// What happened to the connection.
        reason: Arc<str>,
    },
    /// No reply in time: the command was sent and its fate is unknown.
    #[error("{pool}: no reply within {after:?} (read_timeout); the command may have run")]
    Timeout {
        /// Name, mode and address of the pool.
        pool: Arc<str>,
        /// The timeout.
        after: Duration,
    },
    /// The command has run and its reply cannot be read; other commands of the connection are not concerned.
    #[error("{pool}: {reason}; the command has run")]
    Unreadable {
        /// Name, mode and address of the pool.
        pool: Arc<str>,
        /// What is wrong with the reply.
        reason: Arc<str>,
    },
    /// The keys of one command are in several hash slots of a cluster, which no server can answer: nothing was sent.
    #[error(
        "{pool}: the keys \"{}\" and \"{}\" are in different hash slots of the cluster, and one command or script can use \
         only keys of one slot: give keys that belong together a common hash tag, as in \"{{tag}}:a\" and \"{{tag}}:b\"; \
         nothing was sent", .keys[0], .keys[1]
    )]
    CrossSlot {
        /// Name, mode and address of the pool.
        pool: Arc<str>,
        /// The first key and one in another slot.
        keys: [String; 2],
    },
    /// A command was split among the nodes of a cluster, and only some of its parts have run.
    #[error("{error}; of {parts} parts that the command was split into, one a hash slot or node, {done} have run")]
    Partly {
        /// How many parts have run.
        done: usize,
        /// How many there are.
        parts: usize,
        /// What happened to another one.
        error: Box<RedisError>,
    },
    /// A server refused a command of a transaction as it was queued, and so runs none of them.
    #[error("{}{}", String::from_utf8_lossy(.text), in_transaction(*.command))]
    NotRun {
        /// Which one, from 1 on; 0 when it was `MULTI` or `EXEC`.
        command: usize,
        /// The server's own text.
        text: Bytes,
    },
    /// A script was asked for by a name that nobody uploaded.
    #[error("could not find script with name {0}")]
    UnknownScript(String),
}

fn in_transaction(command: usize) -> String {
    match command {
        0 => "; the transaction was not run".to_owned(),
        number => format!("; this was command {number} of the transaction, and none of them was run"),
    }
}

impl RedisError {
    /// Whether the server does not know the script that it was to run (it was restarted, or another one took over), and
    /// so has run nothing.
    pub fn is_unknown_script(&self) -> bool {
        matches!(self, RedisError::Server(text) if text.starts_with(b"NOSCRIPT No matching script"))
    }

    /// Whether the server says that what it got is wrong: errors about the server's own state (it is busy, loading, or
    /// lacks memory) have codes of their own.
    pub fn is_about_the_command(&self) -> bool {
        matches!(self, RedisError::Server(text) if text.starts_with(b"ERR "))
    }

    /// How much it leaves open, for choosing among the errors of several commands: the higher, the more.
    pub(crate) fn doubt(&self) -> u8 {
        match self {
            RedisError::Lost { .. } | RedisError::Timeout { .. } | RedisError::Partly { .. } => 3,
            RedisError::Unreadable { .. } => 2,
            RedisError::Server(_) => 1,
            RedisError::NotRun { .. }
            | RedisError::Unavailable { .. }
            | RedisError::CrossSlot { .. }
            | RedisError::UnknownScript(_) => 0,
        }
    }
}

/// Why a pool could not be registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// The name is taken.
    #[error("A redis connection with name '{0}' already exists")]
    Exists(String),
    /// The configuration cannot be used.
    #[error("redis pool '{name}': {source}")]
    Config {
        /// The pool's name.
        name: String,
        /// What is wrong.
        source: crate::ConfigError,
    },
}
