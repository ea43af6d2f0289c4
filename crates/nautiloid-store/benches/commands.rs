//! Commands of the embedded store, 100 at a time over its in-memory connection, with a thousand keys and with a million:
//! what one costs does not depend on how many keys there are.
//!
//! Each figure is that of 100 commands, the reading of their replies included.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot run has to end")]

use std::cell::RefCell;

use bytes::BytesMut;
use divan::{AllocProfiler, Bencher};
use nautiloid_resp::{ReplyDecoder, Request, Value};
use nautiloid_store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::runtime::{Builder, LocalOptions, LocalRuntime};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// How many commands are sent at a time.
const BATCH: u64 = 100;

const SIZES: [u64; 2] = [1_000, 1_000_000];

struct Client {
    runtime: LocalRuntime,
    stream: RefCell<DuplexStream>,
}

impl Client {
    /// A store with so many keys.
    fn filled(keys: u64) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build_local(LocalOptions::default()).unwrap();
        let stream = runtime.block_on(async { Store::new().connect() });
        let client = Client { runtime, stream: RefCell::new(stream) };
        for first in (0..keys).step_by(1000) {
            client.run((first..first + 1000).map(|n| command("SET", &[&format!("key:{n}"), "0"])));
        }
        client
    }

    fn run(&self, requests: impl Iterator<Item = Request>) {
        let mut wire = BytesMut::new();
        let mut left = 0;
        for request in requests {
            request.write_to(&mut wire);
            left += 1;
        }
        let stream = &mut *self.stream.borrow_mut();
        self.runtime.block_on(async {
            let (mut reader, mut writer) = tokio::io::split(stream);
            let write = async { writer.write_all(&wire).await.unwrap() };
            let read = async {
                let (mut decoder, mut buffer) = (ReplyDecoder::new(), BytesMut::with_capacity(1 << 16));
                while left > 0 {
                    while let Some(reply) = decoder.decode(&mut buffer).unwrap() {
                        assert!(!matches!(reply, Value::Error(_)), "{reply:?}");
                        left -= 1;
                    }
                    if left > 0 {
                        reader.read_buf(&mut buffer).await.unwrap();
                    }
                }
            };
            tokio::join!(write, read);
        });
    }
}

fn command(name: &str, arguments: &[&str]) -> Request {
    let mut request = Request::new(name);
    for argument in arguments {
        request.arg(argument.as_bytes());
    }
    request
}

/// 100 of these commands, each for another of the keys, far from each other.
fn bench(bencher: Bencher<'_, '_>, keys: u64, make: impl Fn(&str) -> Request) {
    let client = Client::filled(keys);
    let mut next = 0_u64;
    bencher.bench_local(|| {
        client.run((0..BATCH).map(|_| {
            next = (next + 7919) % keys;
            make(&format!("key:{next}"))
        }));
    });
}

#[divan::bench(args = SIZES)]
fn get(bencher: Bencher<'_, '_>, keys: u64) {
    bench(bencher, keys, |key| command("GET", &[key]));
}

#[divan::bench(args = SIZES)]
fn set(bencher: Bencher<'_, '_>, keys: u64) {
    bench(bencher, keys, |key| command("SET", &[key, "1"]));
}

#[divan::bench(args = SIZES)]
fn incr(bencher: Bencher<'_, '_>, keys: u64) {
    bench(bencher, keys, |key| command("INCR", &[key]));
}

#[divan::bench(args = SIZES)]
fn expire(bencher: Bencher<'_, '_>, keys: u64) {
    bench(bencher, keys, |key| command("EXPIRE", &[key, "3600"]));
}

#[divan::bench(args = SIZES)]
fn hset(bencher: Bencher<'_, '_>, keys: u64) {
    bench(bencher, keys, |key| command("HSET", &["hash", key, "1"]));
}

#[divan::bench]
fn hgetall_of_5_fields(bencher: Bencher<'_, '_>) {
    let client = Client::filled(1_000);
    client.run(std::iter::once(command("HSET", &["h", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5"])));
    bencher.bench_local(|| client.run((0..BATCH).map(|_| command("HGETALL", &["h"]))));
}

#[divan::bench(args = SIZES)]
fn sadd(bencher: Bencher<'_, '_>, keys: u64) {
    bench(bencher, keys, |key| command("SADD", &["set", key]));
}

#[divan::bench(args = SIZES)]
fn zadd(bencher: Bencher<'_, '_>, keys: u64) {
    bench(bencher, keys, |key| command("ZADD", &["sorted", &key[4..], key]));
}

#[divan::bench]
fn zrange_of_10(bencher: Bencher<'_, '_>) {
    let client = Client::filled(1_000);
    client.run((0..10_000).map(|n| command("ZADD", &["sorted", &n.to_string(), &format!("m{n}")])));
    bencher.bench_local(|| client.run((0..BATCH).map(|_| command("ZRANGE", &["sorted", "5000", "5009"]))));
}

#[divan::bench]
fn eval(bencher: Bencher<'_, '_>) {
    bench(bencher, 1_000, |key| command("EVAL", &["return redis.call('INCR', KEYS[1])", "1", key]));
}
