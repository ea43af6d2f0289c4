//! Random commands from templates: one line a command, with placeholders for what varies.
//!
//! A template is words. `<key>` and the like are replaced by what [`placeholder`] gives, all other words stand for
//! themselves. A `;` begins another command, for what makes sense together only. A `=` in front keeps the template from
//! being spoiled, where another argument could mean a short deadline or a choice at random.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

/// A command's name and arguments.
pub(crate) type Args = Vec<Vec<u8>>;

/// Commands of one template, filled in; one in twelve of them is spoiled, so that errors are compared, too.
pub(crate) fn commands(template: &str) -> BoxedStrategy<Vec<Args>> {
    let (template, sound) = template.strip_prefix('=').map_or((template, false), |rest| (rest, true));
    let parts: Vec<_> = template.split(" ; ").map(|part| command(part, sound)).collect();
    parts.boxed()
}

fn command(template: &str, sound: bool) -> BoxedStrategy<Args> {
    let words: Vec<_> = template.split_whitespace().map(word).collect();
    let filled = words.prop_map(|words| words.concat()).boxed();
    if sound {
        return filled;
    }
    (filled, prop_oneof![11 => Just(Spoil::Nothing), 1 => spoil()]).prop_map(|(args, spoil)| spoil.apply(args)).boxed()
}

fn word(word: &str) -> BoxedStrategy<Args> {
    match word.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        Some(name) => placeholder(name),
        None => Just(vec![word.as_bytes().to_vec()]).boxed(),
    }
}

/// A way to make a command wrong.
#[derive(Debug, Clone)]
enum Spoil {
    Nothing,
    /// Takes the last argument away.
    Short,
    /// Puts one more at the end.
    Long(Vec<u8>),
    /// Replaces the argument at this place, counted round.
    Other(usize, Vec<u8>),
    /// Writes the name another way.
    Case,
}

fn spoil() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        Just(Spoil::Short),
        value().prop_map(Spoil::Long),
        (any::<usize>(), value()).prop_map(|(place, value)| Spoil::Other(place, value)),
        Just(Spoil::Case),
    ]
}

impl Spoil {
    fn apply(self, mut args: Args) -> Args {
        match self {
            Spoil::Nothing => {}
            Spoil::Short if args.len() > 1 => drop(args.pop()),
            Spoil::Short => {}
            Spoil::Long(value) => args.push(value),
            Spoil::Other(place, value) if args.len() > 1 => {
                let place = 1 + place % (args.len() - 1);
                args[place] = value;
            }
            Spoil::Other(..) => {}
            Spoil::Case => args[0].iter_mut().step_by(2).for_each(|b| *b = b.to_ascii_lowercase()),
        }
        args
    }
}

/// Few keys, so that commands meet.
pub(crate) const KEYS: [&[u8]; 8] = [b"a", b"b", b"key:1", b"key:2", b"key:10", b"[x]*", b"", b"\0\xff\r\n"];

/// Deadlines that are far away and the same whenever the test runs, in Unix seconds. Relative ones stay below.
pub(crate) const FAR: [u64; 4] = [5_000_000_000, 5_000_000_001, 6_123_456_789, 9_000_000_000];

fn one(values: &'static [&'static [u8]]) -> BoxedStrategy<Vec<u8>> {
    select(values).prop_map(<[u8]>::to_vec).boxed()
}

fn field() -> BoxedStrategy<Vec<u8>> {
    one(&[b"f", b"g", b"field", b"1", b"", b"\0\n"])
}

fn value() -> BoxedStrategy<Vec<u8>> {
    prop_oneof![
        4 => one(&[b"", b"v", b"value", b"0", b"1", b"-1", b"10", b"007", b"+1", b" 1", b"-0", b"x\r\n", b"a\0b\r\n\xfe"]),
        2 => integer(),
        2 => float(),
        1 => proptest::collection::vec(any::<u8>(), 0..40),
        1 => (0..600usize).prop_map(|length| vec![b'x'; length]),
    ]
    .boxed()
}

