//! Choices at random: what can be said of them whatever was chosen. Redis is asked, too, so that the test is right.

use std::collections::HashSet;

use nautiloid_resp::Value;

use crate::both::{Both, ask, text, texts};

/// Members of the set that is chosen from.
const MEMBERS: usize = 20;

#[test]
fn members_are_drawn_and_stay() {
    for (name, connection) in Both::start().each() {
        let all = fill(connection);
        for count in [1, 5, MEMBERS, MEMBERS + 10] {
            let drawn = texts(&ask(connection, &format!("SRANDMEMBER set {count}")));
            let different: HashSet<_> = drawn.iter().cloned().collect();
            assert_eq!(drawn.len(), count.min(MEMBERS), "{name}");
            assert_eq!(different.len(), drawn.len(), "{name}");
            assert!(different.is_subset(&all), "{name}");
        }
        let drawn = texts(&ask(connection, "SRANDMEMBER set -500"));
        assert_eq!(drawn.len(), 500, "{name}");
        // Each of 20 is missed by 500 draws once in 10^10 runs.
        assert_eq!(drawn.into_iter().collect::<HashSet<_>>(), all, "{name}");
        let one_by_one: HashSet<_> = (0..500).map(|_| text(&ask(connection, "SRANDMEMBER set"))).collect();
        assert_eq!(one_by_one, all, "{name}");
        assert_eq!(ask(connection, "SCARD set"), Value::Integer(MEMBERS as i64), "{name}");
    }
}

#[test]
fn popped_members_are_gone() {
    for (name, connection) in Both::start().each() {
        let mut left = fill(connection);
        for count in [1, 3, 7] {
            let popped = texts(&ask(connection, &format!("SPOP set {count}")));
            assert_eq!(popped.len(), count, "{name}");
            for member in popped {
                assert!(left.remove(&member), "{name} popped {member} twice");
            }
        }
        while !left.is_empty() {
            assert_eq!(texts(&ask(connection, "SMEMBERS set")).into_iter().collect::<HashSet<_>>(), left, "{name}");
            assert!(left.remove(&text(&ask(connection, "SPOP set"))), "{name}");
        }
        assert_eq!(ask(connection, "EXISTS set"), Value::Integer(0), "{name}");
        assert_eq!(ask(connection, "SPOP set"), Value::Nil, "{name}");
    }
}

#[test]
fn any_member_may_be_popped_first() {
    for (name, connection) in Both::start().each() {
        let all = fill(connection);
        let mut first = HashSet::new();
        for _ in 0..500 {
            fill(connection);
            first.insert(text(&ask(connection, "SPOP set")));
        }
        assert_eq!(first, all, "{name}");
    }
}

#[test]
fn a_random_key_is_one_that_is_there() {
    for (name, connection) in Both::start().each() {
        assert_eq!(ask(connection, "RANDOMKEY"), Value::Nil, "{name}");
        let keys: HashSet<_> = (0..8).map(|n| format!("k{n}")).collect();
        for key in &keys {
            ask(connection, &format!("SET {key} v"));
        }
        let drawn: HashSet<_> = (0..500).map(|_| text(&ask(connection, "RANDOMKEY"))).collect();
        assert_eq!(drawn, keys, "{name}");
    }
}

/// A negative count has no bound in Redis. Here it has, and what is beyond gets an error.
#[test]
fn a_server_is_not_made_to_run_out_of_memory() {
    let mut both = Both::start();
    let store = &mut both.store;
    fill(store);
    for count in ["-9223372036854775807", "-2000000"] {
        assert!(matches!(ask(store, &format!("SRANDMEMBER set {count}")), Value::Error(_)), "{count}");
    }
    assert_eq!(texts(&ask(store, "SRANDMEMBER set -100000")).len(), 100_000);
}

fn fill(connection: &mut testkit::Connection) -> HashSet<String> {
    let members: HashSet<_> = (0..MEMBERS).map(|n| format!("m{n}")).collect();
    let listed: Vec<_> = members.iter().map(String::as_str).collect();
    ask(connection, &format!("SADD set {}", listed.join(" ")));
    members
}
