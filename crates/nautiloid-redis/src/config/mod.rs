//! What a pool needs to know: one type for the `[redis]` section of the configuration, for the table given to
//! `register_redis_pool`, and for a URL on the command line, so that a key means the same everywhere.

mod address;
mod duration;
mod secret;
mod url;

use std::fmt;
use std::time::Duration;

use serde::Deserialize;

pub use address::Address;
pub use duration::deserialize as deserialize_duration;
pub use secret::Secret;

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
    #[error("{key} has no meaning in mode {mode}: remove it")]
    Unexpected {
        /// The key.
        key: &'static str,
        /// The mode.
        mode: Mode,
    },
    /// An address that is none.
    #[error("address {0:?} is not of the form host:port, [ipv6]:port or unix:/path")]
    Address(String),
    /// A number out of its range.
    #[error("{key} must be {expected}")]
    Range {
        /// The key.
        key: &'static str,
        /// The range.
        expected: &'static str,
    },
    /// Something that this version cannot do.
    #[error("{key}: {what} is not supported yet")]
    Unsupported {
        /// The key.
        key: &'static str,
        /// What it asks for.
        what: &'static str,
    },
    /// A URL that cannot be read. The URL itself is left out: it may hold a password.
    #[error("invalid Redis URL: {reason}")]
    Url {
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// How the servers of a pool are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The store inside this process; nothing in it is durable.
    Embedded,
    /// One server at `address`.
    #[default]
    Standalone,
    /// The master that the Sentinels at `addresses` name.
    Sentinel,
    /// The replicas of that master, for reads.
    SentinelReplica,
    /// A Redis Cluster.
    Cluster,
}

impl Mode {
    /// Every mode with its name in configuration files and in `register_redis_pool`.
    pub const ALL: [(Mode, &'static str); 5] = [
        (Mode::Embedded, "embedded"),
        (Mode::Standalone, "standalone"),
        (Mode::Sentinel, "sentinel"),
        (Mode::SentinelReplica, "sentinel_replica"),
        (Mode::Cluster, "cluster"),
    ];

    /// The mode of that name.
    pub fn from_name(name: &str) -> Option<Mode> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(mode, _)| *mode)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(mode, _)| *mode == self).map_or("", |(_, name)| name)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The configuration of a pool. The specification leaves these parameters open; `docs/configuration.md` documents them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PoolConfig {
    /// How the servers are found.
    pub mode: Mode,
    /// The server of a standalone pool.
    pub address: Option<Address>,
    /// The Sentinels, or some nodes of a Cluster.
    pub addresses: Vec<Address>,
    /// The replicas of a standalone server.
    pub replicas: Vec<Address>,
    /// Whether commands that change nothing go to replicas.
    pub read_from_replicas: bool,
    /// The master's name, as the Sentinels know it.
    pub master_name: Option<String>,
    /// ACL user; none is Redis' user `default`.
    pub username: Option<String>,
    /// Password of that user; an empty one is none.
    pub password: Option<Secret>,
    /// ACL user on the Sentinels themselves.
    pub sentinel_username: Option<String>,
    /// Password on the Sentinels themselves.
    pub sentinel_password: Option<Secret>,
    /// Database number.
    pub db: u16,
    /// Most connections of the whole process to this pool. Each worker thread has at least one.
    pub pool_size: usize,
    /// Connections opened before the first call, over the whole process.
    pub min_idle_conns: usize,
    /// Longest time for connecting, authentication included.
    #[serde(deserialize_with = "duration::deserialize")]
    pub connect_timeout: Duration,
    /// Longest time from a command's sending to its reply.
    #[serde(deserialize_with = "duration::deserialize")]
    pub read_timeout: Duration,
    /// Longest time that the server may take no bytes of what is to be sent.
    #[serde(deserialize_with = "duration::deserialize")]
    pub write_timeout: Duration,
    /// TLS to the servers.
    pub tls_enabled: bool,
}

impl Default for PoolConfig {
    fn default() -> Self {
        PoolConfig {
            mode: Mode::Standalone,
            address: None,
            addresses: Vec::new(),
            replicas: Vec::new(),
            read_from_replicas: false,
            master_name: None,
            username: None,
            password: None,
            sentinel_username: None,
            sentinel_password: None,
            db: 0,
            pool_size: 10,
            min_idle_conns: 0,
            connect_timeout: Duration::from_secs(2),
            read_timeout: Duration::from_secs(3),
            write_timeout: Duration::from_secs(3),
            tls_enabled: false,
        }
    }
}

impl PoolConfig {
    /// The embedded store.
    pub fn embedded() -> Self {
        PoolConfig { mode: Mode::Embedded, ..Self::default() }
    }

    /// Reads `embedded`, `redis://[[user]:password@]host[:port][/db]` or `unix:///path[?db=N]`.
    ///
    /// # Errors
    /// What is wrong with the URL, without repeating it: it may hold a password.
    pub fn from_url(url: &str) -> Result<Self, ConfigError> {
        url::parse(url)
    }

