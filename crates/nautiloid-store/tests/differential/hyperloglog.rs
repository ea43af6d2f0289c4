//! HyperLogLog: the same answers to the same elements, and values that either side can read.

use nautiloid_resp::Value;
use testkit::Connection;

use crate::both::Both;

fn command(connection: &mut Connection, words: &[&[u8]]) -> Value {
    connection.pipeline(&[words.iter().map(|word| word.to_vec()).collect::<Vec<_>>()]).unwrap().remove(0)
}

#[test]
fn counts_are_equal_whatever_their_size() {
    let mut both = Both::start();
    let mut added = 0_u64;
    for target in [0_u64, 1, 2, 3, 10, 100, 500, 1_000, 2_000, 5_000, 20_000, 100_000] {
        while added < target {
            let elements: Vec<Vec<u8>> = (added..target.min(added + 1000))
                .map(|n| if n % 3 == 0 { n.to_le_bytes().to_vec() } else { format!("element {n}").into_bytes() })
                .collect();
            added += elements.len() as u64;
            let words: Vec<&[u8]> =
                [&b"PFADD"[..], b"k"].into_iter().chain(elements.iter().map(Vec::as_slice)).collect();
            let [redis, store] = both.each().map(|(_, connection)| command(connection, &words));
            assert_eq!(redis, store, "PFADD up to {added}");
        }
        let count = both.ask("PFCOUNT k");
        let Value::Integer(count) = count else { panic!("no count: {count:?}") };
        let near = count.abs_diff(target as i64) as f64 <= 0.03 * target as f64;
        assert!(near, "{count} for {target}");
    }
}

#[test]
fn values_can_be_carried_from_one_to_the_other() {
    let mut both = Both::start();
    for elements in [0, 5, 700, 30_000] {
        for (from, to) in [(0, 1), (1, 0)] {
            let mut sides = both.each();
            command(sides[from].1, &[b"DEL", b"k"]);
            command(sides[from].1, &[b"PFADD", b"k"]);
            for n in 0..elements {
                command(sides[from].1, &[b"PFADD", b"k", format!("e{n}").as_bytes()]);
            }
            let counted = command(sides[from].1, &[b"PFCOUNT", b"k"]);
            let Value::Bulk(text) = command(sides[from].1, &[b"GET", b"k"]) else { panic!("no string") };
            let (name, other) = &mut sides[to];
            command(other, &[b"SET", b"carried", &text]);
            assert_eq!(command(other, &[b"PFCOUNT", b"carried"]), counted, "{elements} elements to {name}");
            let again = command(other, &[b"PFADD", b"carried", b"e0"]);
            assert_eq!(again, Value::Integer(i64::from(elements == 0)), "{elements} elements to {name}");
        }
    }
}

#[test]
fn what_is_none_is_refused_alike() {
    let mut both = Both::start();
    for text in
        ["word", "HYLL", "HYLLxxxxxxxxxxxx", "HYLL\x01xxxxxxxxxxx", "HYLL\x00xxxxxxxxxxxyy", "HYLL\x01xxxxxxxxxxx\x7f"]
    {
        let [redis, store] = both.each().map(|(_, connection)| {
            command(connection, &[b"SET", b"k", text.as_bytes()]);
            let count = command(connection, &[b"PFCOUNT", b"k", b"k"]);
            [count, command(connection, &[b"PFADD", b"k", b"x"]), command(connection, &[b"PFMERGE", b"d", b"k"])]
        });
        assert_eq!(redis, store, "{text:?}");
    }
}
