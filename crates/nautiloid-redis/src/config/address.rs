//! Where a server listens: `host:port`, `[::1]:6379`, or `unix:/path`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::ConfigError;

/// Port of an address that names none.
const DEFAULT_PORT: u16 = 6379;

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// A host name or IP address, and a port.
    Tcp {
        /// Name or address, IPv6 without its brackets.
        host: String,
        /// TCP port.
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

    /// The same in two parts.
    pub(crate) fn of_parts(host: &str, port: u16) -> Option<Address> {
        (!host.is_empty() && host != "?" && port != 0).then(|| Address::Tcp { host: host.to_owned(), port })
    }
}

impl FromStr for Address {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        // Somebody may have written a URL: what is before the `@` is a password.
        let invalid = || {
            ConfigError::Address(match text.rsplit_once('@') {
                Some((_, host)) => format!("…@{host}"),
                None => text.to_owned(),
            })
        };
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
        let port = if port.is_empty() { DEFAULT_PORT } else { port.parse().map_err(|_| invalid())? };
        if host.is_empty() || host.contains(['/', ' ', '@']) {
            return Err(invalid());
        }
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
            Address::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Address::Tcp { host, port } => write!(f, "{host}:{port}"),
            Address::Unix(path) => write!(f, "unix:{}", path.display()),
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
            assert_eq!(text.parse::<Address>().unwrap().to_string(), printed);
        }
        for text in ["", ":6379", "host:port", "host:70000", "unix:", "user@host", "::1", "[::1", "[::1]x"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
