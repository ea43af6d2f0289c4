//! Decimal numbers of any length, for the exact way between digits and a binary mantissa.
//!
//! Multiplying and dividing by a power of two is exact in decimal: a number is brought between 2^63 and 2^64, and what
//! stands before the point then is the mantissa.

use std::cmp::Ordering;
use std::fmt;

/// Decimal digits of a limb.
const DIGITS: usize = 9;
const BASE: u64 = 1_000_000_000;

/// Largest power of two taken in one step: a limb times it fits in 64 bits.
const STEP: u32 = 24;

/// Numbers with the first digit farther from the point are out of range for a `long double`.
const FARTHEST: usize = 5000;

/// A number that is not negative, in limbs of base 10^9.
#[derive(Debug, Default)]
pub(super) struct Decimal {
    /// Before the point, the lowest limb first, the last of them not zero.
    whole: Vec<u32>,
    /// Behind the point, the highest limb first.
    part: Vec<u32>,
}

impl Decimal {
    /// Reads digits with an optional point and exponent, without a sign. `None` when they are none or far out of range.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let (number, exponent) = match text.iter().position(|b| matches!(b, b'e' | b'E')) {
            Some(at) => (&text[..at], parse_exponent(&text[at + 1..])?),
            None => (text, 0),
        };
        let (before, behind) = match number.iter().position(|b| *b == b'.') {
            Some(at) => (&number[..at], &number[at + 1..]),
            None => (number, &number[number.len()..]),
        };
        let digits = [before, behind].concat();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let Some(first) = digits.iter().position(|b| *b != b'0') else { return Some(Self::default()) };
        let digits = &digits[first..];
        // Number of digits before the point; negative: of zeros behind it.
        let point = exponent.checked_add(i64::try_from(before.len()).ok()? - i64::try_from(first).ok()?)?;
        let distance = usize::try_from(point.unsigned_abs()).ok().filter(|distance| *distance <= FARTHEST)?;
        let zeros = |count| std::iter::repeat_n(b'0', count);
        let (whole, part): (Vec<u8>, Vec<u8>) = if point <= 0 {
            (Vec::new(), zeros(distance).chain(digits.iter().copied()).collect())
        } else if let Some((whole, part)) = digits.split_at_checked(distance) {
            (whole.to_vec(), part.to_vec())
        } else {
            (digits.iter().copied().chain(zeros(distance - digits.len())).collect(), Vec::new())
        };
        let limb = |digits: &[u8]| digits.iter().fold(0, |limb, digit| limb * 10 + u32::from(digit - b'0'));
        let padded = |digits: &[u8]| (digits.len()..DIGITS).fold(limb(digits), |limb, _| limb * 10);
        Some(Decimal {
            whole: whole.rchunks(DIGITS).map(limb).collect(),
            part: part.chunks(DIGITS).map(padded).collect(),
        })
    }

    /// The integer `mantissa * 2^exponent`.
    pub(super) fn integer(mantissa: u64, exponent: u32) -> Self {
        let mut decimal = Self::default();
        decimal.carry(mantissa);
        let mut left = exponent;
        while left > 0 {
            let step = left.min(STEP);
            decimal.multiply(step);
            left -= step;
        }
        decimal
    }

    /// The nearest `mantissa * 2^exponent` with all 64 bits of the mantissa used, the even one at a tie; `None` for zero.
    pub(super) fn into_binary(mut self) -> Option<(u64, i32)> {
        if self.whole.is_empty() && self.part.iter().all(|limb| *limb == 0) {
            return None;
        }
        let mut exponent = 0;
        let whole = loop {
            match self.whole() {
                // More than three limbs are more than 2^89: a large step does not go too far.
                None => {
                    let step = if self.whole.len() > 3 { STEP } else { 1 };
                    self.divide(step);
                    exponent += step.cast_signed();
                }
                Some(whole) if whole.leading_zeros() == 0 => break whole,
                Some(whole) => {
                    let step = whole.leading_zeros().min(STEP);
                    self.multiply(step);
                    exponent -= step.cast_signed();
                }
            }
        };
        let up = match self.compare_part_to_half() {
            Ordering::Less => false,
            Ordering::Equal => whole & 1 == 1,
            Ordering::Greater => true,
        };
        // Rounded up to 2^64, it is 2^63 twice.
        Some(whole.checked_add(u64::from(up)).map_or((1 << 63, exponent + 1), |mantissa| (mantissa, exponent)))
    }

    /// What stands before the point, if it fits.
    fn whole(&self) -> Option<u64> {
        let highest_first = self.whole.iter().rev();
        highest_first.copied().try_fold(0u64, |whole, limb| whole.checked_mul(BASE)?.checked_add(limb.into()))
    }

    fn compare_part_to_half(&self) -> Ordering {
        match self.part.split_first() {
            None => Ordering::Less,
            Some((first, rest)) => u64::from(*first)
                .cmp(&(BASE / 2))
                .then_with(|| if rest.iter().any(|limb| *limb != 0) { Ordering::Greater } else { Ordering::Equal }),
        }
    }

    /// Multiplies by `2^step`.
    fn multiply(&mut self, step: u32) {
        let mut carry = 0;
        for limb in self.part.iter_mut().rev().chain(self.whole.iter_mut()) {
            let product = (u64::from(*limb) << step) + carry;
            *limb = low(product);
            carry = product / BASE;
        }
        self.carry(carry);
    }

    /// Puts what is carried out of the highest limb in front of it.
    fn carry(&mut self, mut carry: u64) {
        while carry > 0 {
            self.whole.push(low(carry));
            carry /= BASE;
        }
    }

    /// Divides by `2^step`, exactly: new limbs come behind until nothing is left.
    fn divide(&mut self, step: u32) {
        let mut rest = 0;
        let mut next = |limb: u64| {
            let dividend = rest * BASE + limb;
            rest = dividend % (1 << step);
            (low(dividend >> step), rest)
        };
        for limb in self.whole.iter_mut().rev().chain(self.part.iter_mut()) {
            *limb = next((*limb).into()).0;
        }
        loop {
            let (limb, rest) = next(0);
            if limb == 0 && rest == 0 {
                break;
            }
            self.part.push(limb);
        }
        while self.whole.last() == Some(&0) {
            self.whole.pop();
        }
    }
}

/// The lowest limb of a number.
fn low(number: u64) -> u32 {
    // It is less than 10^9.
    u32::try_from(number % BASE).unwrap_or_default()
}

/// Digits with a sign perhaps. One that is out of range comes out as one that is.
pub(super) fn parse_exponent(text: &[u8]) -> Option<i64> {
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        _ => (1, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let bounded = digits.iter().fold(0, |n: i64, digit| (n * 10 + i64::from(digit - b'0')).min(1_000_000));
    Some(sign * bounded)
}

/// The digits before the point.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut highest_first = self.whole.iter().rev();
        write!(f, "{}", highest_first.next().unwrap_or(&0))?;
        highest_first.try_for_each(|limb| write!(f, "{limb:09}"))
    }
}
