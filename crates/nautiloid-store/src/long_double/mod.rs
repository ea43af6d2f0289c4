//! The arithmetic of `INCRBYFLOAT` and `HINCRBYFLOAT`: C's `long double` of x86-64, which Redis uses.
//!
//! It has 64 bits of mantissa where `f64` has 53, and the results show: Redis makes 3.0 + 1.1 exactly 4.1, and prints 17
//! places after the point. Rust has no such type, so this is one in integers: reading, adding and writing are exact and
//! then rounded once, to the nearest and to the even one at a tie, as the hardware and the C library do.
//!
//! Left out: the lost bits of numbers below 1e-4932, which the 17 places never show.

mod decimal;
mod hexadecimal;

use decimal::Decimal;

/// A `long double` that is no NaN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LongDouble {
    /// `inf`, `-inf`
    Infinite,
    Finite(Finite),
}

/// `mantissa * 2^exponent`; the highest bit of the mantissa is set, or it is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Finite {
    negative: bool,
    mantissa: u64,
    exponent: i32,
}

/// Longest text that Redis reads as a float, in bytes.
const LONGEST: usize = 5 * 1024 - 1;

/// Exponents of [`Finite`] from the smallest number that is not rounded to zero to the largest that is finite.
const EXPONENTS: std::ops::RangeInclusive<i32> = -16_509..=16_320;

impl LongDouble {
    /// What a missing value counts as.
    pub(crate) const ZERO: LongDouble = LongDouble::Finite(Finite { negative: false, mantissa: 0, exponent: 0 });

    /// Reads all of the text; `None` when it is no number, is NaN, or is out of range.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (negative, digits) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            _ => (false, text),
        };
        if digits.eq_ignore_ascii_case(b"inf") || digits.eq_ignore_ascii_case(b"infinity") {
            return Some(LongDouble::Infinite);
        }
        let (mantissa, exponent) = match digits {
            [b'0', b'x' | b'X', digits @ ..] => hexadecimal::parse(digits)?,
            _ => Decimal::parse(digits)?.into_binary().unwrap_or((0, 0)),
        };
        EXPONENTS.contains(&exponent).then_some(LongDouble::Finite(Finite { negative, mantissa, exponent }))
    }

    /// The sum; `None` when it is infinite or no number.
    pub(crate) fn add(self, other: LongDouble) -> Option<Finite> {
        match (self, other) {
            (LongDouble::Finite(a), LongDouble::Finite(b)) => {
                Some(a.add(b)).filter(|sum| sum.exponent <= *EXPONENTS.end())
            }
            _ => None,
        }
    }
}

impl Finite {
    fn add(self, other: Finite) -> Finite {
        let (big, small) = if (self.mantissa != 0, self.exponent, self.mantissa)
            >= (other.mantissa != 0, other.exponent, other.mantissa)
        {
            (self, other)
        } else {
            (other, self)
        };
        if small.mantissa == 0 {
            return big;
        }
        // 63 bits below the mantissa: more than enough to round rightly once what falls out is remembered in the last.
        let wide = u128::from(big.mantissa) << 63;
        let distance = big.exponent.abs_diff(small.exponent);
        let narrow = shift_right(u128::from(small.mantissa) << 63, distance);
        let sum = if big.negative == small.negative { wide + narrow } else { wide - narrow };
        let (mantissa, exponent) = round(sum, big.exponent - 63);
        Finite { negative: big.negative && mantissa != 0, mantissa, exponent }
    }

    /// As Redis writes it: at most 17 places, and no zeros at the end of them.
    pub(crate) fn to_redis_string(self) -> String {
        let digits = if self.exponent >= 0 {
            format!("{}{:017}", Decimal::integer(self.mantissa, self.exponent.unsigned_abs()), 0)
        } else {
            // 2^64 * 10^17 has 121 bits.
            let scaled = u128::from(self.mantissa) * 10u128.pow(17);
            format!("{:018}", divide_by_power_of_two(scaled, self.exponent.unsigned_abs()))
        };
        let (whole, places) = digits.split_at(digits.len() - 17);
        let places = places.trim_end_matches('0');
        let sign = if self.negative && !(whole == "0" && places.is_empty()) { "-" } else { "" };
        if places.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{places}") }
    }
}

