//! Numbers as C's `strtod` reads them, which is what `cjson` takes for a number.

/// Whether a text begins with a word, in any case.
pub(super) fn starts_with(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The number that `text` begins with, as `strtod` reads it, and its length.
pub(super) fn number(text: &[u8]) -> Option<(f64, usize)> {
    let sign = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let negative = text.first() == Some(&b'-');
    let (value, length) = magnitude(text.get(sign..)?)?;
    Some((if negative { -value } else { value }, sign + length))
}

fn magnitude(text: &[u8]) -> Option<(f64, usize)> {
    for (word, value) in [(&b"infinity"[..], f64::INFINITY), (b"inf", f64::INFINITY), (b"nan", f64::NAN)] {
        if starts_with(text, word) {
            return Some((value, word.len()));
        }
    }
    if let Some((value, length)) = text.get(2..).filter(|_| starts_with(text, b"0x")).and_then(hexadecimal) {
        return Some((value, 2 + length));
    }
    let digits = |from: usize| text.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(0);
    let mut length = whole;
    if text.get(length) == Some(&b'.') {
        let fraction = digits(length + 1);
        if whole + fraction > 0 {
            length += 1 + fraction;
        }
    }
    if length == 0 {
        return None;
    }
    if let Some(b'e' | b'E') = text.get(length) {
        let sign = usize::from(matches!(text.get(length + 1), Some(b'-' | b'+')));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    let value = std::str::from_utf8(&text[..length]).ok()?.parse().ok()?;
    Some((value, length))
}

/// What stands behind `0x`: digits with an optional point, and perhaps a power of two.
fn hexadecimal(text: &[u8]) -> Option<(f64, usize)> {
    let (mut bits, mut exponent, mut length, mut digits, mut behind) = (0u128, 0i32, 0, 0, false);
    for &byte in text {
        if byte == b'.' && !behind {
            behind = true;
        } else if let Some(digit) = char::from(byte).to_digit(16) {
            digits += 1;
            // Bits that do not fit leave a mark only, far below those that count.
            let fits = bits >> 124 == 0;
            bits = if fits { bits << 4 | u128::from(digit) } else { bits | u128::from(digit != 0) };
            exponent = exponent.saturating_add(4 * (i32::from(!fits) - i32::from(behind)));
        } else {
            break;
        }
        length += 1;
    }
    if digits == 0 {
        return None;
    }
    if let Some(b'p' | b'P') = text.get(length) {
        let (negative, sign) = match text.get(length + 1) {
            Some(b'-') => (true, 1),
            Some(b'+') => (false, 1),
            _ => (false, 0),
        };
        let power = text.get(length + 1 + sign..).unwrap_or_default();
        let count = power.iter().take_while(|b| b.is_ascii_digit()).count();
        let power = power[..count].iter().fold(0i32, |n, b| n.saturating_mul(10).saturating_add((b - b'0').into()));
        if count > 0 {
            length += 1 + sign + count;
            exponent = exponent.saturating_add(if negative { -power } else { power });
        }
    }
    if bits == 0 {
        return Some((0.0, length));
    }
    // In two steps, as one alone could be out of range though the number is not.
    let half = exponent / 2;
    Some((bits as f64 * 2f64.powi(half) * 2f64.powi(exponent - half), length))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn as_strtod_reads_them() {
        for (text, expected, length) in [
            ("12.5e1,", 125.0, 6),
            ("-0x1.8p1]", -3.0, 8),
            ("0X.8", 0.5, 4),
            ("0x10p", 16.0, 4),
            ("0x1p-1074", 5e-324, 9),
            ("0x0p99999", 0.0, 9),
            ("0x1p1024", f64::INFINITY, 8),
            ("0x1.00000000000008000000000000000000000000000000001", 1.000_000_000_000_000_2, 51),
            ("0x", 0.0, 1),
            ("0x.", 0.0, 1),
            ("1e", 1.0, 1),
            ("+inf", f64::INFINITY, 4),
        ] {
            assert_eq!(number(text.as_bytes()), Some((expected, length)), "{text}");
        }
        assert_eq!(number(b"-"), None);
        assert_eq!(number(b".e1"), None);
    }
}
