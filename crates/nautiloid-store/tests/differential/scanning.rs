//! `SCAN` while keys come and go, and patterns.

use std::collections::HashSet;

use nautiloid_resp::Value;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::both::{Both, ask, text, texts};
use crate::template;

/// What a scan promises: a key that is there from beginning to end is returned.
#[test]
fn a_scan_returns_every_key_that_stays() {
    for (name, connection) in Both::start().each() {
        let staying: HashSet<_> = (0..500).map(|n| format!("stays:{n}")).collect();
        for key in &staying {
            ask(connection, &format!("SET {key} v"));
        }
        for n in 0..500 {
            ask(connection, &format!("SET goes:{n} v"));
        }
        let (mut seen, mut cursor, mut steps) = (HashSet::new(), "0".to_owned(), 0);
        loop {
            let Value::Array(reply) = ask(connection, &format!("SCAN {cursor} COUNT 7")) else { panic!("no array") };
            cursor = text(&reply[0]);
            seen.extend(texts(&reply[1]));
            // Keys go from the front, from the back and from between, and new ones come, up to a point.
            ask(connection, &format!("DEL goes:{steps} goes:{} goes:{}", 499 - steps, (steps * 7) % 500));
            ask(connection, &format!("SET comes:{} v", steps % 60));
            steps += 1;
            assert!(steps < 10_000, "{name}: the scan does not end");
            if cursor == "0" {
                break;
            }
        }
        assert!(seen.is_superset(&staying), "{name} left out {:?}", staying.difference(&seen));
    }
}

#[test]
fn a_cursor_from_nowhere_ends_the_scan() {
    let mut both = Both::start();
    ask(&mut both.store, "SET k v");
    for cursor in ["7", "18446744073709551615", "-1"] {
        let Value::Array(reply) = ask(&mut both.store, &format!("SCAN {cursor}")) else { panic!("no array") };
        assert_eq!(reply[0], Value::bulk("0"));
    }
}

#[test]
fn random_patterns_match_the_same_keys() {
    const PATTERNS: usize = 4000;
    let mut both = Both::start();
    let mut runner = TestRunner::deterministic();
    let mut any = || template::pattern().new_tree(&mut runner).unwrap().current();
    // Patterns make good keys: they are full of what is special in a pattern.
    let mut keys: Vec<Vec<u8>> = (0..150).map(|_| any()).collect();
    keys.extend(["", "a", "abc", "b-", "key:1", "xx", "caabx"].map(|key| key.as_bytes().to_vec()));
    let patterns: Vec<_> = (0..PATTERNS).map(|_| [b"KEYS".to_vec(), any()]).collect();
    let [redis, store] = both.each().map(|(_, connection)| {
        let pairs = keys.iter().flat_map(|key| [key.clone(), b"v".to_vec()]);
        let fill: Vec<_> = std::iter::once(b"MSET".to_vec()).chain(pairs).collect();
        assert_eq!(connection.command(&fill).unwrap(), Value::OK);
        patterns.chunks(100).flat_map(|chunk| connection.pipeline(chunk).unwrap()).map(keys_of).collect::<Vec<_>>()
    });
    for ((pattern, redis), store) in patterns.iter().zip(&redis).zip(&store) {
        assert_eq!(redis, store, "{}", pattern[1].escape_ascii());
    }
    assert!(redis.iter().filter(|matched| !matched.is_empty()).count() > PATTERNS / 4);
}

fn keys_of(reply: Value) -> HashSet<Vec<u8>> {
    let Value::Array(keys) = reply else { panic!("no array: {reply:?}") };
    let bytes = |key| if let Value::Bulk(bytes) = key { bytes.to_vec() } else { panic!("no string: {key:?}") };
    keys.into_iter().map(bytes).collect()
}