/// Shifts; bits that fall out leave a mark in the lowest one.
fn shift_right(bits: u128, by: u32) -> u128 {
    match bits.checked_shr(by) {
        Some(shifted) => shifted | u128::from(shifted << by != bits),
        None => u128::from(bits != 0),
    }
}

/// `bits / 2^by`, to the nearest, and to the even one at a tie.
fn divide_by_power_of_two(bits: u128, by: u32) -> u128 {
    if by == 0 {
        return bits;
    }
    // Two bits more than wanted, the lower one marking all below.
    let shifted = if by >= 2 { shift_right(bits, by - 2) } else { bits << (2 - by) };
    let (quotient, rest) = (shifted >> 2, shifted & 3);
    quotient + u128::from(rest == 3 || (rest == 2 && quotient & 1 == 1))
}

/// `bits * 2^exponent` with 64 bits of mantissa.
fn round(bits: u128, exponent: i32) -> (u64, i32) {
    if bits == 0 {
        return (0, 0);
    }
    let zeros = bits.leading_zeros();
    let normal = bits << zeros;
    let exponent = exponent + 64 - zeros.cast_signed();
    match u64::try_from(divide_by_power_of_two(normal, 64)) {
        Ok(mantissa) => (mantissa, exponent),
        // Rounded up to 2^64.
        Err(_) => (1 << 63, exponent + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::LongDouble;

    fn add(a: &str, b: &str) -> Option<String> {
        let parse = |text: &str| LongDouble::parse(text.as_bytes()).unwrap();
        Some(parse(a).add(parse(b))?.to_redis_string())
    }

    /// From the documentation of Redis, and from a real one.
    #[test]
    fn sums_are_those_of_redis() {
        for (a, b, sum) in [
            ("10.50", "0.1", "10.6"),
            ("5.0e3", "2.0e2", "5200"),
            ("3.0", "1.1", "4.1"),
            ("10.6", "-5", "5.6"),
            ("0", "1e17", "100000000000000000"),
            ("0.1", "0.2", "0.3"),
            ("-0", "0", "0"),
            ("1", "-1", "0"),
            ("0", "1e-18", "0"),
            ("0", "-1e-18", "0"),
            ("0", "1e-17", "0.00000000000000001"),
            ("18446744073709551615", "1", "18446744073709551616"),
            ("18446744073709551616", "1", "18446744073709551616"),
            ("18446744073709551616", "3", "18446744073709551620"),
            ("9223372036854775807", "0.5", "9223372036854775807.5"),
            ("1e30", "1", "1000000000000000000024696061952"),
            ("+.5", "5.", "5.5"),
            ("0x1.8p3", "-0X.Ap+0", "11.375"),
            ("0x00000000000000000000000000000000000010", "0x1p-17", "16.00000762939453125"),
            ("0x10000000000000001", "0", "18446744073709551616"),
            ("0x80000000000000008000000000000000000001p-88", "0", "9223372036854775809"),
        ] {
            assert_eq!(add(a, b).as_deref(), Some(sum), "{a} + {b}");
        }
        assert_eq!(add("inf", "-inf"), None);
        assert_eq!(add("1.1e4932", "1.1e4932"), None);
        assert_eq!(add("1e4932", "0").unwrap().len(), 4933);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        let decimal =
            ["", " 1", "1 ", "nan", "1e", "e1", ".", "+", "1,5", "--1", "1e5000", "1e-5000", "1e99999999999", "1\0"];
        let hexadecimal = ["0x", "0x.", "0x1p", "0x1.2.3", "0x1g", "x1", "0x-1", "0x1p99999", "0x1p-99999"];
        for text in decimal.iter().chain(&hexadecimal) {
            assert_eq!(LongDouble::parse(text.as_bytes()), None, "{text:?}");
        }
        for text in ["1e400", "1e-4940", "0e99999", "0.0e-99999", "0x0p99999", "inf", "-Infinity"] {
            assert!(LongDouble::parse(text.as_bytes()).is_some(), "{text:?}");
        }
    }
}