fn integer() -> BoxedStrategy<Vec<u8>> {
    prop_oneof![
        3 => (-20i64..20).prop_map(|n| n.to_string().into_bytes()),
        1 => any::<i64>().prop_map(|n| n.to_string().into_bytes()),
        1 => one(&[
            b"9223372036854775807", b"-9223372036854775808", b"9223372036854775808", b"-9223372036854775809",
            b"99999999999999999999", b"9007199254740993", b"1.0", b"1e3", b"x", b"", b"01", b"--1", b"1 ",
        ]),
    ]
    .boxed()
}

fn float() -> BoxedStrategy<Vec<u8>> {
    prop_oneof![
        3 => (-20_000i32..20_000, 0..5u32)
            .prop_map(|(n, places)| format!("{}", f64::from(n) / 10f64.powi(places as i32)).into_bytes()),
        1 => any::<i32>().prop_map(|n| format!("{:e}", f64::from(n)).into_bytes()),
        1 => (any::<i64>(), -30..30i32).prop_map(|(n, e)| format!("{n}e{e}").into_bytes()),
        1 => one(&[
            b"5.0e3", b"3.0", b"1.1", b"0.1", b"200", b"1e10", b"-0", b"-0.0", b".5", b"5.", b"+2", b"1e-17", b"1e-18",
            b"nan", b"inf", b"-inf", b"infinity", b"1e400", b"1e5000", b"-1e5000", b"1e-5000", b"0x10", b"0x1.8p1",
            b"1,5", b"1e", b"e1", b" 1", b"1 ", b"", b"abc", b"12345678901234567890.123456789",
            b"0.30000000000000000001", b"99999999999999999999999999", b"1e18", b"9223372036854775807.5",
        ]),
    ]
    .boxed()
}

fn score() -> BoxedStrategy<Vec<u8>> {
    prop_oneof![
        6 => (-5i32..5).prop_map(|n| n.to_string().into_bytes()),
        2 => (-20_000i32..20_000, 0..5u32)
            .prop_map(|(n, places)| format!("{}", f64::from(n) / 10f64.powi(places as i32)).into_bytes()),
        1 => (any::<i64>(), -300..300i32).prop_map(|(n, e)| format!("{n}e{e}").into_bytes()),
        1 => one(&[
            b"inf", b"-inf", b"+inf", b"nan", b"1e400", b"-0", b"0x10", b"1e20", b"0.1", b"3.14159", b"x", b"", b" 1", b"1 ",
            b"9007199254740993", b"1e-320", b"infinity", b"1e",
        ]),
    ]
    .boxed()
}

fn stream_id() -> BoxedStrategy<Vec<u8>> {
    prop_oneof![
        4 => (0..60u64, 0..4u64).prop_map(|(ms, seq)| format!("{ms}-{seq}").into_bytes()),
        3 => (0..60u64).prop_map(|ms| ms.to_string().into_bytes()),
        1 => one(&[
            b"0-0", b"0", b"-", b"+", b"x", b"", b"1-", b"-1", b"1-x", b"1-2-3", b"007-01", b" 5", b"5 ", b"+5-+1",
            b"5--0", b"5--1", b"5--01", b"18446744073709551615", b"18446744073709551615-18446744073709551615",
            b"18446744073709551616", b"5-*", b"$", b">", b"00000000000000000000005-1", b"5\0x-1",
        ]),
    ]
    .boxed()
}

/// One or more of something.
fn some(values: BoxedStrategy<Vec<u8>>, most: usize) -> BoxedStrategy<Args> {
    proptest::collection::vec(values, 1..=most).boxed()
}

/// One of several rows of arguments, written as words.
fn rows(rows: &'static [&'static str]) -> BoxedStrategy<Args> {
    select(rows)
        .prop_flat_map(|row| row.split_whitespace().map(word).collect::<Vec<_>>())
        .prop_map(|words| words.concat())
        .boxed()
}

fn number(numbers: impl Strategy<Value = u64> + 'static) -> BoxedStrategy<Args> {
    numbers.prop_map(|n| vec![n.to_string().into_bytes()]).boxed()
}

