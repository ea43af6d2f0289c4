//! What connections to one kind of server are opened with: everything but the address.
//!
//! A pool has one for its Redis servers and, behind Sentinel, another for the Sentinels, whose users and passwords are
//! their own. TLS is the same for both.

use std::time::Duration;

use super::tls::Tls;
use crate::config::{ConfigError, Password, PoolConfig};

/// How a connection is set up once it is open.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) username: Option<String>,
    pub(crate) password: Option<Password>,
    pub(crate) db: u16,
    /// Whether to ask for RESP3, whose replies tell more types apart. A server that refuses is spoken to in RESP2.
    pub(crate) resp3: bool,
    pub(crate) tls: Option<Tls>,
    /// What the keys of the configuration begin with that say who is connecting.
    pub(crate) key_prefix: &'static str,
    /// Longest time for connecting and setting up together.
    pub(crate) connect_timeout: Duration,
}

impl Setup {
    /// For the Redis servers of a pool, and for its Sentinels. Files and variables that the configuration names are
    /// read.
    ///
    /// # Errors
    /// One of them cannot be used.
    pub(crate) fn both(config: &PoolConfig) -> Result<(Self, Self), ConfigError> {
        let servers = Setup {
            username: config.username.clone(),
            password: Password::of_servers(config)?,
            db: config.db,
            resp3: true,
            tls: Tls::new(config)?,
            key_prefix: "",
            connect_timeout: config.connect_timeout,
        };
        let sentinels = Setup {
            username: config.sentinel_username.clone(),
            password: Password::of_sentinels(config)?,
            db: 0,
            resp3: false,
            key_prefix: "sentinel_",
            ..servers.clone()
        };
        Ok((servers, sentinels))
    }
}
