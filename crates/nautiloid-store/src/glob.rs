//! Glob patterns of `KEYS` and `SCAN`, with the rules of Redis' own matcher.
//!
//! `*` any bytes, `?` one byte, `[abc]`, `[^abc]`, `[a-z]`, `\` takes the next byte as it is. A class without its end
//! reaches to the end of the pattern.

/// Whether all of `text` matches `pattern`.
///
/// Iterative: a star is retried one byte further instead of by recursion, so a pattern of many stars costs at most the
/// product of the lengths.
pub(crate) fn matches(pattern: &[u8], text: &[u8]) -> bool {
    // A quirk of Redis: of all the patterns that could match nothing, only these two do.
    if text.is_empty() {
        return pattern.is_empty() || pattern == b"*";
    }
    let (mut p, mut t) = (0, 0);
    // Where the last star was, and up to where it has taken the text.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match element(pattern, p, text[t]) {
            Element::Star => {
                p += 1;
                star = Some((p, t));
                continue;
            }
            Element::Matches(next) => {
                p = next;
                t += 1;
                continue;
            }
            Element::Differs => {}
        }
        let Some((after, taken)) = star else { return false };
        star = Some((after, taken + 1));
        p = after;
        t = taken + 1;
    }
    pattern[p..].iter().all(|&b| b == b'*')
}

enum Element {
    Star,
    /// Matches one byte; the pattern goes on there.
    Matches(usize),
    Differs,
}

fn element(pattern: &[u8], at: usize, byte: u8) -> Element {
    let when = |matched, next| if matched { Element::Matches(next) } else { Element::Differs };
    match pattern.get(at) {
        None => Element::Differs,
        Some(b'*') => Element::Star,
        Some(b'?') => Element::Matches(at + 1),
        Some(b'[') => {
            let (matched, next) = class(pattern, at + 1, byte);
            when(matched, next)
        }
        Some(b'\\') if at + 1 < pattern.len() => when(pattern[at + 1] == byte, at + 2),
        Some(&literal) => when(literal == byte, at + 1),
    }
}

/// A class whose first byte is at `at`: whether it has the byte, and the position after it.
fn class(pattern: &[u8], mut at: usize, byte: u8) -> (bool, usize) {
    let negated = pattern.get(at) == Some(&b'^');
    at += usize::from(negated);
    let mut found = false;
    loop {
        match pattern[at.min(pattern.len())..] {
            [] => return (found != negated, pattern.len()),
            [b'\\', literal, ..] => {
                found |= literal == byte;
                at += 2;
            }
            [b']', ..] => return (found != negated, at + 1),
            [from, b'-', to, ..] => {
                // Either way round, and with the bytes above 127 below the others, as the `char` of C has them.
                let [from, to, byte] = [from, to, byte].map(u8::cast_signed);
                found |= (from.min(to)..=from.max(to)).contains(&byte);
                at += 3;
            }
            [literal, ..] => {
                found |= literal == byte;
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*c", "abbbc", true),
            ("a*c", "abbbd", false),
            ("*a*b*", "xxaxxbxx", true),
            ("h?llo", "hello", true),
            ("h?llo", "hllo", false),
            ("h[ae]llo", "hallo", true),
            ("h[^e]llo", "hello", false),
            ("h[a-c]llo", "hbllo", true),
            ("h[c-a]llo", "hbllo", true),
            ("\\*", "*", true),
            ("\\*", "x", false),
            ("[\\]]", "]", true),
            ("[abc", "c", true),
            ("a\\", "a\\", true),
            ("**", "anything", true),
            ("a**", "a", true),
            ("a?", "a", false),
        ] {
            assert_eq!(matches(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn bytes_above_127_come_before_the_others() {
        assert!(matches(b"[\xb4-\x07]", b"\xff"));
        assert!(!matches(b"[\xb4-\x07]", b"a"));
    }

    #[test]
    fn many_stars_are_no_trap() {
        let pattern = "a*".repeat(50) + "b";
        assert!(!matches(pattern.as_bytes(), &[b'a'; 5000]));
    }
}
