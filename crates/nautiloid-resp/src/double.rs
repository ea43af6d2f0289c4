//! Doubles as C's `%.17g` writes them: the form in which Redis sends scores, and in which it and lua-cjson hand Lua's
//! numbers on.

/// `%.{precision}g`: the shorter of plain and scientific notation, without trailing zeros. `precision` is 1 or more.
pub fn general(value: f64, precision: usize) -> String {
    if value.is_nan() {
        return if value.is_sign_negative() { "-nan".into() } else { "nan".into() };
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf".into() } else { "-inf".into() };
    }
    // Most numbers of scripts are small integers.
    if value.abs() < 1e9 && value.fract() == 0.0 && precision > 9 && value.to_bits() != (-0.0_f64).to_bits() {
        return itoa::Buffer::new().format(value as i64).to_owned();
    }
    let scientific = format!("{value:.*e}", precision.saturating_sub(1));
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let precision = i32::try_from(precision).unwrap_or(i32::MAX);
    if exponent < -4 || exponent >= precision {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", without_zeros(digits), exponent.unsigned_abs());
    }
    let decimals = usize::try_from(precision - 1 - exponent).unwrap_or(0);
    let mut plain = format!("{value:.decimals$}");
    plain.truncate(without_zeros(&plain).len());
    plain
}

fn without_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

#[cfg(test)]
mod tests {
    use super::general;

    #[test]
    fn as_c_writes_them() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (3.0, "3"),
            (-12.0, "-12"),
            (3.5, "3.5"),
            (0.1, "0.10000000000000001"),
            (1e16, "10000000000000000"),
            (1e17, "1e+17"),
            (1e300, "1.0000000000000001e+300"),
            (0.0001, "0.0001"),
            (0.00001, "1.0000000000000001e-05"),
            (100.0, "100"),
            (f64::INFINITY, "inf"),
            (-f64::NAN, "-nan"),
        ] {
            assert_eq!(general(value, 17), expected);
        }
        assert_eq!(general(1.213_469_703_598_450_3e-63, 14), "1.2134697035985e-63");
        assert_eq!(general(0.1, 14), "0.1");
        assert_eq!(general(1e15, 14), "1e+15");
        assert_eq!(general(99_999_999_999_999.9, 14), "1e+14");
    }

    proptest::proptest! {
        /// 17 digits tell every double apart, and 14 are as near as 14 can be. (LuaJIT's own `%.14g` is no reference: it
        /// rounds 1.2134697035984503e-63 down.)
        #[test]
        fn digits_are_those_of_the_value(value in proptest::num::f64::NORMAL, small in -1e6..1e6) {
            for value in [value, small, small.trunc(), small / 1024.0] {
                let read = |precision| general(value, precision).parse::<f64>().unwrap();
                proptest::prop_assert_eq!(read(17), value);
                proptest::prop_assert!((read(14) - value).abs() <= value.abs() * 5.01e-14, "{}", general(value, 14));
                let text = general(value, 14);
                let digits = text.split('e').next().unwrap_or_default();
                proptest::prop_assert!(!digits.contains('.') || !digits.ends_with(['0', '.']), "{text}");
            }
        }
    }
}
