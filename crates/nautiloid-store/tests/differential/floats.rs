//! Sums of floats: of all sizes, and where rounding is close.
//!
//! The random sequences add floats, too, but mostly small ones.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::both::Both;

/// Pairs that are added; each as strings and as fields of a hash.
const PAIRS: usize = 8000;

#[test]
fn random_floats_have_the_same_sum() {
    let mut both = Both::start();
    let mut runner = TestRunner::deterministic();
    let strategy = (float(), float());
    let pairs: Vec<_> = (0..PAIRS).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect();
    let mut replies = BTreeMap::<_, usize>::new();
    for chunk in pairs.chunks(100) {
        let commands: Vec<Vec<&str>> = chunk
            .iter()
            .flat_map(|(a, b)| {
                [
                    vec!["SET", "k", a],
                    vec!["INCRBYFLOAT", "k", b],
                    vec!["GET", "k"],
                    vec!["HSET", "h", "f", a],
                    vec!["HINCRBYFLOAT", "h", "f", b],
                    vec!["HGET", "h", "f"],
                ]
            })
            .collect();
        let [redis, store] = both.each().map(|(_, connection)| connection.pipeline(&commands).unwrap());
        for (at, (redis, store)) in redis.iter().zip(&store).enumerate() {
            let (a, b) = &chunk[at / 6];
            assert_eq!(redis, store, "{} with {a} and {b}", commands[at][0]);
            if commands[at][0] == "INCRBYFLOAT" {
                *replies.entry(matches!(redis, nautiloid_resp::Value::Bulk(_))).or_default() += 1;
            }
        }
    }
    // Most are sums, and some are errors.
    assert!(replies[&true] > PAIRS / 2 && replies[&false] > PAIRS / 100, "{replies:?}");
}

/// A number as text, of any size and form; now and then none.
fn float() -> BoxedStrategy<String> {
    let digits = |most: usize| proptest::string::string_regex(&format!("[0-9]{{0,{most}}}")).unwrap();
    let number = prop_oneof![
        // Everyday ones.
        (0..1000u32, 0..1000u32).prop_map(|(whole, places)| format!("{whole}.{places}")),
        (0f64..1e6).prop_map(|number| number.to_string()),
        // Whole numbers and fractions longer than 64 bits.
        digits(60).prop_map(|digits| format!("0{digits}")),
        (digits(25), digits(30)).prop_map(|(whole, places)| format!("{whole}.{places}")),
        (0..40usize, digits(30)).prop_map(|(zeros, places)| format!("0.{}{places}", "0".repeat(zeros))),
        // All exponents, up to where they are out of range.
        (digits(22), -40..40i32).prop_map(|(digits, exponent)| format!("1{digits}e{exponent}")),
        (digits(22), digits(9), -5000..5000i32).prop_map(|(whole, places, e)| format!("{whole}.{places}E{e:+}")),
        // Halfway between two neighbours, and just beside it.
        (1u64 << 63.., 1..60u32, select(vec![0, 1]), select(vec!["", "0", "1", "000001"]))
            .prop_map(|(mantissa, shift, below, behind)| halfway(mantissa, shift, below, behind)),
        (any::<u64>(), digits(6), -100..100i32).prop_map(|(a, b, e)| format!("0x{a:x}.{b}p{e}")),
        select(vec!["inf", "-inf", "nan", "", ".", "e1", "1e", "0x", "0x.p1", " 1", "1 ", "1,5"])
            .prop_map(str::to_owned),
    ];
    (select(vec!["", "", "-", "-", "+"]), number).prop_map(|(sign, number)| format!("{sign}{number}")).boxed()
}

/// `(2 * mantissa + 1) / 2^shift` in decimal: one bit more than a `long double` holds. With `below`, the last digit is
/// one less; `behind` comes after it.
fn halfway(mantissa: u64, shift: u32, below: u32, behind: &str) -> String {
    let mut whole = u128::from(mantissa) * 2 + 1;
    let fraction_mask = (1u128 << shift) - 1;
    let mut fraction = whole & fraction_mask;
    whole >>= shift;
    let mut places = String::new();
    while fraction != 0 {
        fraction *= 10;
        places.push(char::from_digit((fraction >> shift) as u32, 10).unwrap());
        fraction &= fraction_mask;
    }
    // The last place of an odd number over a power of two is a 5.
    if below == 1 {
        places.pop();
        places.push('4');
    }
    format!("{whole}.{places}{behind}")
}
