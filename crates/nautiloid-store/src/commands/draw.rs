//! What SRANDMEMBER, HRANDFIELD and ZRANDMEMBER have in common: with a positive count they draw different elements, with
//! a negative one that many, each drawn anew.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::parse::{integer_within, is, syntax};

/// Most elements that a negative count draws. Redis has no bound, and ends when the reply does not fit in memory; this
/// store shares its memory with a server that has more to do.
const MOST_DRAWN: i64 = 1 << 20;

/// A count; `elements` is what there is to draw, for the error.
pub(super) fn wanted(count: &Bytes, elements: &str) -> Result<i64, Value> {
    let wanted = any_count(count)?;
    check(wanted, elements)?;
    Ok(wanted)
}

/// `[count [option]]`: a count, and whether the elements are given with what belongs to them.
pub(super) fn wanted_pairs(args: &[Bytes], option: &str, elements: &str) -> Result<(Option<i64>, bool), Value> {
    let Some((count, rest)) = args.split_first() else { return Ok((None, false)) };
    let wanted = any_count(count)?;
    let in_pairs = match rest {
        [] => false,
        [word] if is(word, option) => true,
        _ => return Err(syntax()),
    };
    let half = i64::MAX / 2;
    if in_pairs && !(-half..=half).contains(&wanted) {
        return Err(Value::error("ERR value is out of range"));
    }
    check(wanted, elements)?;
    Ok((Some(wanted), in_pairs))
}

fn any_count(count: &Bytes) -> Result<i64, Value> {
    // The opposite of the least integer would not fit.
    integer_within(count, -i64::MAX, i64::MAX)
}

fn check(wanted: i64, elements: &str) -> Result<(), Value> {
    if wanted < -MOST_DRAWN {
        return Err(Value::error(format!("ERR value is out of range, at most {MOST_DRAWN} {elements} are drawn")));
    }
    Ok(())
}

/// The places of the elements drawn, of `length`, which is not 0.
pub(super) fn places(wanted: i64, length: usize) -> Vec<usize> {
    if wanted < 0 {
        return (wanted..0).map(|_| one_place(length)).collect();
    }
    fastrand::choose_multiple(0..length, usize::try_from(wanted).unwrap_or(usize::MAX).min(length))
}

/// The place of one element drawn, of `length`, which is not 0.
pub(super) fn one_place(length: usize) -> usize {
    fastrand::usize(..length)
}
