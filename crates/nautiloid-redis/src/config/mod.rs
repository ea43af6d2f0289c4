//! What a pool needs to know: one type for the `[redis]` section of the configuration, for the table given to
//! `register_redis_pool`, and for a URL on the command line, so that a key means the same everywhere.
//!
//! A configuration is read, then `validate`d by itself, and `settled` when its pool is registered: only then are its
//! files and environment variables looked at.

mod address;
mod duration;
mod error;
mod mode;
mod password;
mod secret;
mod url;
mod validate;
mod whole_number;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

pub use address::Address;
pub use duration::deserialize as deserialize_duration;
pub use error::ConfigError;
pub use mode::Mode;
pub(crate) use password::Password;
pub use secret::Secret;

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
    /// File with that password, read for every connection.
    pub password_file: Option<PathBuf>,
    /// Environment variable with that password.
    pub password_env: Option<String>,
    /// ACL user on the Sentinels themselves.
    pub sentinel_username: Option<String>,
    /// Password on the Sentinels themselves; an empty one is none.
    pub sentinel_password: Option<Secret>,
    /// File with that password, read for every connection.
    pub sentinel_password_file: Option<PathBuf>,
    /// Environment variable with that password.
    pub sentinel_password_env: Option<String>,
    /// What values are encrypted with; an empty one is none.
    pub encryption_secret: Option<Secret>,
    /// File with that secret.
    pub encryption_secret_file: Option<PathBuf>,
    /// Environment variable with that secret.
    pub encryption_secret_env: Option<String>,
    /// Database number.
    #[serde(deserialize_with = "whole_number::deserialize")]
    pub db: u16,
    /// Most connections of the whole process to this pool. Each worker thread has at least one.
    #[serde(deserialize_with = "whole_number::deserialize")]
    pub pool_size: usize,
    /// Connections opened before the first call, over the whole process.
    #[serde(deserialize_with = "whole_number::deserialize")]
    pub min_idle_conns: usize,
    /// Longest time for connecting, TLS and authentication included.
    #[serde(deserialize_with = "duration::deserialize")]
    pub connect_timeout: Duration,
    /// Longest time from a command's sending to its reply.
    #[serde(deserialize_with = "duration::deserialize")]
    pub read_timeout: Duration,
    /// Longest time that the server may take no bytes of what is to be sent.
    #[serde(deserialize_with = "duration::deserialize")]
    pub write_timeout: Duration,
    /// A connection on which nothing was asked for this long is closed.
    #[serde(deserialize_with = "duration::deserialize")]
    pub max_idle_age: Duration,
    /// TLS to the servers, and to the Sentinels.
    pub tls_enabled: bool,
    /// PEM file with the certificates of the CAs to trust; none is those of the system.
    pub tls_ca_file: Option<PathBuf>,
    /// PEM file with this client's certificate, and those between it and its CA.
    pub tls_cert_file: Option<PathBuf>,
    /// PEM file with the key of that certificate.
    pub tls_key_file: Option<PathBuf>,
    /// The name that the server's certificate must be for; none is the host of its address.
    pub tls_server_name: Option<String>,
    /// Take any certificate for the server's.
    pub tls_insecure_skip_verify: bool,
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
            password_file: None,
            password_env: None,
            sentinel_username: None,
            sentinel_password: None,
            sentinel_password_file: None,
            sentinel_password_env: None,
            encryption_secret: None,
            encryption_secret_file: None,
            encryption_secret_env: None,
            db: 0,
            pool_size: 10,
            min_idle_conns: 0,
            connect_timeout: Duration::from_secs(2),
            read_timeout: Duration::from_secs(3),
            write_timeout: Duration::from_secs(3),
            max_idle_age: Duration::from_secs(300),
            tls_enabled: false,
            tls_ca_file: None,
            tls_cert_file: None,
            tls_key_file: None,
            tls_server_name: None,
            tls_insecure_skip_verify: false,
        }
    }
}

/// Ports of addresses that name none.
const REDIS_PORT: u16 = 6379;
const SENTINEL_PORT: u16 = 26379;

impl PoolConfig {
    /// The embedded store.
    pub fn embedded() -> Self {
        PoolConfig { mode: Mode::Embedded, ..Self::default() }
    }

    /// Reads `embedded`, `redis://[[user]:password@]host[:port][/db]`, the same with `rediss://` for TLS, or
    /// `unix:///path[?db=N]`.
    ///
    /// # Errors
    /// What is wrong with the URL, without repeating it: it may hold a password.
    pub fn from_url(url: &str) -> Result<Self, ConfigError> {
        url::parse(url)
    }

    /// Fills in what depends on the mode and on where the process runs: the ports of addresses that have none, and the
    /// folder that relative paths begin in.
    pub(crate) fn settled(mut self, folder: &Path) -> Self {
        for address in self.address.iter_mut().chain(&mut self.replicas) {
            address.with_default_port(REDIS_PORT);
        }
        for address in &mut self.addresses {
            address.with_default_port(if self.mode.has_sentinels() { SENTINEL_PORT } else { REDIS_PORT });
        }
        let files = [
            &mut self.password_file,
            &mut self.sentinel_password_file,
            &mut self.encryption_secret_file,
            &mut self.tls_ca_file,
            &mut self.tls_cert_file,
            &mut self.tls_key_file,
        ];
        for path in files.into_iter().flatten() {
            *path = folder.join(&*path);
        }
        self
    }
}

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
    fn ports_and_paths_are_settled_by_mode_and_folder() {
        let config = PoolConfig {
            addresses: vec!["a".parse().unwrap(), "b:7".parse().unwrap()],
            tls_ca_file: Some("ca.pem".into()),
            password_file: Some("/run/password".into()),
            ..PoolConfig::default()
        };
        let settled = |mode| PoolConfig { mode, ..config.clone() }.settled(Path::new("/etc/nautiloid"));
        assert_eq!(settled(Mode::Sentinel).to_string(), "sentinel a:26379,b:7");
        assert_eq!(settled(Mode::SentinelReplica).to_string(), "sentinel_replica a:26379,b:7");
        let cluster = settled(Mode::Cluster);
        assert_eq!(cluster.to_string(), "cluster a:6379,b:7");
        assert_eq!(cluster.tls_ca_file.as_deref(), Some(Path::new("/etc/nautiloid/ca.pem")));
        assert_eq!(cluster.password_file.as_deref(), Some(Path::new("/run/password")));
    }
}
