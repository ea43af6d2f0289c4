//! Hexadecimal floats, `0x1.8p3`: the C library reads them, and so does Redis.

use super::round;

/// Digits of which every bit is kept. What comes behind leaves a mark only, far below the bits that count.
const KEPT: usize = 31;

/// Reads what stands behind `0x`, without a sign: digits with an optional point, and perhaps a power of two. The nearest
/// `mantissa * 2^exponent` as `round` gives it; `None` when it is no number.
pub(super) fn parse(text: &[u8]) -> Option<(u64, i32)> {
    let (number, power) = match text.iter().position(|b| matches!(b, b'p' | b'P')) {
        Some(at) => (&text[..at], super::decimal::parse_exponent(&text[at + 1..])?),
        None => (text, 0),
    };
    let (mut bits, mut exponent, mut digits, mut behind) = (0u128, power, 0, false);
    for &byte in number {
        if byte == b'.' && !behind {
            behind = true;
            continue;
        }
        let digit = char::from(byte).to_digit(16)?;
        digits += 1;
        if bits >> (4 * (KEPT - 1)) == 0 {
            bits = bits << 4 | u128::from(digit);
            exponent -= if behind { 4 } else { 0 };
        } else {
            bits |= u128::from(digit != 0);
            exponent += if behind { 0 } else { 4 };
        }
    }
    if digits == 0 {
        return None;
    }
    // Farther than any float reaches, and it fits.
    let exponent = i32::try_from(exponent.clamp(-1_000_000, 1_000_000)).ok()?;
    Some(round(bits, exponent))
}
