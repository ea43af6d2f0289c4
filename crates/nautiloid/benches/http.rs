//! One connection to the real binary, one request after the other: the way through HTTP to a fixed answer and to a hook,
//! with the socket and the client's share in it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot run has to end")]

#[path = "../tests/support/mod.rs"]
mod support;

use divan::Bencher;
use support::Site;

fn main() {
    divan::main();
}

fn bench(bencher: Bencher<'_, '_>, path: &str, status: u16) {
    let server = Site::new().server("workers = 1").hook("GET", "/nothing", "function nauthilus_run_hook() end").start();
    let mut client = server.connect();
    bencher.bench_local(|| assert_eq!(client.request("GET", path, &[], b"").status, status));
}

#[divan::bench]
fn ping(bencher: Bencher<'_, '_>) {
    bench(bencher, "/ping", 200);
}

#[divan::bench]
fn a_hook_that_returns_nothing(bencher: Bencher<'_, '_>) {
    bench(bencher, "/api/v1/custom/nothing", 204);
}
