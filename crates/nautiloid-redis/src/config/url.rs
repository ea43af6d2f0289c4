//! `redis://`, `rediss://` and `unix://` URLs, for the command line.

use percent_encoding::percent_decode_str;

use super::{Address, ConfigError, Mode, PoolConfig, Secret};

/// Reads `embedded`, `redis://[[user]:password@]host[:port][/db]`, the same with `rediss://`, or `unix:///path[?db=N]`.
pub(super) fn parse(url: &str) -> Result<PoolConfig, ConfigError> {
    if url == "embedded" {
        return Ok(PoolConfig::embedded());
    }
    let invalid = |reason: &'static str| ConfigError::Url { reason };
    let mut config = PoolConfig { mode: Mode::Standalone, ..PoolConfig::default() };
    if let Some(rest) = url.strip_prefix("unix://") {
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if let Some(db) = query.strip_prefix("db=") {
            config.db = db.parse().map_err(|_| invalid("the database is not a number"))?;
        } else if !query.is_empty() {
            return Err(invalid("the only parameter known is ?db=N"));
        }
        config.address = Some(Address::Unix(decode(path)?.into()));
    } else if let Some(rest) = url.strip_prefix("redis://").or_else(|| url.strip_prefix("rediss://")) {
        config.tls_enabled = url.starts_with("rediss:");
        let (authority, db) = rest.split_once('/').unwrap_or((rest, ""));
        let (credentials, host) = match authority.rsplit_once('@') {
            Some((credentials, host)) => (Some(credentials), host),
            None => (None, authority),
        };
        if let Some(credentials) = credentials {
            let (user, password) = credentials
                .split_once(':')
                .ok_or_else(|| invalid("write credentials as user:password@ or :password@"))?;
            config.username = Some(decode(user)?).filter(|user| !user.is_empty());
            config.password = Some(Secret::new(decode(password)?));
        }
        if !db.is_empty() {
            config.db = db.parse().map_err(|_| invalid("the database after the host is not a number"))?;
        }
        config.address = Some(host.parse().map_err(|_| invalid("host and port are unreadable"))?);
    } else {
        return Err(invalid(
            "write embedded, redis://[[user]:password@]host[:port][/db] (rediss:// for TLS) or unix:///path[?db=N]",
        ));
    }
    config.validate()?;
    Ok(config)
}

fn decode(text: &str) -> Result<String, ConfigError> {
    let decoded = percent_decode_str(text).decode_utf8().map_err(|_| ConfigError::Url { reason: "bad %-encoding" })?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        assert_eq!(parse("embedded").unwrap().to_string(), "embedded");
        assert_eq!(parse("redis://localhost").unwrap().to_string(), "standalone localhost");
        assert_eq!(parse("redis://127.0.0.1:7000/3").unwrap().to_string(), "standalone 127.0.0.1:7000 db 3");
        assert_eq!(parse("unix:///run/r.sock?db=2").unwrap().to_string(), "standalone unix:/run/r.sock db 2");
        let config = parse("redis://ann:p%40ss@[::1]:7000/3").unwrap();
        assert_eq!(config.username.as_deref(), Some("ann"));
        assert_eq!(config.password.as_ref().map(Secret::expose), Some("p@ss"));
        assert_eq!(config.to_string(), "standalone [::1]:7000 db 3");
        assert!(!format!("{config:?}").contains("p@ss"));
        assert!(!config.tls_enabled);
        let config = parse("rediss://:pw@redis.example.org:7000/3").unwrap();
        assert_eq!((config.tls_enabled, config.to_string().as_str()), (true, "standalone redis.example.org:7000 db 3"));
        for url in [
            "",
            "localhost",
            "http://x",
            "redis://pw@x",
            "redis://x/y",
            "unix:///x?y=1",
            "redis://",
            "redis://x:0",
            "rediss://",
            "rediss://unix:/x",
        ] {
            assert!(parse(url).is_err(), "{url}");
        }
    }
}
