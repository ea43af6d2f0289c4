//! What commands that run scripts have in common: their options, and the host that these make.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, anyhow};
use clap::Args;
use nautiloid_lua::{Host, Print, Source};
use nautiloid_redis::{Client, PoolConfig, Registry};
use nautiloid_server::Init;
use nautiloid_server::config::{Config, LogLevel, module_patterns};
use nautiloid_store::Store;

use crate::logging;

/// Which pools, modules and init scripts there are.
#[derive(Debug, Args)]
pub(crate) struct Scripting {
    /// The pool "default": `embedded`, `redis://[[user]:password@]host[:port][/db]`
    /// (`rediss://` for TLS) or `unix:///path[?db=N]`
    /// [default: that of --config, else embedded]
    #[arg(long, value_name = "URL")]
    redis: Option<String>,

    /// Init script to run first, after those of --config; may be given more than once
    #[arg(long, value_name = "FILE")]
    init: Vec<PathBuf>,

    /// Configuration file whose `[redis]`, `[[redis_scripts]]`, `[lua]` and `[log]` apply, its init scripts included. Without one,
    /// require looks in the script's folder and in lib below it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Log level, in place of the configuration's: error, warn, info, debug or trace
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<LogLevel>,
}

/// One thread runs scripts.
const WORKERS: usize = 1;

impl Scripting {
    /// Reads the configuration and starts the log.
    pub(crate) fn load(&self) -> anyhow::Result<Config> {
        let mut config = match &self.config {
            Some(path) => Config::load(path)?,
            None => Config::default(),
        };
        config.log.level = self.log_level.unwrap_or(config.log.level);
        logging::start(&config.log);
        Ok(config)
    }

    /// Reads what else there is; without a configuration file, modules are looked for in `folder`.
    pub(crate) fn prepare(&self, mut config: Config, folder: &Path) -> anyhow::Result<Prepared> {
        if self.config.is_none() {
            config.lua.package_path = module_patterns(folder);
        }
        if let Some(url) = &self.redis {
            config.redis = PoolConfig::from_url(url).context("--redis")?;
        }
        let mut init = Init::read(&config)?;
        for path in &self.init {
            init.scripts.push(Source::read(path).with_context(|| format!("--init: cannot read {}", path.display()))?);
        }
        Ok(Prepared { config, init })
    }
}

/// All that a host is made of.
pub(crate) struct Prepared {
    config: Config,
    init: Init,
}

impl Prepared {
    /// The host of this thread, and its way to Redis. Needs a runtime.
    pub(crate) fn host(&self) -> anyhow::Result<(Host, Rc<Client>)> {
        let config = &self.config;
        let registry = Registry::new(config.redis.clone(), Store::new(), WORKERS, &config.folder).context("redis")?;
        let client = Client::new(registry);
        let host =
            Host::new(&config.settings(Print::Stdout), Rc::clone(&client)).map_err(|error| anyhow!("{error}"))?;
        Ok((host, client))
    }

    /// Runs the init scripts, and opens the connections that the pools are to have.
    pub(crate) async fn initialize(&self, host: &Host, client: &Client) -> anyhow::Result<()> {
        self.init.run(host, client).await?;
        client.open_ahead();
        Ok(())
    }
}
