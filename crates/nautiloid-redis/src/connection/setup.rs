//! What connections to one kind of server are opened with: everything but the address.
//!
//! A pool has one for its Redis servers and, behind Sentinel, another for the Sentinels, whose users and passwords are
//! their own.

use std::time::Duration;

use crate::config::{PoolConfig, Secret};

/// How a connection is set up once it is open.
#[derive(Debug, Clone)]
pub(crate) struct Setup {
    pub(crate) username: Option<String>,
    pub(crate) password: Option<Secret>,
    pub(crate) db: u16,
    /// Longest time for connecting and setting up together.
    pub(crate) connect_timeout: Duration,
}

impl Setup {
    /// For the Redis servers of a pool.
    pub(crate) fn of_servers(config: &PoolConfig) -> Self {
        Setup {
            username: config.username.clone(),
            password: config.password.clone(),
            db: config.db,
            connect_timeout: config.connect_timeout,
        }
    }

    /// For the Sentinels of a pool.
    pub(crate) fn of_sentinels(config: &PoolConfig) -> Self {
        Setup {
            username: config.sentinel_username.clone(),
            password: config.sentinel_password.clone(),
            db: 0,
            connect_timeout: config.connect_timeout,
        }
    }
}
