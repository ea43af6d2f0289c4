//! The name that was meant: what a mistyped name is nearest to.

/// The name that is nearest to `wanted`, if any is so near that it may have been meant: a third of its letters may be
/// wrong, missing, too many, or swapped with their neighbours.
pub fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = wanted.len().div_ceil(3);
    // The lengths first: a script may ask for a name of any length.
    let near = names.filter(|name| name.len().abs_diff(wanted.len()) <= most);
    let (distance, name) = near.map(|name| (distance(wanted, name), name)).min()?;
    (distance <= most).then_some(name)
}

/// How many edits lead from one to the other: a byte more, less or another, or two neighbours swapped.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(last.len());
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before_last[j - 1] + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        for (a, b, edits) in [
            ("", "", 0),
            ("", "abc", 3),
            ("get", "get", 0),
            ("gte", "get", 1),
            ("hgetal", "hgetall", 1),
            ("hgetalll", "hgetall", 1),
            ("zadd", "sadd", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!((distance(a, b), distance(b, a)), (edits, edits), "{a} {b}");
        }
    }

    #[test]
    fn only_what_is_near_may_have_been_meant() {
        let names = ["get", "set", "hgetall", "expire"];
        let nearest = |wanted| nearest(wanted, names.into_iter());
        assert_eq!(nearest("gte"), Some("get"));
        assert_eq!(nearest("hgetAll"), Some("hgetall"));
        assert_eq!(nearest("expires"), Some("expire"));
        assert_eq!(nearest("frobnicate"), None);
        assert_eq!(nearest(""), None);
        assert_eq!(nearest(&"get".repeat(1 << 20)), None);
    }
}
