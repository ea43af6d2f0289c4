//! Hooks in a host of their own, on the embedded store: what Lua and its way to Redis cost, and what they allocate.
//!
//! - `nothing`: globals, the closure of the script, the resumption of a coroutine, a response without a body.
//! - `a_table`: the same, and a small table as JSON.
//! - The others make so many calls one after the other; each waits for the store, in the same thread. A call (Lua to bytes,
//!   the store, bytes to Lua) is a hundredth of the difference between 101 of them and 1.
//! - `pipeline` has six commands at a time, also once and 101 times.
//!
//! Allocations are those of Rust; LuaJIT's come through the same allocator, and are counted, too.
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot run has to end")]

use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;

use bytes::Bytes;
use divan::{AllocProfiler, Bencher};
use nautiloid_lua::{ClientAddress, HookRequest, Host, Print, Settings, Source};
use nautiloid_redis::{Client, PoolConfig, Registry};
use nautiloid_store::Store;
use tokio::runtime::{Builder, LocalOptions};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// Runs a hook whose body this is, over and over; `redis` and `json` are there.
fn bench(bencher: Bencher<'_, '_>, body: &str) {
    let runtime = Builder::new_current_thread().enable_all().build_local(LocalOptions::default()).unwrap();
    let registry = Registry::new(PoolConfig::from_url("embedded").unwrap(), Store::new(), 1, Path::new(".")).unwrap();
    let settings = Settings {
        package_path: Vec::new(),
        env: Vec::new(),
        log_format: "text".to_owned(),
        log_level: "info".to_owned(),
        print: Print::Log,
    };
    let host = Host::new(&settings, Client::new(registry)).unwrap();
    let script = format!(
        "local redis, json = require('nauthilus_redis'), require('json')\n\
         function nauthilus_run_hook(request)\n{body}\nend"
    );
    let program = host.compile(&Source::new("bench", script.as_bytes())).unwrap();
    let client = Rc::new(ClientAddress::from(SocketAddr::from(([127, 0, 0, 1], 4711))));
    let run = || {
        let (parts, ()) = http::Request::get("/bench").body(()).unwrap().into_parts();
        let request = HookRequest { parts, body: Bytes::new(), client: Rc::clone(&client) };
        runtime.block_on(host.run_hook(&program, request)).unwrap()
    };
    run();
    bencher.bench_local(run);
}

#[divan::bench]
fn nothing(bencher: Bencher<'_, '_>) {
    bench(bencher, "");
}

#[divan::bench]
fn a_table(bencher: Bencher<'_, '_>) {
    bench(bencher, "return { allowed = true, left = 7 }");
}

#[divan::bench(args = [1, 101])]
fn get(bencher: Bencher<'_, '_>, calls: u32) {
    bench(
        bencher,
        &format!("redis.redis_set('default', 'k', 'v') for _ = 1, {calls} do redis.redis_get('default', 'k') end"),
    );
}

#[divan::bench(args = [1, 101])]
fn hset(bencher: Bencher<'_, '_>, calls: u32) {
    bench(bencher, &format!("for _ = 1, {calls} do redis.redis_hset('default', 'h', 'field', 1) end"));
}

#[divan::bench(args = [1, 101])]
fn hgetall(bencher: Bencher<'_, '_>, calls: u32) {
    bench(
        bencher,
        &format!(
            "redis.redis_hset('default', 'h', {{ a = 1, b = 2, c = 3, d = 4, e = 5 }})\n\
             for _ = 1, {calls} do redis.redis_hgetall('default', 'h') end"
        ),
    );
}

#[divan::bench(args = [1, 101])]
fn pipeline(bencher: Bencher<'_, '_>, calls: u32) {
    let commands = "{ 'incr', 'n' }, { 'hset', 'h', 'seen', 'yes' }, { 'expire', 'h', 3600 }, { 'hgetall', 'h' }, \
                    { 'sadd', 's', 'ann' }, { 'scard', 's' }";
    bench(bencher, &format!("for _ = 1, {calls} do redis.redis_pipeline('default', 'write', {{ {commands} }}) end"));
}

const FIELDS: &str = "local t = {} for i = 1, 50 do t['field' .. i] = i % 2 == 0 and i or 'value ' .. i end\n";

#[divan::bench]
fn json_encode_50_fields(bencher: Bencher<'_, '_>) {
    bench(bencher, &format!("{FIELDS} json.encode(t)"));
}

#[divan::bench]
fn json_encode_and_decode_50_fields(bencher: Bencher<'_, '_>) {
    bench(bencher, &format!("{FIELDS} json.decode(json.encode(t))"));
}