    /// Checks that all the mode needs is there and nothing that it cannot use.
    ///
    /// # Errors
    /// Names the key.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let mode = self.mode;
        let missing = |key, what| ConfigError::Missing { key, mode, what };
        let sentinel = matches!(mode, Mode::Sentinel | Mode::SentinelReplica);
        match mode {
            Mode::Embedded => {}
            Mode::Standalone if self.address.is_none() => return Err(missing("address", "the server's host:port")),
            Mode::Standalone => {}
            _ if self.addresses.is_empty() => return Err(missing("addresses", "a list of host:port")),
            _ if sentinel && self.master_name.as_deref().unwrap_or("").is_empty() => {
                return Err(missing("master_name", "the name that the Sentinels know"));
            }
            _ => {}
        }
        for (key, set, allowed) in [
            ("address", self.address.is_some(), mode == Mode::Standalone),
            ("addresses", !self.addresses.is_empty(), sentinel || mode == Mode::Cluster),
            ("replicas", !self.replicas.is_empty(), mode == Mode::Standalone),
            ("read_from_replicas", self.read_from_replicas, mode != Mode::Embedded),
            ("master_name", self.master_name.is_some(), sentinel),
            ("username", self.username.as_deref().is_some_and(|user| !user.is_empty()), mode != Mode::Embedded),
            ("password", self.password.as_ref().is_some_and(|password| !password.is_empty()), mode != Mode::Embedded),
            ("sentinel_username", self.sentinel_username.is_some(), sentinel),
            ("sentinel_password", self.sentinel_password.is_some(), sentinel),
            ("db", self.db != 0, mode != Mode::Cluster),
        ] {
            if set && !allowed {
                return Err(ConfigError::Unexpected { key, mode });
            }
        }
        if self.pool_size == 0 {
            return Err(ConfigError::Range { key: "pool_size", expected: "at least 1" });
        }
        if self.min_idle_conns > self.pool_size {
            return Err(ConfigError::Range { key: "min_idle_conns", expected: "at most pool_size" });
        }
        for (key, timeout) in [
            ("connect_timeout", self.connect_timeout),
            ("read_timeout", self.read_timeout),
            ("write_timeout", self.write_timeout),
        ] {
            if timeout.is_zero() || timeout > LONGEST_TIMEOUT {
                return Err(ConfigError::Range { key, expected: "more than zero and at most one hour" });
            }
        }
        if self.tls_enabled {
            return Err(ConfigError::Unsupported { key: "tls_enabled", what: "TLS" });
        }
        Ok(())
    }
}

const LONGEST_TIMEOUT: Duration = Duration::from_secs(3600);

/// Mode, addresses and database; never a user or a password. This is what logs and errors show.
impl fmt::Display for PoolConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.mode)?;
        for (i, address) in self.address.iter().chain(&self.addresses).enumerate() {
            write!(f, "{}{address}", if i == 0 { " " } else { "," })?;
        }
        if let Some(name) = &self.master_name {
            write!(f, " master {name}")?;
        }
        if self.db != 0 {
            write!(f, " db {}", self.db)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mode_says_what_it_needs() {
        let error = |config: PoolConfig| config.validate().unwrap_err().to_string();
        let with = |mode| PoolConfig { mode, ..PoolConfig::default() };
        assert_eq!(error(with(Mode::Standalone)), "address is missing: mode standalone needs the server's host:port");
        assert_eq!(error(with(Mode::Cluster)), "addresses is missing: mode cluster needs a list of host:port");
        let sentinel = PoolConfig { addresses: vec!["a:1".parse().unwrap()], ..with(Mode::Sentinel) };
        assert_eq!(
            error(sentinel.clone()),
            "master_name is missing: mode sentinel needs the name that the Sentinels know"
        );
        let sentinel = PoolConfig { master_name: Some("m".into()), ..sentinel };
        sentinel.validate().unwrap();
        assert_eq!(sentinel.to_string(), "sentinel a:1 master m");
        assert_eq!(
            error(PoolConfig { master_name: Some("m".into()), ..PoolConfig::embedded() }),
            "master_name has no meaning in mode embedded: remove it"
        );
        assert_eq!(
            error(PoolConfig { password: Some(Secret::new("sesame")), ..PoolConfig::embedded() }),
            "password has no meaning in mode embedded: remove it"
        );
        assert_eq!(
            error(PoolConfig { username: Some("ann".into()), ..PoolConfig::embedded() }),
            "username has no meaning in mode embedded: remove it"
        );
        PoolConfig { password: Some(Secret::new("")), ..PoolConfig::embedded() }.validate().unwrap();
        assert_eq!(error(PoolConfig { pool_size: 0, ..PoolConfig::embedded() }), "pool_size must be at least 1");
        assert_eq!(
            error(PoolConfig { tls_enabled: true, ..PoolConfig::embedded() }),
            "tls_enabled: TLS is not supported yet"
        );
    }

    #[test]
    fn every_mode_has_a_name_that_serde_agrees_with() {
        for (mode, name) in Mode::ALL {
            let read: Mode =
                Mode::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name)).unwrap();
            assert_eq!((read, Mode::from_name(name), mode.name()), (mode, Some(mode), name));
        }
    }
}
