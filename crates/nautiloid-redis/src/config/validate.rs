//! What a pool's configuration may and must say: which key is for which mode, which keys go together, which values a
//! key can have.

use std::time::Duration;

use super::{Address, ConfigError, Mode, PoolConfig, Secret};

/// Most connections that a pool can be given: as many clients as a Redis server takes unless it is told otherwise.
const LARGEST_POOL: usize = 10_000;
const LONGEST_TIMEOUT: Duration = Duration::from_secs(3600);
/// A connection closed sooner than this would be dialled again and again.
const SHORTEST_IDLE_AGE: Duration = Duration::from_secs(1);
const LONGEST_IDLE_AGE: Duration = Duration::from_secs(24 * 3600);

impl PoolConfig {
    /// Checks that all the mode needs is there, nothing that it cannot use, and no value that cannot be. Files and
    /// environment variables are not looked at.
    ///
    /// # Errors
    /// Names the key.
    pub fn validate(&self) -> Result<(), ConfigError> {
        self.check_modes()?;
        self.check_missing()?;
        self.check_companions()?;
        self.check_values()
    }

    /// Which key means something in which mode.
    fn check_modes(&self) -> Result<(), ConfigError> {
        let mode = self.mode;
        let (sentinels, servers) = (mode.has_sentinels(), mode != Mode::Embedded);
        let text = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        let secret = |secret: &Option<Secret>| secret.as_ref().is_some_and(|secret| !secret.is_empty());
        let remove = "remove it";
        let address_advice = if servers { "write addresses, a list" } else { remove };
        let addresses_advice = match (mode, self.addresses.len()) {
            (Mode::Standalone, 1) => "write address, a single host:port",
            (Mode::Standalone, _) => "write address for one server, or choose mode sentinel or cluster for several",
            _ => remove,
        };
        for (key, set, allowed, advice) in [
            ("address", self.address.is_some(), mode == Mode::Standalone, address_advice),
            ("addresses", !self.addresses.is_empty(), sentinels || mode == Mode::Cluster, addresses_advice),
            ("replicas", !self.replicas.is_empty(), mode == Mode::Standalone, remove),
            ("read_from_replicas", self.read_from_replicas, servers && mode != Mode::SentinelReplica, remove),
            ("master_name", self.master_name.is_some(), sentinels, remove),
            ("username", text(&self.username), servers, remove),
            ("password", secret(&self.password), servers, remove),
            ("password_file", self.password_file.is_some(), servers, remove),
            ("password_env", self.password_env.is_some(), servers, remove),
            ("sentinel_username", text(&self.sentinel_username), sentinels, remove),
            ("sentinel_password", secret(&self.sentinel_password), sentinels, remove),
            ("sentinel_password_file", self.sentinel_password_file.is_some(), sentinels, remove),
            ("sentinel_password_env", self.sentinel_password_env.is_some(), sentinels, remove),
            ("db", self.db != 0, mode != Mode::Cluster, remove),
            ("tls_enabled", self.tls_enabled, servers, remove),
            ("tls_ca_file", self.tls_ca_file.is_some(), servers, remove),
            ("tls_cert_file", self.tls_cert_file.is_some(), servers, remove),
            ("tls_key_file", self.tls_key_file.is_some(), servers, remove),
            ("tls_server_name", self.tls_server_name.is_some(), servers, remove),
            ("tls_insecure_skip_verify", self.tls_insecure_skip_verify, servers, remove),
        ] {
            if set && !allowed {
                return Err(ConfigError::Unexpected { key, mode, advice });
            }
        }
        Ok(())
    }

    fn check_missing(&self) -> Result<(), ConfigError> {
        let mode = self.mode;
        let missing = |key, what| Err(ConfigError::Missing { key, mode, what });
        match mode {
            Mode::Embedded => Ok(()),
            Mode::Standalone if self.address.is_none() => missing("address", "the server's host:port"),
            Mode::Standalone => Ok(()),
            _ if self.addresses.is_empty() => missing("addresses", "a list of host:port"),
            _ if mode.has_sentinels() && self.master_name.as_deref().unwrap_or("").is_empty() => {
                missing("master_name", "the name that the Sentinels know")
            }
            _ => Ok(()),
        }
    }

