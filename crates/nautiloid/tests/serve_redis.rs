//! What all workers share: the embedded store, and the pools and scripts of the init script.

mod support;

use serde_json::{Value, json};
use support::{Server, Site};

const WORKERS: usize = 3;

/// Calls a hook once on each worker: connections go to the workers in turn.
fn on_every_worker(server: &Server, location: &str) -> Vec<Value> {
    (0..WORKERS).map(|_| server.hook(location).json()).collect()
}

fn site() -> Site {
    Site::new().server(&format!("workers = {WORKERS}"))
}

#[test]
fn workers_share_one_embedded_store() {
    let server = site()
        .hook(
            "GET",
            "/count",
            "local redis = require('nauthilus_redis') function nauthilus_run_hook() return (redis.redis_incr('default', 'n')) end",
        )
        .start();
    assert_eq!(on_every_worker(&server, "/count"), [json!(1), json!(2), json!(3)]);
}

#[test]
fn what_an_init_script_makes_is_there_for_every_worker() {
    let server = site()
        .section("[lua]\ninit_scripts = [\"init.lua\"]")
        .file(
            "init.lua",
            r#"
            dynamic_loader("nauthilus_redis")
            local redis = require("nauthilus_redis")
            function nauthilus_run_hook(logging)
                local ok, err = redis.register_redis_pool("other", "embedded", { db = 5 })
                if err then error(err) end
                local other = assert(redis.get_redis_connection("other"))
                local sha1, err = redis.redis_upload_script(other, "return redis.call('INCRBY', KEYS[1], ARGV[1])", "add")
                if err then error(err) end
            end
            "#,
        )
        .hook(
            "GET",
            "/add",
            r#"
            local redis = require("nauthilus_redis")
            function nauthilus_run_hook()
                local other = assert(redis.get_redis_connection("other"))
                local sum = assert(redis.redis_run_script(other, "", "add", { "sum" }, { 10 }))
                return { sum, redis.redis_get(other, "sum"), (redis.redis_get("default", "sum")) == nil }
            end
            "#,
        )
        .start();
    assert_eq!(
        on_every_worker(&server, "/add"),
        [json!([10, "10", true]), json!([20, "20", true]), json!([30, "30", true])]
    );
}

#[test]
fn a_server_without_its_redis_starts_and_says_so_in_each_call() {
    let server = site()
        .section("[redis]\naddress = \"127.0.0.1:1\"\npassword = \"sesame\"")
        .hook(
            "GET",
            "/get",
            "local redis = require('nauthilus_redis') function nauthilus_run_hook() \
             local value, err = redis.redis_get('default', 'k') return { value == nil, err } end",
        )
        .start();
    for answer in on_every_worker(&server, "/get") {
        assert_eq!(answer[0], true);
        let error = answer[1].as_str().unwrap();
        assert!(error.contains("127.0.0.1:1") && !error.contains("sesame"), "{error}");
    }
    assert!(!server.log.text().contains("sesame"), "{}", server.log.text());
}
