//! `nautiloid check-redis`: every pool, looked at the way the server reaches it.

use std::io::Write;
use std::path::PathBuf;
use std::rc::Rc;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use nautiloid_lua::{Host, Print};
use nautiloid_redis::commands::{Access, Spread};
use nautiloid_redis::{Client, Pool, PoolConfig, PoolId, RedisError, Registry, Request};
use nautiloid_server::Init;
use nautiloid_server::config::{Config, LogLevel};
use nautiloid_store::Store;

use crate::{logging, serve};

/// Connect to every pool as the server does, and say what is there and what is wrong
///
/// The pools are that of `[redis]` and those that the init scripts register, so the init scripts are run. Nothing else
/// is written to any server. For each pool: its servers with role, address, version and the time of a PING, then what
/// is wrong. The exit code is 1 when something is.
#[derive(Debug, Args)]
pub(crate) struct CheckRedis {
    /// Configuration file [default: ./nautiloid.toml]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Check this pool instead: `redis://…`, `rediss://…`, `unix://…` as for `nautiloid run --redis`
    #[arg(long, value_name = "URL", conflicts_with = "config")]
    redis: Option<String>,

    /// Leave the init scripts out, and with them the pools that they register
    #[arg(long)]
    no_init: bool,
}

impl CheckRedis {
    pub(crate) fn execute(self) -> anyhow::Result<()> {
        let mut config = self.load()?;
        // What the pools log is said by the report, once.
        config.log.level = LogLevel::Error;
        logging::start(&config.log);
        if self.no_init {
            config.lua.init_scripts.clear();
            config.redis_scripts.clear();
        }
        let runtime = nautiloid_server::runtime()?;
        let good = runtime.block_on(check(&config))?;
        if good { Ok(()) } else { bail!("not all pools are as they should be") }
    }

    fn load(&self) -> anyhow::Result<Config> {
        if let Some(url) = &self.redis {
            return Ok(Config { redis: PoolConfig::from_url(url).context("--redis")?, ..Config::default() });
        }
        let path = serve::find_config(self.config.clone())?;
        Ok(Config::load(&path)?)
    }
}

/// Whether every pool is as it should be.
async fn check(config: &Config) -> anyhow::Result<bool> {
    let registry = Registry::new(config.redis.clone(), Store::new(), 1, &config.folder).context("redis")?;
    let client = Client::new(registry);
    let host = Host::new(&config.settings(Print::Log), Rc::clone(&client)).map_err(|error| anyhow!("{error}"))?;
    let init = Init::read(config)?;
    let mut out = std::io::stdout().lock();
    let mut good = true;
    // One that fails because of a pool is no reason not to look at the pools.
    if let Err(error) = init.run(&host, &client).await {
        writeln!(out, "problem: {error}\n")?;
        good = false;
    }
    for id in client.pool_ids() {
        good &= report(&client, id, &mut out).await?;
    }
    Ok(good)
}

/// Whether this pool is as it should be.
async fn report(client: &Client, id: PoolId, out: &mut impl Write) -> anyhow::Result<bool> {
    let Some(pool) = client.pool(id) else { return Ok(true) };
    writeln!(out, "{}", pool.spec())?;
    let mut inspection = client.inspect(&pool).await;
    if let Err(error) = ping(&pool).await {
        inspection.problems.push(error.to_string());
    }
    for server in &inspection.servers {
        writeln!(out, "  {server}")?;
    }
    for problem in &inspection.problems {
        writeln!(out, "  problem: {problem}")?;
    }
    writeln!(out, "  {}\n", if inspection.is_good() { "ok" } else { "not ok" })?;
    Ok(inspection.is_good())
}

/// One command through the pool itself.
async fn ping(pool: &Pool) -> Result<(), RedisError> {
    match pool.call(&Request::new("PING"), Access::Read, Spread::OneSlot).await {
        // A user that may not PING has been told so by a server.
        Ok(_) | Err(RedisError::Server(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
