//! Durations with their unit: `"500ms"`, `"5s"`. A bare number is refused: nobody can tell seconds from milliseconds.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserializer, Error, Visitor};

/// Reads a duration in jiff's friendly format, `"1m 30s"`; for `#[serde(deserialize_with)]`.
///
/// # Errors
/// It is no string, no duration, or negative.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    struct Text;
    impl Visitor<'_> for Text {
        type Value = Duration;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a duration with its unit, such as \"500ms\" or \"5s\"")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Duration, E> {
            let parsed: jiff::SignedDuration = text.parse().map_err(|_| {
                E::custom(format!("{text:?} is not a duration: write a number with its unit, \"500ms\" or \"5s\""))
            })?;
            parsed.try_into().map_err(|_| E::custom("a duration cannot be negative"))
        }
    }
    deserializer.deserialize_str(Text)
}
