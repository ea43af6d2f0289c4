//! Where a server listens: `host:port`, `[::1]:6379`, or `unix:/path`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::ConfigError;

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// A host name or IP address, and a port.
    Tcp {
        /// Name or address, IPv6 without its brackets.
        host: String,
        /// TCP port. 0 where the configuration names none: until the pool is registered, it is not known whether a
        /// Sentinel or a Redis server listens there.
        port: u16,
    },
    /// A Unix domain socket.
    Unix(PathBuf),
}

impl Address {
    /// An address as servers announce it: an IPv6 address without brackets, and `?`, an empty host or port 0 where
    /// they do not know it themselves.
    pub(crate) fn announced(text: &str) -> Option<Address> {
        let (host, port) = text.rsplit_once(':')?;
        Self::of_parts(host, port.parse().ok()?)
    }

    /// The address with this port if it has none.
    pub(super) fn with_default_port(&mut self, default: u16) {
        if let Address::Tcp { port: port @ 0, .. } = self {
            *port = default;
        }
    }

    /// The same in two parts.
    pub(crate) fn of_parts(host: &str, port: u16) -> Option<Address> {
        (!host.is_empty() && host != "?" && port != 0).then(|| Address::Tcp { host: host.to_owned(), port })
    }
}

impl FromStr for Address {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        // Somebody may have written a URL: what is before the `@` is a password.
        let shown = || match text.rsplit_once('@') {
            Some((_, host)) => format!("…@{host}"),
            None => text.to_owned(),
        };
        let invalid = || ConfigError::Address(shown());
        if let Some(path) = text.strip_prefix("unix:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() { Err(invalid()) } else { Ok(Address::Unix(path.into())) };
        }
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']').ok_or_else(invalid)?;
                (host, after.strip_prefix(':').or(after.is_empty().then_some("")).ok_or_else(invalid)?)
            }
            None => text.split_once(':').unwrap_or((text, "")),
        };
        if host.is_empty() || host.contains(['/', ' ', '@']) || port.contains(['/', '@', ':']) {
            return Err(invalid());
        }
        let port = match port {
            "" => 0,
            port => port.parse().ok().filter(|&port| port != 0).ok_or_else(|| ConfigError::Port(shown()))?,
        };
        Ok(Address::Tcp { host: host.to_owned(), port })
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Tcp { host, .. } if host.contains(':') => write!(f, "[{host}]")?,
            Address::Tcp { host, .. } => f.write_str(host)?,
            Address::Unix(path) => write!(f, "unix:{}", path.display())?,
        }
        match self {
            Address::Tcp { port: port @ 1.., .. } => write!(f, ":{port}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_and_print() {
        for (text, printed) in [
            ("localhost", "localhost:6379"),
            ("redis.example.org:7000", "redis.example.org:7000"),
            ("[::1]:7000", "[::1]:7000"),
            ("[::1]", "[::1]:6379"),
            ("unix:/run/redis.sock", "unix:/run/redis.sock"),
            ("unix:///run/redis.sock", "unix:/run/redis.sock"),
        ] {
            let mut address = text.parse::<Address>().unwrap();
            address.with_default_port(6379);
            assert_eq!(address.to_string(), printed);
        }
        assert_eq!("localhost".parse::<Address>().unwrap().to_string(), "localhost");
    }

    #[test]
    fn what_is_no_address_is_told() {
        for text in ["", ":6379", "unix:", "user@host", "::1", "[::1", "[::1]x", "redis://host", "host:1/0"] {
            assert!(matches!(text.parse::<Address>(), Err(ConfigError::Address(_))), "{text}");
        }
        for text in ["host:port", "host:70000", "host:0", "host:-1", "[::1]:65536"] {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert_eq!(error, format!("the port of address {text:?} is not a number from 1 to 65535"));
        }
        let error = "redis://ann:sesame@host:1".parse::<Address>().unwrap_err().to_string();
        assert!(error.contains("host:1") && !error.contains("sesame"), "{error}");
    }
}
