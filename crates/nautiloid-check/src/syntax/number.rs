//! Literal numbers, as LuaJIT reads them.

/// The number that a literal stands for, `Some(None)` for one that is no number of Lua's: a 64-bit integer of LuaJIT's
/// (`10LL`), or an imaginary one (`2i`). `None` for what is malformed.
pub(super) fn parse(literal: &[u8]) -> Option<Option<f64>> {
    let text = std::str::from_utf8(literal).ok()?.to_ascii_lowercase().replace('_', "");
    let (digits, suffix) =
        ["ull", "ll", "i"].iter().find_map(|suffix| Some((text.strip_suffix(suffix)?, *suffix))).unwrap_or((&text, ""));
    let value = if let Some(digits) = digits.strip_prefix("0x") {
        hexadecimal(digits)
    } else if let Some(digits) = digits.strip_prefix("0b") {
        radix(digits, 2.0)
    } else {
        decimal(digits)
    }?;
    match suffix {
        "" => Some(Some(value)),
        "i" => Some(None),
        // An integer must look like one.
        _ => {
            let is_integer = match digits.strip_prefix("0x") {
                Some(digits) => digits.bytes().all(|c| c.is_ascii_hexdigit()),
                None => !digits.contains(['.', 'e']),
            };
            is_integer.then_some(None)
        }
    }
}

fn decimal(digits: &str) -> Option<f64> {
    let (mantissa, exponent) = digits.split_once('e').map_or((digits, None), |(m, e)| (m, Some(e)));
    let good = mantissa.bytes().all(|c| c.is_ascii_digit() || c == b'.') && exponent.is_none_or(is_exponent);
    // Rust reads "1." and ".5" as Lua does, and not "." or "".
    good.then(|| digits.parse().ok())?
}

fn hexadecimal(digits: &str) -> Option<f64> {
    let (mantissa, exponent) = digits.split_once('p').map_or((digits, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let exponent: i32 = match exponent {
        Some(text) if is_exponent(text) => text.parse().ok()?,
        Some(_) => return None,
        None => 0,
    };
    let scale = i32::try_from(fraction.len()).ok()?.checked_mul(4)?;
    let value = radix(&[whole, fraction].concat(), 16.0)?;
    Some(value * f64::from(exponent.saturating_sub(scale)).exp2())
}

fn radix(digits: &str, radix: f64) -> Option<f64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "2 or 16")]
    let base = radix as u32;
    if digits.is_empty() {
        return None;
    }
    digits.chars().try_fold(0.0, |value, digit| Some(value * radix + f64::from(digit.to_digit(base)?)))
}

fn is_exponent(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn numbers_of_luajit() {
        for (literal, value) in [
            ("0", 0.0),
            ("5.", 5.0),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("1E-2", 0.01),
            ("0x10", 16.0),
            ("0xA.8p-1", 5.25),
            ("0x.8", 0.5),
            ("0b101", 5.0),
            ("1_000", 1000.0),
        ] {
            assert_eq!(parse(literal.as_bytes()), Some(Some(value)), "{literal}");
        }
        for literal in ["1LL", "0xffULL", "2i", "1.5i", "12ull"] {
            assert_eq!(parse(literal.as_bytes()), Some(None), "{literal}");
        }
        for literal in ["3x", "0x", "1..2", "1e", "0b2", "1.5LL", "0xg", "1e5e5", "0x1p"] {
            assert_eq!(parse(literal.as_bytes()), None, "{literal}");
        }
    }
}
