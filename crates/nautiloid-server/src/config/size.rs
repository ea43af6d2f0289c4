//! Sizes with their unit: `"64MiB"`. A bare number is refused: nobody can tell bytes from mebibytes.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};

const UNITS: [(&str, usize); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// Reads a number of bytes, `"512B"`, `"64KiB"`, `"1MiB"` or `"2GiB"`; for `#[serde(deserialize_with)]`.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    struct Text;
    impl Visitor<'_> for Text {
        type Value = usize;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a size with its unit, such as \"512KiB\" or \"1MiB\"")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<usize, E> {
            parse_size(text).ok_or_else(|| {
                E::custom(format!(
                    "{text:?} is not a size: write a whole number with B, KiB, MiB or GiB, as in \"1MiB\""
                ))
            })
        }
    }
    deserializer.deserialize_str(Text)
}

fn parse_size(text: &str) -> Option<usize> {
    let (number, factor) =
        UNITS.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?.trim_end(), factor)))?;
    // `parse` alone would take a sign.
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse::<usize>().ok().filter(|_| digits)?.checked_mul(*factor)
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
