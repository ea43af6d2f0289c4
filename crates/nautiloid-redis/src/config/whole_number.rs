//! Whole numbers, in words that do not speak of Rust's types.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Visitor};

/// Reads a number that is whole and not negative; for `#[serde(deserialize_with)]`.
///
/// Lua has one type of number: `5.0` is a whole number, too.
pub(super) fn deserialize<'de, D: Deserializer<'de>, T: TryFrom<u64>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(WholeNumber(PhantomData))
}

struct WholeNumber<T>(PhantomData<T>);

/// The largest number that every smaller whole one can be told from in floating point.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl<T: TryFrom<u64>> Visitor<'_> for WholeNumber<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        T::try_from(number).map_err(|_| E::custom(format!("{number} is too large")))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::custom(format!("{number} is negative: write a whole number, 0 or more"))),
        }
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        if number.fract() != 0.0 || number.abs() > EXACT {
            return Err(E::custom(format!("{number} is not a whole number")));
        }
        self.visit_i64(number as i64)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::Error;

    use super::*;

    #[test]
    fn numbers_of_both_kinds() {
        let integer = |number: i64| deserialize::<_, u16>(IntoDeserializer::<Error>::into_deserializer(number));
        let float = |number: f64| deserialize::<_, u16>(IntoDeserializer::<Error>::into_deserializer(number));
        assert_eq!((integer(0), integer(65_535), float(7.0)), (Ok(0), Ok(65_535), Ok(7)));
        for (problem, text) in [
            (integer(-1), "-1 is negative: write a whole number, 0 or more"),
            (integer(65_536), "65536 is too large"),
            (float(-1.0), "-1 is negative: write a whole number, 0 or more"),
            (float(1.5), "1.5 is not a whole number"),
            (float(1e300), "1000"),
            (float(f64::NAN), "NaN is not a whole number"),
        ] {
            assert!(problem.as_ref().unwrap_err().to_string().starts_with(text), "{problem:?}");
        }
    }
}
