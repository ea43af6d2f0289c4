//! A program with a Lua state of its own that adds `nauthilus_redis` to it; see `docs/embedding.md`.
//!
//! `cargo run -p example-embed -- [URL] [SCRIPT]`

use std::error::Error;
use std::path::Path;

use mlua::{Function, Lua, Table};
use nautiloid_lua::Embedded;
use nautiloid_redis::{Client, PoolConfig, Registry};
use nautiloid_store::Store;
use tokio::task::LocalSet;

/// What is run when no script is given: it counts.
const SCRIPT: &str = r#"
local redis = require("nauthilus_redis")

return function(name)
  local handle = assert(redis.get_redis_connection("default"))
  assert(handle:hset("visits:" .. name, { who = name }))
  local replies = assert(handle:pipeline("write", { { "incr", "visits" }, { "hincrby", "visits:" .. name, "count", 1 } }))
  return name, replies[1].value, replies[2].value
end
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().unwrap_or_else(|| "embedded".to_owned());
    let script = arguments.next().unwrap_or_else(|| SCRIPT.to_owned());

    // The state is the program's own: its libraries, its globals, its other modules.
    let lua = Lua::new();

    // Connections are tasks of one thread.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        // Pools: the default one, and what scripts register. 1 is the number of threads that use them.
        let registry = Registry::new(PoolConfig::from_url(&url)?, Store::new(), 1, Path::new("."))?;
        let client = Client::new(registry);
        let redis = Embedded::new(&lua, &client)?;
        lua.globals().get::<Table>("package")?.get::<Table>("loaded")?.set("nauthilus_redis", redis.module())?;

        let visit: Function = lua.load(&script).set_name("=visit").eval()?;
        // Two calls at once: while one waits, the other runs.
        let (ann, bob) = tokio::join!(redis.call(&visit, "ann"), redis.call(&visit, "bob"));
        for outcome in [ann, bob] {
            match outcome {
                Ok(results) => {
                    let results = results.iter().map(|value| value.to_string()).collect::<mlua::Result<Vec<_>>>()?;
                    println!("{}", results.join(" "));
                }
                Err(error) => println!("error: {error}"),
            }
        }
        Ok(())
    })
}
