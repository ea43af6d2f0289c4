//! Scores as Redis reads them.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::parse::c_string;

/// A score: a decimal number, or `inf` with a sign or without.
///
/// # Errors
/// `ERR value is not a valid float`, also for NaN and what is out of range.
pub(super) fn score(text: &[u8]) -> Result<f64, Value> {
    exact(text).ok_or_else(|| Value::error("ERR value is not a valid float"))
}

/// As [`score`], without an error of its own.
pub(super) fn exact(text: &[u8]) -> Option<f64> {
    let number = number(text)?;
    let digits = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let is_named = digits.first().is_some_and(|b| b.eq_ignore_ascii_case(&b'i'));
    let is_zero = digits.iter().take_while(|b| !b.eq_ignore_ascii_case(&b'e')).all(|b| !(b'1'..=b'9').contains(b));
    // Too large or too small for a double is an error of C's.
    let in_range = (number.is_finite() || is_named) && (number != 0.0 || is_zero || is_hexadecimal(digits));
    in_range.then_some(number)
}

/// One end of a range of scores: `5`, `(5`, `-inf`.
#[derive(Debug, Clone, Copy)]
pub(super) struct ScoreBound {
    pub(super) score: f64,
    /// The score itself is left out.
    pub(super) is_open: bool,
}

impl ScoreBound {
    /// # Errors
    /// `ERR min or max is not a float`
    pub(super) fn parse(text: &Bytes) -> Result<Self, Value> {
        let (digits, is_open) = match text.strip_prefix(b"(") {
            Some(digits) => (digits, true),
            None => (&text[..], false),
        };
        // As C's `strtod` reads a string of C: up to a NUL, after white space, and nothing at all is 0.
        let digits = c_string(digits, usize::MAX);
        let start = digits.iter().position(|b| !matches!(b, b' ' | b'\t'..=b'\r')).unwrap_or(0);
        let score = if digits.is_empty() { Some(0.0) } else { number(&digits[start..]) };
        let score = score.ok_or_else(|| Value::error("ERR min or max is not a float"))?;
        Ok(ScoreBound { score, is_open })
    }
}

/// One end of a range of members: `[a`, `(a`, `-`, `+`.
#[derive(Debug, Clone, Copy)]
pub(super) enum MemberBound<'a> {
    /// Before all members.
    Lowest,
    /// Behind all members.
    Highest,
    At {
        member: &'a [u8],
        is_open: bool,
    },
}

impl<'a> MemberBound<'a> {
    /// # Errors
    /// `ERR min or max not valid string range item`
    pub(super) fn parse(text: &'a [u8]) -> Result<Self, Value> {
        match text {
            b"-" => Ok(MemberBound::Lowest),
            b"+" => Ok(MemberBound::Highest),
            [b'(', member @ ..] => Ok(MemberBound::At { member, is_open: true }),
            [b'[', member @ ..] => Ok(MemberBound::At { member, is_open: false }),
            _ => Err(Value::error("ERR min or max not valid string range item")),
        }
    }
}

/// As C's `strtod` reads all of a text; `None` for NaN and what is no number.
pub(super) fn number(text: &[u8]) -> Option<f64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let magnitude = if is_hexadecimal(digits) {
        hexadecimal(&digits[2..])?
    } else {
        // Rust would take another sign.
        digits.first().filter(|b| b.is_ascii_digit() || **b == b'.' || b.eq_ignore_ascii_case(&b'i'))?;
        std::str::from_utf8(digits).ok()?.parse::<f64>().ok()?
    };
    Some(if negative { -magnitude } else { magnitude })
}

fn is_hexadecimal(digits: &[u8]) -> bool {
    matches!(digits, [b'0', b'x' | b'X', ..])
}

/// `1.8p1`, behind `0x`.
fn hexadecimal(text: &[u8]) -> Option<f64> {
    let (digits, exponent) = match text.iter().position(|b| b.eq_ignore_ascii_case(&b'p')) {
        Some(at) => (&text[..at], std::str::from_utf8(&text[at + 1..]).ok()?.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let point = digits.iter().position(|b| *b == b'.');
    let (mut value, mut any) = (0.0_f64, false);
    for digit in digits.iter().filter(|b| **b != b'.') {
        value = value * 16.0 + f64::from(char::from(*digit).to_digit(16)?);
        any = true;
    }
    let behind = point.map_or(0, |point| digits.len() - point - 1);
    let scale = exponent.saturating_sub(i32::try_from(behind).ok()?.saturating_mul(4));
    let points = digits.iter().filter(|b| **b == b'.').count();
    (any && points <= 1).then(|| value * 2.0_f64.powi(scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_c_reads() {
        for (text, value) in [
            ("1", 1.0),
            ("-1.5e3", -1500.0),
            ("+2", 2.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("inf", f64::INFINITY),
            ("-Inf", f64::NEG_INFINITY),
            ("+infinity", f64::INFINITY),
            ("0x10", 16.0),
            ("0x1.8p1", 3.0),
            ("-0", 0.0),
            ("0e5", 0.0),
        ] {
            assert_eq!(exact(text.as_bytes()), Some(value), "{text}");
        }
        for text in ["", " 1", "1 ", "nan", "-nan", "1e400", "-1e400", "1e-400", "--1", "+-1", "abc", "1e", "0x", "1,5"]
        {
            assert_eq!(exact(text.as_bytes()), None, "{text}");
        }
    }
}
