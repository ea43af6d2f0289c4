//! `[[hooks]]`: which script answers which requests.

use std::fmt;
use std::str::FromStr;

use http::{Method, Uri};
use serde::{Deserialize, Deserializer};

use super::ScriptFile;

/// One hook.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HookConfig {
    /// Where it is served, below `/api/v1/custom`.
    pub location: Location,
    /// The method that it answers; one of `METHODS`.
    #[serde(deserialize_with = "method")]
    pub method: Method,
    /// The script that defines `nauthilus_run_hook`.
    pub script: ScriptFile,
    /// Whether it may be called without authentication. Kept for when there is any: today every hook is open.
    #[serde(default)]
    pub public: bool,
}

/// The methods that a hook can have.
const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];

/// A hook's path below `/api/v1/custom`: begins with a slash, which the configuration may leave out, and is compared
/// with a request's path byte for byte, `%` escapes included.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Location(String);

impl Location {
    /// The path, with its leading slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is wrong with a location.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not a path such as \"/login/count\" (no query, no spaces, special characters as %XX)")]
pub struct InvalidLocation(String);

impl TryFrom<String> for Location {
    type Error = InvalidLocation;

    fn try_from(written: String) -> Result<Self, InvalidLocation> {
        let path = format!("/{}", written.strip_prefix('/').unwrap_or(&written));
        // A path that a request could not have would make a hook that nothing reaches.
        let reachable = path.is_ascii() && path.len() > 1 && Uri::from_str(&path).is_ok_and(|uri| uri.path() == path);
        if reachable { Ok(Location(path)) } else { Err(InvalidLocation(written)) }
    }
}

fn method<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Method, D::Error> {
    let written = String::deserialize(deserializer)?;
    METHODS.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(&written)).ok_or_else(|| {
        let known = METHODS.map(|method| method.to_string()).join(", ");
        serde::de::Error::custom(format!("{written:?} is not a method that a hook can have: {known}"))
    })
}