    /// Which keys mean something only together, and which only one without the other.
    fn check_companions(&self) -> Result<(), ConfigError> {
        let (tls, tls_needed) = (self.tls_enabled, "tls_enabled = true");
        let standalone = self.mode == Mode::Standalone;
        for (key, set, meaningful, needed) in [
            ("replicas", !self.replicas.is_empty(), self.read_from_replicas, "read_from_replicas = true"),
            (
                "read_from_replicas",
                standalone && self.read_from_replicas,
                !self.replicas.is_empty(),
                "replicas, a list of host:port",
            ),
            ("tls_ca_file", self.tls_ca_file.is_some(), tls, tls_needed),
            ("tls_cert_file", self.tls_cert_file.is_some(), tls, tls_needed),
            ("tls_key_file", self.tls_key_file.is_some(), tls, tls_needed),
            ("tls_server_name", self.tls_server_name.is_some(), tls, tls_needed),
            ("tls_insecure_skip_verify", self.tls_insecure_skip_verify, tls, tls_needed),
            ("tls_cert_file", self.tls_cert_file.is_some(), self.tls_key_file.is_some(), "tls_key_file"),
            ("tls_key_file", self.tls_key_file.is_some(), self.tls_cert_file.is_some(), "tls_cert_file"),
        ] {
            if set && !meaningful {
                return Err(ConfigError::Without { key, needed });
            }
        }
        let is_given = |secret: &Option<Secret>| secret.as_ref().is_some_and(|secret| !secret.is_empty());
        for ways in [
            [
                ("password", is_given(&self.password)),
                ("password_file", self.password_file.is_some()),
                ("password_env", self.password_env.is_some()),
            ],
            [
                ("sentinel_password", is_given(&self.sentinel_password)),
                ("sentinel_password_file", self.sentinel_password_file.is_some()),
                ("sentinel_password_env", self.sentinel_password_env.is_some()),
            ],
            [
                ("encryption_secret", is_given(&self.encryption_secret)),
                ("encryption_secret_file", self.encryption_secret_file.is_some()),
                ("encryption_secret_env", self.encryption_secret_env.is_some()),
            ],
        ] {
            let mut given = ways.iter().filter(|(_, set)| *set).map(|(key, _)| *key);
            if let (Some(key), Some(other)) = (given.next(), given.next()) {
                return Err(ConfigError::Both { key, other });
            }
        }
        Ok(())
    }

