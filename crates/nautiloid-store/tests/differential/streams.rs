//! Streams: what random commands do not reach.

use nautiloid_resp::Value;

use crate::both::{Both, ask, text};

/// Which entries stay depends on how Redis packs them: by number and by size.
#[test]
fn about_the_same_entries_are_trimmed() {
    let mut both = Both::start();
    let sizes = [0, 1, 40, 62, 63, 64, 120, 126, 127, 500, 4080, 4096, 5000];
    let trims =
        ["MAXLEN ~ 350", "MAXLEN ~ 200 LIMIT 150", "MINID ~ 300", "MAXLEN = 180", "MAXLEN ~ 0 LIMIT 99", "MINID 900"];
    for (round, trim) in trims.iter().enumerate() {
        for style in 0..6 {
            both.ask("DEL s");
            let entries: Vec<Vec<String>> = (1..=1000_u64)
                .map(|n| {
                    let id = format!("{}-{}", n * (1 + n % 3 * 50_000 * style), n % 5 * (round as u64));
                    let size = sizes[(n * n) as usize % sizes.len()];
                    let value = match style {
                        0 => n.to_string(),
                        1 => (n * n * n * 1_000_003).to_string(),
                        2 => "x".repeat(n as usize % 70),
                        3 => format!("-{}", n * 37),
                        _ => "y".repeat(size),
                    };
                    // Now and then, fields that differ from those of the entries before.
                    let field = if style == 5 && n % 7 == 0 { format!("f{n}") } else { "field".into() };
                    ["XADD", "s", &id, &field, &value, "other", "1"].map(String::from).to_vec()
                })
                .collect();
            let [redis, store] = both.each().map(|(_, connection)| connection.pipeline(&entries).unwrap());
            assert_eq!(redis, store);
            for n in (1..1000_u64).step_by(9) {
                let id = format!("{}-{}", n * (1 + n % 3 * 50_000 * style), n % 5 * (round as u64));
                both.ask(&format!("XDEL s {id}"));
            }
            for trim in [*trim, "MAXLEN ~ 100"] {
                both.ask(&format!("XTRIM s {trim}"));
                let Value::Array(entries) = both.ask("XRANGE s - +") else { panic!("no array") };
                assert!(!entries.is_empty() || trim.contains("MINID") || trim.contains('0'), "{trim}");
            }
        }
    }
}

#[test]
fn names_that_the_time_makes_grow() {
    let mut both = Both::start();
    for (name, connection) in both.each() {
        let names: Vec<_> = (0..2000).map(|_| text(&ask(connection, "XADD s * f v"))).collect();
        let parsed: Vec<_> = names
            .iter()
            .map(|id| {
                let (ms, seq) = id.split_once('-').unwrap();
                (ms.parse::<u64>().unwrap(), seq.parse::<u64>().unwrap())
            })
            .collect();
        assert!(parsed.windows(2).all(|pair| pair[0] < pair[1]), "{name}");
        assert!(parsed.iter().any(|(_, seq)| *seq > 0), "{name}: two in one millisecond have one number each");
        assert!(parsed[0].0 > 1_500_000_000_000, "{name}");
    }
    // A clock that is behind the last entry.
    for command in [
        "XADD future 9999999999999-5 f v",
        "XADD future * f v",
        "XADD future 9999999999999-* f v",
        "XADD future 9999999999998-* f v",
        "XADD end 18446744073709551615-18446744073709551614 f v",
        "XADD end 18446744073709551615-* f v",
        "XADD end 18446744073709551615-* f v",
        "XADD end * f v",
        "XADD full 5-18446744073709551615 f v",
        "XADD full 6-* f v",
    ] {
        both.ask(command);
    }
}

/// A stream without entries is still there, and so are its groups.
#[test]
fn an_empty_stream_stays() {
    let mut both = Both::start();
    for command in [
        "XADD s 1-1 f v",
        "XGROUP CREATE s g 0",
        "XDEL s 1-1",
        "EXISTS s",
        "TYPE s",
        "XLEN s",
        "XADD s 1-1 f v",
        "XADD s 1-* f v",
        "XINFO GROUPS s",
        "XREADGROUP GROUP g c STREAMS s >",
        "COPY s copy",
        "XACK s g 1-2",
        "XPENDING s g",
        "XPENDING copy g",
        "RENAME copy s",
        "XPENDING s g",
        "XTRIM s MAXLEN 0",
        "XREADGROUP GROUP g c STREAMS s 0",
        "XRANGE s - +",
    ] {
        both.ask(command);
    }
}

/// As in a transaction of Redis: nobody waits.
#[test]
fn a_read_that_would_wait_ends_at_once() {
    let mut both = Both::start();
    assert_eq!(ask(&mut both.store, "XREAD BLOCK 0 STREAMS s $"), Value::Nil);
    for command in
        ["XADD s 1-1 f v", "XREAD BLOCK 0 STREAMS s 0", "EVAL return(redis.call('XREAD','BLOCK',1,'STREAMS','s',0)) 0"]
    {
        both.ask(command);
    }
    both.ask("XGROUP CREATE s g $");
    assert_eq!(ask(&mut both.store, "XREADGROUP GROUP g c BLOCK 0 STREAMS s >"), Value::Nil);
}

/// Replies differ in form between the versions of the protocol.
#[test]
fn both_versions_of_the_protocol() {
    let mut both = Both::start();
    both.ask("XADD s 1-1 f v");
    both.ask("XADD t 2-1 f v");
    both.ask("XGROUP CREATE s g 0");
    for version in [2, 3] {
        let hello = format!("HELLO {version}");
        for (_, connection) in both.each() {
            ask(connection, &hello);
        }
        for command in [
            "XREAD STREAMS s t 0 0",
            "XREAD STREAMS s t 1-1 2-1",
            "XREADGROUP GROUP g c STREAMS s 0",
            "XGROUP SETID s g 0",
            "XREADGROUP GROUP g c STREAMS s >",
            "XRANGE s - + COUNT 0",
            "XINFO GROUPS s",
            "XADD s NOMKSTREAM 5-1 f v",
            "XADD no NOMKSTREAM 5-1 f v",
            "XDEL s 5-1",
        ] {
            both.ask(command);
        }
        let is_map = matches!(ask(&mut both.store, "XINFO STREAM s"), Value::Map(_));
        assert_eq!(is_map, version == 3);
    }
}