pub(crate) fn placeholder(name: &str) -> BoxedStrategy<Args> {
    let single = |values: BoxedStrategy<Vec<u8>>| values.prop_map(|value| vec![value]).boxed();
    match name {
        "key" => single(one(&KEYS)),
        "keys" => some(one(&KEYS), 4),
        "all-keys" => Just(KEYS.iter().map(|key| key.to_vec()).collect()).boxed(),
        "field" => single(field()),
        "fields" => some(field(), 4),
        "value" => single(value()),
        "member" => single(prop_oneof![3 => field(), 1 => value()].boxed()),
        "members" => some(prop_oneof![5 => field(), 1 => value()].boxed(), 4),
        "integer" => single(integer()),
        "float" => single(float()),
        "pairs" => proptest::collection::vec((field(), value()), 1..4)
            .prop_map(|pairs| pairs.into_iter().flat_map(|(field, value)| [field, value]).collect())
            .boxed(),
        "key-pairs" => proptest::collection::vec((one(&KEYS), value()), 1..4)
            .prop_map(|pairs| pairs.into_iter().flat_map(|(key, value)| [key, value]).collect())
            .boxed(),
        "pattern" => single(pattern()),
        "type" => single(one(&[b"string", b"HASH", b"set", b"list", b"nosuch"])),
        "db" => single(one(&[b"0", b"0", b"0", b"1", b"15", b"16", b"-1", b"x"])),
        // Relative times are long, so that none ends during the test.
        "seconds" => number(select(vec![1_000_000, 2_000_000])),
        "milliseconds" => number(select(vec![1_000_000_500, 2_000_000_500])),
        // For GT and LT: two that are equal would be compared by the millisecond in which they came.
        "any-seconds" => number(100_000..900_000u64),
        "far" => number(select(FAR.to_vec())),
        "far-ms" => number((select(FAR.to_vec()), 0..1500u64).prop_map(|(seconds, ms)| seconds * 1000 + ms)),
        "past" => single(one(&[b"1", b"0", b"-1", b"1000000", b"-9223372036854775808"])),
        "gone" => single(one(&[b"0", b"-1", b"-1000", b"-9223372036854775808"])),
        "bad-cursor" => single(one(&[b"x", b"-", b"1x", b" 0", b"99999999999999999999999"])),
        "bad-time" => single(one(&[b"0", b"-5", b"9223372036854775807", b"9223372036854775", b"x", b"", b"1.5"])),
        "nx-xx" => rows(&["", "", "NX", "XX", "nx", "NX NX", "NX XX", "QQ"]),
        "conditions" => rows(&[
            "", "NX", "XX", "GT", "LT", "gt", "XX GT", "XX LT", "NX GT", "GT LT", "NX XX", "LT XX", "NX LT GT", "FOO",
        ]),
        "set-options" => rows(&[
            "",
            "",
            "",
            "NX",
            "XX",
            "GET",
            "KEEPTTL",
            "NX GET",
            "XX GET",
            "GET XX KEEPTTL",
            "EX <seconds>",
            "px <milliseconds>",
            "EXAT <far>",
            "PXAT <far-ms>",
            "NX EX <seconds>",
            "PXAT <far-ms> GET XX",
            "NX XX",
            "EX <bad-time>",
            "PX <bad-time>",
            "EXAT <bad-time>",
            "PXAT <bad-time>",
            "EX",
            "KEEPTTL EX <seconds>",
            "EX <seconds> PX <milliseconds>",
            "EX <seconds> KEEPTTL",
            "FOO",
            "PERSIST",
            "XX NX GET",
            "GET GET",
            "EX <bad-time> GET EX <seconds>",
            "PXAT <far-ms> PXAT <bad-time>",
            "KEEPTTL KEEPTTL",
        ]),
        "getex-options" => rows(&[
            "",
            "PERSIST",
            "EX <seconds>",
            "PX <milliseconds>",
            "EXAT <far>",
            "PXAT <far-ms>",
            "EXAT 1",
            "PXAT 1",
            "EX <bad-time>",
            "PX <bad-time>",
            "EXAT <bad-time>",
            "PXAT <bad-time>",
            "EX",
            "PERSIST EX <seconds>",
            "EX <seconds> PERSIST",
            "FOO",
            "NX",
            "KEEPTTL",
            "EX <seconds> PX <milliseconds>",
            "PERSIST PERSIST",
            "PX <bad-time> PX <milliseconds>",
        ]),
        "score" => single(score()),
        "scores" => proptest::collection::vec((score(), prop_oneof![5 => field(), 1 => value()]), 1..4)
            .prop_map(|pairs| pairs.into_iter().flat_map(|(score, member)| [score, member]).collect())
            .boxed(),
        "equal-scores" => proptest::collection::vec(field(), 1..4)
            .prop_map(|members| members.into_iter().flat_map(|member| [b"0".to_vec(), member]).collect())
            .boxed(),
        "bound" => single(
            (prop_oneof![3 => Just(""), 1 => Just("(")], score())
                .prop_map(|(open, score)| [open.as_bytes(), &score].concat())
                .boxed(),
        ),
        "lex-bound" => single(one(&[b"-", b"+", b"[f", b"(f", b"[g", b"(g", b"[", b"(", b"[1", b"(field", b"f", b""])),
        "rank" => single(prop_oneof![8 => (-7i64..7).prop_map(|n| n.to_string().into_bytes()), 1 => integer()].boxed()),
        "small" => single(one(&[b"0", b"1", b"2", b"3", b"-1", b"-2", b"x", b"100", b""])),
        "with-scores" => rows(&["", "WITHSCORES", "withscores", "FOO"]),
        "range-options" => rows(&[
            "",
            "",
            "WITHSCORES",
            "LIMIT 0 2",
            "LIMIT 1 -1 WITHSCORES",
            "LIMIT -1 2",
            "LIMIT 1",
            "LIMIT x 1",
            "REV",
            "REV WITHSCORES LIMIT 1 2",
            "BYLEX",
            "FOO",
        ]),
        "zadd-options" => {
            rows(&["NX", "XX", "GT", "LT", "CH", "XX CH", "GT CH", "XX LT", "NX XX", "NX GT", "GT LT", "INCR"])
        }
        "combine-options" => rows(&[
            "",
            "",
            "WEIGHTS <score> <score>",
            "AGGREGATE MIN",
            "AGGREGATE MAX",
            "aggregate sum",
            "WEIGHTS 2 0.5 AGGREGATE MAX",
            "WEIGHTS 1",
            "AGGREGATE",
            "AGGREGATE FOO",
            "WITHSCORES",
            "FOO",
        ]),
        "copy-options" => rows(&["REPLACE", "DB 1", "DB 1 REPLACE", "DB 16", "DB", "FOO"]),
        "where" => rows(&["BEFORE", "AFTER", "before", "FOO"]),
        "end" => rows(&["LEFT", "RIGHT", "left", "FOO"]),
        "lpos-options" => rows(&[
            "RANK 2",
            "RANK -1",
            "RANK 0",
            "COUNT 0",
            "COUNT 2",
            "COUNT -1",
            "MAXLEN 2",
            "MAXLEN -1",
            "RANK -1 COUNT 0",
            "RANK -2 COUNT 1 MAXLEN 5",
            "RANK x",
            "COUNT",
            "FOO 1",
            "RANK -9223372036854775808",
        ]),
        "counted" => single(one(&[b"count:1", b"count:2", b"count:3"])),
        "stream" => single(prop_oneof![12 => one(&[b"s", b"t"]), 1 => one(&KEYS)].boxed()),
        "group" => single(one(&[b"g", b"g", b"g", b"h", b"nosuch"])),
        "consumer" => single(one(&[b"c", b"d", b"Consumer", b""])),
        "id" => single(stream_id()),
        "ids" => some(stream_id(), 4),
        // Mostly greater than those before.
        "new-id" => single(
            prop_oneof![
                6 => (0..60u64).prop_map(|ms| format!("{ms}-*").into_bytes()),
                3 => (0..60u64, 0..4u64).prop_map(|(ms, seq)| format!("{ms}-{seq}").into_bytes()),
                1 => stream_id(),
            ]
            .boxed(),
        ),
        "from" => single(
            prop_oneof![
                3 => one(&[b"-", b"+", b"0", b"(0", b"(-", b"(18446744073709551615-18446744073709551615"]),
                3 => (prop_oneof![3 => Just("("), 1 => Just("")], stream_id())
                    .prop_map(|(open, id)| [open.as_bytes(), &id].concat()),
            ]
            .boxed(),
        ),
        "to" => single(
            prop_oneof![
                5 => one(&[b"+", b"+", b"+", b"-", b"(+", b"(0-0", b"(0"]),
                3 => (prop_oneof![1 => Just("("), 3 => Just("")], stream_id())
                    .prop_map(|(open, id)| [open.as_bytes(), &id].concat()),
            ]
            .boxed(),
        ),
        "read-id" => single(prop_oneof![4 => one(&[b"0", b"0-0", b"$", b">"]), 3 => stream_id()].boxed()),
        "group-id" => single(prop_oneof![4 => one(&[b"0", b"$"]), 3 => stream_id()].boxed()),
        "stream-count" => {
            rows(&["", "", "COUNT 1", "COUNT 3", "COUNT 0", "COUNT -1", "COUNT x", "COUNT", "COUNT 2 COUNT 1"])
        }
        "read-count" => rows(&["", "", "COUNT 1", "COUNT 2", "COUNT 0", "COUNT -1", "COUNT x", "NOACK"]),
        "trim" => rows(&[
            "MAXLEN 3",
            "MAXLEN = 2",
            "MAXLEN 0",
            "MAXLEN ~ 2",
            "maxlen ~ 100 LIMIT 50",
            "MAXLEN ~ 0 LIMIT 0",
            "MAXLEN -1",
            "MAXLEN x",
            "MAXLEN 2 LIMIT 5",
            "LIMIT 5",
            "LIMIT 0",
            "LIMIT -1 MAXLEN ~ 1",
            "MINID <id>",
            "MINID = <id>",
            "MINID ~ <id>",
            "MINID 5 MAXLEN 2",
            "MAXLEN 5 MAXLEN 2",
            "MAXLEN",
            "FOO 1",
        ]),
        "xsetid-options" => rows(&[
            "",
            "ENTRIESADDED 7",
            "ENTRIESADDED 100 MAXDELETEDID <id>",
            "MAXDELETEDID <id>",
            "ENTRIESADDED -1",
            "ENTRIESADDED x",
            "FOO 1",
            "ENTRIESADDED",
        ]),
        "xgroup-options" => rows(&[
            "",
            "",
            "MKSTREAM",
            "ENTRIESREAD 3",
            "MKSTREAM ENTRIESREAD 0",
            "ENTRIESREAD -1",
            "ENTRIESREAD -2",
            "ENTRIESREAD x",
            "ENTRIESREAD",
            "FOO",
        ]),
        // None is reached in the time of a test, or each is at once.
        "idle" => single(one(&[b"0", b"0", b"-1", b"1000000000"])),
        "xclaim-options" => rows(&[
            "",
            "",
            "JUSTID",
            "FORCE",
            "FORCE JUSTID",
            "IDLE 2000000000",
            "IDLE -5",
            "TIME 1000",
            "TIME 9999999999999",
            "RETRYCOUNT 7",
            "RETRYCOUNT 0 FORCE",
            "RETRYCOUNT -1",
            "LASTID <id>",
            "LASTID x",
            "IDLE x",
            "TIME x",
            "RETRYCOUNT x",
            "FOO",
            "IDLE",
        ]),
        "xautoclaim-options" => {
            rows(&["", "", "COUNT 1", "COUNT 2 JUSTID", "JUSTID", "COUNT 0", "COUNT x", "COUNT", "FOO"])
        }
        "script" => crate::scripts::call(),
        other => panic!("no placeholder <{other}>"),
    }
}

/// A glob pattern with much that is special.
pub(crate) fn pattern() -> BoxedStrategy<Vec<u8>> {
    let piece = prop_oneof![
        4 => select(vec!["*", "?", "a", "b", "c", "key:", "1", "x"]),
        2 => select(vec!["[abc]", "[^a]", "[a-c]", "[c-a]", "[a-", "[", "]", "\\", "\\*", "[\\]]", "[^", "[]", "-"]),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat().into_bytes()).boxed()
}
