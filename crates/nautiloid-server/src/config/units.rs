//! Values with a unit: `"5s"`, `"64MiB"`. A bare number is refused, because nobody can tell seconds from milliseconds.

use std::time::Duration;

use serde::de::{Deserializer, Error};

/// A duration in jiff's friendly format: `"500ms"`, `"5s"`, `"1m 30s"`.
pub(super) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = with_unit(deserializer, "a duration with its unit, such as \"500ms\" or \"5s\"")?;
    let parsed: jiff::SignedDuration = text.parse().map_err(|_| {
        D::Error::custom(format!("{text:?} is not a duration: write a number with its unit, \"500ms\" or \"5s\""))
    })?;
    parsed.try_into().map_err(|_| D::Error::custom("a duration cannot be negative"))
}

const UNITS: [(&str, usize); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// A number of bytes: `"512B"`, `"64KiB"`, `"1MiB"`, `"2GiB"`.
pub(super) fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let text = with_unit(deserializer, "a size with its unit, such as \"512KiB\" or \"1MiB\"")?;
    parse_size(&text).ok_or_else(|| {
        D::Error::custom(format!(
            "{text:?} is not a size: write a whole number with B, KiB, MiB or GiB, as in \"1MiB\""
        ))
    })
}

fn parse_size(text: &str) -> Option<usize> {
    let (number, factor) =
        UNITS.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?.trim_end(), factor)))?;
    // `parse` alone would take a sign.
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse::<usize>().ok().filter(|_| digits)?.checked_mul(*factor)
}

fn with_unit<'de, D: Deserializer<'de>>(deserializer: D, expected: &'static str) -> Result<String, D::Error> {
    struct Text(&'static str);
    impl serde::de::Visitor<'_> for Text {
        type Value = String;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }
    }
    deserializer.deserialize_str(Text(expected))
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes() {
        for (text, bytes) in
            [("0B", 0), ("512B", 512), ("64KiB", 65_536), ("1MiB", 1_048_576), ("2 GiB", 2_147_483_648)]
        {
            assert_eq!(parse_size(text), Some(bytes), "{text}");
        }
        for text in ["", "1", "MiB", "1.5MiB", "-1B", "+1B", "1mb", "99999999999999999999B", "99999999999999GiB"] {
            assert_eq!(parse_size(text), None, "{text}");
        }
    }
}