    fn check_values(&self) -> Result<(), ConfigError> {
        if self.pool_size == 0 || self.pool_size > LARGEST_POOL {
            return Err(ConfigError::Range { key: "pool_size", expected: "at least 1 and at most 10000" });
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
        if self.max_idle_age < SHORTEST_IDLE_AGE || self.max_idle_age > LONGEST_IDLE_AGE {
            return Err(ConfigError::Range {
                key: "max_idle_age",
                expected: "at least one second and at most one day",
            });
        }
        let sockets = self.address.iter().chain(&self.addresses).chain(&self.replicas);
        if self.tls_enabled && sockets.into_iter().any(|address| matches!(address, Address::Unix(_))) {
            let reason = "there is no TLS over a Unix socket: remove it, or write host:port".to_owned();
            return Err(ConfigError::Tls { key: "tls_enabled", reason });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(config: PoolConfig) -> String {
        config.validate().unwrap_err().to_string()
    }

    fn addresses(list: &[&str]) -> Vec<Address> {
        list.iter().map(|text| text.parse().unwrap()).collect()
    }

    /// A configuration of that mode with nothing wrong in it.
    fn valid(mode: Mode) -> PoolConfig {
        let mut config = PoolConfig { mode, ..PoolConfig::default() };
        match mode {
            Mode::Embedded => {}
            Mode::Standalone => config.address = Some("a:1".parse().unwrap()),
            _ => config.addresses = addresses(&["a:1", "b"]),
        }
        config.master_name = mode.has_sentinels().then(|| "m".to_owned());
        config.validate().unwrap();
        config
    }

    #[test]
    fn each_mode_says_what_it_needs() {
        let with = |mode| PoolConfig { mode, ..PoolConfig::default() };
        assert_eq!(error(with(Mode::Standalone)), "address is missing: mode standalone needs the server's host:port");
        assert_eq!(error(with(Mode::Cluster)), "addresses is missing: mode cluster needs a list of host:port");
        for master_name in [None, Some(String::new())] {
            assert_eq!(
                error(PoolConfig { master_name, ..valid(Mode::Sentinel) }),
                "master_name is missing: mode sentinel needs the name that the Sentinels know"
            );
        }
    }

    #[test]
    fn address_and_addresses_are_told_apart() {
        let mixed_up = |mode, list: &[&str]| PoolConfig { mode, addresses: addresses(list), ..PoolConfig::default() };
        assert_eq!(
            error(mixed_up(Mode::Standalone, &["a:1"])),
            "addresses has no meaning in mode standalone: write address, a single host:port"
        );
        assert_eq!(
            error(mixed_up(Mode::Standalone, &["a:1", "b:2"])),
            "addresses has no meaning in mode standalone: \
             write address for one server, or choose mode sentinel or cluster for several"
        );
        for mode in [Mode::Sentinel, Mode::SentinelReplica, Mode::Cluster] {
            let address = "a:1".parse().ok();
            assert_eq!(
                error(PoolConfig { mode, address, ..PoolConfig::default() }),
                format!("address has no meaning in mode {mode}: write addresses, a list")
            );
        }
    }

    #[test]
    fn what_a_mode_cannot_use_is_to_be_removed() {
        let unexpected = |config: PoolConfig, key: &str| {
            let mode = config.mode;
            assert_eq!(error(config), format!("{key} has no meaning in mode {mode}: remove it"));
        };
        let (embedded, standalone) = (|| valid(Mode::Embedded), || valid(Mode::Standalone));
        unexpected(PoolConfig { master_name: Some("m".into()), ..embedded() }, "master_name");
        unexpected(PoolConfig { password: Some(Secret::new("sesame")), ..embedded() }, "password");
        unexpected(PoolConfig { password_file: Some("x".into()), ..embedded() }, "password_file");
        unexpected(PoolConfig { username: Some("ann".into()), ..embedded() }, "username");
        unexpected(PoolConfig { tls_enabled: true, ..embedded() }, "tls_enabled");
        unexpected(PoolConfig { sentinel_password_env: Some("X".into()), ..standalone() }, "sentinel_password_env");
        unexpected(PoolConfig { db: 1, ..valid(Mode::Cluster) }, "db");
        unexpected(PoolConfig { replicas: addresses(&["r"]), ..valid(Mode::Cluster) }, "replicas");
        unexpected(PoolConfig { read_from_replicas: true, ..valid(Mode::SentinelReplica) }, "read_from_replicas");
        PoolConfig { read_from_replicas: true, ..valid(Mode::Cluster) }.validate().unwrap();
        let empty = Some(Secret::new(""));
        PoolConfig { password: empty.clone(), sentinel_password: empty, ..embedded() }.validate().unwrap();
    }

    #[test]
    fn keys_that_belong_together() {
        let standalone = || valid(Mode::Standalone);
        let tls = || PoolConfig { tls_enabled: true, ..standalone() };
        for (config, message) in [
            (
                PoolConfig { replicas: addresses(&["r"]), ..standalone() },
                "replicas has no meaning without read_from_replicas = true",
            ),
            (
                PoolConfig { read_from_replicas: true, ..standalone() },
                "read_from_replicas has no meaning without replicas, a list of host:port",
            ),
            (
                PoolConfig { tls_ca_file: Some("ca.pem".into()), ..standalone() },
                "tls_ca_file has no meaning without tls_enabled = true",
            ),
            (
                PoolConfig { tls_insecure_skip_verify: true, ..standalone() },
                "tls_insecure_skip_verify has no meaning without tls_enabled = true",
            ),
            (
                PoolConfig { tls_cert_file: Some("c.pem".into()), ..tls() },
                "tls_cert_file has no meaning without tls_key_file",
            ),
            (
                PoolConfig { tls_key_file: Some("c.key".into()), ..tls() },
                "tls_key_file has no meaning without tls_cert_file",
            ),
            (
                PoolConfig { password: Some(Secret::new("p")), password_env: Some("P".into()), ..standalone() },
                "password and password_env exclude each other: keep one",
            ),
            (
                PoolConfig { password_file: Some("p".into()), password_env: Some("P".into()), ..standalone() },
                "password_file and password_env exclude each other: keep one",
            ),
            (
                PoolConfig { address: "unix:/r.sock".parse().ok(), ..tls() },
                "tls_enabled: there is no TLS over a Unix socket: remove it, or write host:port",
            ),
        ] {
            assert_eq!(error(config), message);
        }
        PoolConfig { password: Some(Secret::new("")), password_env: Some("P".into()), ..standalone() }
            .validate()
            .unwrap();
    }

    #[test]
    fn values_that_cannot_be() {
        let embedded = || valid(Mode::Embedded);
        for pool_size in [0, 10_001, usize::MAX] {
            assert_eq!(error(PoolConfig { pool_size, ..embedded() }), "pool_size must be at least 1 and at most 10000");
        }
        assert_eq!(error(PoolConfig { min_idle_conns: 11, ..embedded() }), "min_idle_conns must be at most pool_size");
        for age in [Duration::ZERO, Duration::from_millis(999), Duration::MAX] {
            assert_eq!(
                error(PoolConfig { max_idle_age: age, ..embedded() }),
                "max_idle_age must be at least one second and at most one day"
            );
        }
    }
}
