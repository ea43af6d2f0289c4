//! Requests to bytes, and bytes to replies: what each command costs on the wire, with the allocations it takes.
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot run has to end")]

use bytes::BytesMut;
use divan::{AllocProfiler, Bencher};
use nautiloid_resp::{ReplyDecoder, Request};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// A request of so many arguments, built and written behind others.
fn encode(bencher: Bencher<'_, '_>, arguments: &[&[u8]]) {
    let mut out = BytesMut::with_capacity(1 << 20);
    bencher.bench_local(|| {
        out.clear();
        let mut request = Request::new("SET");
        request.key(b"bench:key");
        for argument in arguments {
            request.arg(argument);
        }
        request.write_to(&mut out);
        out.len()
    });
}

#[divan::bench]
fn request_of_a_small_value(bencher: Bencher<'_, '_>) {
    encode(bencher, &[b"value", b"EX", b"3600"]);
}

#[divan::bench]
fn request_of_a_kilobyte(bencher: Bencher<'_, '_>) {
    encode(bencher, &[&[b'x'; 1024]]);
}

/// Everything in these bytes, out of one read.
fn decode(bencher: Bencher<'_, '_>, wire: &[u8]) {
    let mut decoder = ReplyDecoder::new();
    bencher.with_inputs(|| BytesMut::from(wire)).bench_local_values(|mut buffer| {
        let mut count = 0;
        while let Some(reply) = decoder.decode(&mut buffer).unwrap() {
            divan::black_box(&reply);
            count += 1;
        }
        count
    });
}

#[divan::bench]
fn reply_integer(bencher: Bencher<'_, '_>) {
    decode(bencher, b":12345\r\n");
}

#[divan::bench]
fn reply_string(bencher: Bencher<'_, '_>) {
    decode(bencher, b"$5\r\nhello\r\n");
}

#[divan::bench]
fn reply_string_of_64_kilobytes(bencher: Bencher<'_, '_>) {
    decode(bencher, &[b"$65536\r\n".as_slice(), &[b'x'; 65536], b"\r\n"].concat());
}

#[divan::bench]
fn reply_array_of_20_strings(bencher: Bencher<'_, '_>) {
    decode(bencher, &[b"*20\r\n".as_slice(), &b"$5\r\nhello\r\n".repeat(20)].concat());
}

#[divan::bench]
fn reply_map_of_5(bencher: Bencher<'_, '_>) {
    decode(bencher, &[b"%5\r\n".as_slice(), &b"$5\r\nfield\r\n$5\r\nvalue\r\n".repeat(5)].concat());
}

#[divan::bench]
fn replies_64_strings_in_one_read(bencher: Bencher<'_, '_>) {
    decode(bencher, &b"$5\r\nhello\r\n".repeat(64));
}
