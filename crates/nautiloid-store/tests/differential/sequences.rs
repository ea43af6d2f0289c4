//! Random sequences of commands: the same replies, and the same data in the end.

use nautiloid_resp::Value;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use testkit::{Connection, RedisServer};

use crate::commands::Commands;
use crate::compare;
use crate::embedded::Embedded;
use crate::template::Args;

/// Commands that a run compares at least.
const LEAST: usize = 200_000;

/// Templates of one sequence.
const LENGTH: usize = 300;

/// Another seed than the usual one: `NAUTILOID_SEED=7 cargo test …`.
const SEED: &str = "NAUTILOID_SEED";

#[test]
fn random_commands_have_the_same_effect() {
    let (redis, store) = (RedisServer::start().unwrap(), Embedded::start());
    let mut pair = Pair { redis: redis.connect().unwrap(), store: store.connect(), compared: 0 };
    let seed: u64 = std::env::var(SEED).map_or(1, |seed| seed.parse().unwrap());
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::XorShift, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let commands = Commands::new();
    while pair.compared < LEAST {
        let sequence: Vec<Args> = (0..LENGTH).flat_map(|_| commands.next(&mut runner)).collect();
        if let Err(difference) = pair.check(&sequence) {
            let (needed, difference) = pair.needed(sequence, difference);
            let needed: Vec<_> = needed.iter().map(|args| shown(args)).collect();
            panic!("{SEED}={seed}: {difference}\nThe sequence was\n{}", needed.join("\n"));
        }
    }
}

/// A connection to each.
struct Pair {
    redis: Connection,
    store: Connection,
    /// Random commands compared so far; those that read the data afterwards are not counted.
    compared: usize,
}

impl Pair {
    /// Runs a sequence on both, from nothing, and compares replies and data. The error says what differed.
    fn check(&mut self, sequence: &[Args]) -> Result<(), String> {
        let clean: [&[&[u8]]; 3] = [&[b"RESET"], &[b"FLUSHALL"], &[b"SCRIPT", b"FLUSH"]];
        self.compare(&clean.map(command))?;
        self.compare(sequence)?;
        self.compared += sequence.len();
        self.compare_data()
    }

    /// The commands without which there would be no difference, and the difference.
    ///
    /// This shrinks better than a general shrinker: commands, not their arguments, are what a reader has too many of.
    fn needed(&mut self, mut sequence: Vec<Args>, mut difference: String) -> (Vec<Args>, String) {
        let mut piece = sequence.len() / 2;
        while piece > 0 {
            let mut start = 0;
            while start < sequence.len() {
                let mut fewer = sequence.clone();
                fewer.drain(start..(start + piece).min(fewer.len()));
                match self.check(&fewer) {
                    Err(still) => (sequence, difference) = (fewer, still),
                    Ok(()) => start += piece,
                }
            }
            piece /= 2;
        }
        (sequence, difference)
    }

    fn compare(&mut self, commands: &[Args]) -> Result<Vec<Value>, String> {
        let redis = self.redis.pipeline(commands).unwrap();
        let store = self.store.pipeline(commands).unwrap();
        for ((args, redis), store) in commands.iter().zip(&redis).zip(&store) {
            if !compare::same(args, redis, store) {
                return Err(format!("{}\n  Redis: {redis:?}\n  store: {store:?}", shown(args)));
            }
        }
        Ok(redis)
    }

    /// Every key of every database: type, value and deadline.
    fn compare_data(&mut self) -> Result<(), String> {
        let mut listing = vec![command(&[b"RESET"])];
        for db in 0..16 {
            listing.extend([command(&[b"SELECT", db.to_string().as_bytes()]), command(&[b"KEYS", b"*"])]);
        }
        let listed = self.compare(&listing)?;
        let mut reading = Vec::new();
        for (db, keys) in listed.iter().skip(2).step_by(2).enumerate() {
            let Value::Array(keys) = keys else { panic!("KEYS answered {keys:?}") };
            reading.push(command(&[b"SELECT", db.to_string().as_bytes()]));
            for key in keys {
                let Value::Bulk(key) = key else { panic!("KEYS listed {key:?}") };
                for name in [&b"TYPE"[..], b"GET", b"HGETALL", b"SMEMBERS", b"PEXPIRETIME"] {
                    reading.push(command(&[name, key]));
                }
                reading.push(command(&[b"ZRANGE", key, b"0", b"-1", b"WITHSCORES"]));
                reading.push(command(&[b"LRANGE", key, b"0", b"-1"]));
                reading.push(command(&[b"XRANGE", key, b"-", b"+"]));
                reading.push(command(&[b"XINFO", b"STREAM", key]));
                reading.push(command(&[b"XINFO", b"GROUPS", key]));
                for group in [&b"g"[..], b"h"] {
                    reading.push(command(&[b"XINFO", b"CONSUMERS", key, group]));
                    reading.push(command(&[b"XPENDING", key, group, b"-", b"+", b"1000"]));
                }
            }
        }
        self.compare(&reading).map(drop)
    }
}

fn command(words: &[&[u8]]) -> Args {
    words.iter().map(|word| word.to_vec()).collect()
}

fn shown(args: &[Vec<u8>]) -> String {
    args.iter().map(|arg| format!("\"{}\"", arg.escape_ascii())).collect::<Vec<_>>().join(" ")
}
