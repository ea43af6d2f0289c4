//! A password that cannot be printed by accident.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny};

/// A password. `Debug` shows that one is set and never which; there is no `Display`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a password.
    pub fn new(password: impl Into<String>) -> Self {
        Secret(password.into())
    }

    /// The password itself, for the one place that sends it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// An empty password means none, as in the specification's example of a pool.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// By hand: serde's own message for a number where a string is expected repeats the number, and someone may have left
/// out the quotes.
impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Given {
            Text(String),
            Other(IgnoredAny),
        }
        match Given::deserialize(deserializer)? {
            Given::Text(text) => Ok(Secret(text)),
            Given::Other(IgnoredAny) => Err(D::Error::custom("a string in quotes is expected")),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "(none)" } else { "(set)" })
    }
}
