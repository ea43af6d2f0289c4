//! `SCAN` while keys come and go, and patterns.

use std::collections::HashSet;

use nautiloid_resp::Value;
use proptest::prelude::RngExt;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

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

/// The same whatever happens to other keys and to the values of those that stay, with two scans at a time.
#[test]
fn scans_survive_changes_at_random() {
    const SCANS: usize = 40;
    for (name, connection) in Both::start().each() {
        let rng = TestRng::from_seed(RngAlgorithm::XorShift, &[7; 16]);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let rng = runner.rng();
        for _ in 0..SCANS {
            ask(connection, "FLUSHALL");
            let staying: HashSet<_> = (0..rng.random_range(0..120)).map(|n| format!("stays:{n}")).collect();
            for n in 0..rng.random_range(0..200) {
                ask(connection, &format!("SET goes:{n} v"));
            }
            for key in &staying {
                ask(connection, &format!("SADD {key} m"));
            }
            let mut scans =
                [(1 + rng.random_range(0..9)), 30].map(|count| (count, Some("0".to_owned()), HashSet::new()));
            while scans.iter().any(|(_, cursor, _)| cursor.is_some()) {
                for (count, cursor, seen) in &mut scans {
                    let Some(at) = cursor.take() else { continue };
                    let Value::Array(reply) = ask(connection, &format!("SCAN {at} COUNT {count}")) else { panic!() };
                    seen.extend(texts(&reply[1]));
                    *cursor = Some(text(&reply[0])).filter(|next| next != "0");
                }
                for _ in 0..rng.random_range(0..12) {
                    for command in change(rng, staying.len()) {
                        ask(connection, &command);
                    }
                }
            }
            for (count, _, seen) in scans {
                let missing: Vec<_> = staying.difference(&seen).collect();
                assert!(missing.is_empty(), "{name}, COUNT {count}: left out {missing:?}");
            }
        }
    }
}

/// Commands after which every one of that many `stays:` keys is still there.
fn change(rng: &mut TestRng, staying: usize) -> Vec<String> {
    let [one, other] = [0; 2].map(|_| format!("goes:{}", rng.random_range(0..200)));
    let stays = rng.random_range(0..staying.max(1));
    let there = stays < staying;
    match rng.random_range(0..9) {
        0..=2 => vec![format!("DEL {one} {other}")],
        3 => vec![format!("MSET {one} v {other} w")],
        4 => vec![format!("RENAME {one} {other}")],
        5 => vec![format!("SET {one} v PX 1")],
        6 => vec![format!("PEXPIREAT {one} 1")],
        // First without a deadline, which would move along.
        7 if there => vec![format!("SET {one} v"), format!("RENAME {one} stays:{stays}")],
        _ if there => vec![format!("MSET stays:{stays} v {one} w")],
        _ => vec![format!("SET {one} v")],
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

#[test]
fn scans_of_one_key_return_every_element_that_stays() {
    for (name, connection) in Both::start().each() {
        for (scan, add, del) in
            [("HSCAN", "HSET k", "HDEL k"), ("SSCAN", "SADD k", "SREM k"), ("ZSCAN", "ZADD k", "ZREM k")]
        {
            for round in 0..5 {
                ask(connection, "FLUSHALL");
                let one = |m: &str| match scan {
                    "HSCAN" => format!("{add} {m} v"),
                    "ZSCAN" => format!("{add} {} {m}", m.len() + round),
                    _ => format!("{add} {m}"),
                };
                let staying: HashSet<String> = (0..700).map(|n| format!("stays:{n}")).collect();
                for n in 0..700 {
                    ask(connection, &one(&format!("goes:{n}")));
                    ask(connection, &one(&format!("stays:{n}")));
                }
                let (mut seen, mut cursor, mut steps) = (HashSet::new(), "0".to_owned(), 0usize);
                loop {
                    let Value::Array(reply) = ask(connection, &format!("{scan} k {cursor} COUNT {}", 3 + round)) else {
                        panic!("no array")
                    };
                    cursor = text(&reply[0]);
                    seen.extend(texts(&reply[1]));
                    ask(
                        connection,
                        &format!("{del} goes:{} goes:{} goes:{}", steps % 700, 699 - steps % 700, steps * 7 % 700),
                    );
                    ask(connection, &one(&format!("comes:{}", steps % 60)));
                    if scan == "ZSCAN" {
                        ask(connection, &format!("ZINCRBY k 3 stays:{}", steps * 13 % 700));
                    }
                    steps += 1;
                    assert!(steps < 20000);
                    if cursor == "0" {
                        break;
                    }
                }
                assert!(seen.is_superset(&staying), "{name} {scan} left out {:?}", staying.difference(&seen));
            }
        }
    }
}
