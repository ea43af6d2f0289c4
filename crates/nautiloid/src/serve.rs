//! `nautiloid serve`: the HTTP server.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args;
use nautiloid_server::config::{Config, LogLevel, MINIMAL};

use crate::logging;

/// Where the configuration is looked for when none is named.
const DEFAULT_CONFIG: &str = "nautiloid.toml";

/// Serve the configured hooks over HTTP
///
/// Log lines go to standard error. SIGTERM and SIGINT finish the requests in flight; a second signal ends at once.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Configuration file [default: ./nautiloid.toml]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Log level, in place of the configuration's: error, warn, info, debug or trace
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<LogLevel>,
}

impl Serve {
    pub(crate) fn execute(self) -> anyhow::Result<()> {
        let path = find_config(self.config)?;
        let mut config = Config::load(&path)?;
        config.log.level = self.log_level.unwrap_or(config.log.level);
        logging::start(&config.log);
        Ok(nautiloid_server::serve(&config)?)
    }
}

/// The configuration file that is named, or that of the current folder.
pub(crate) fn find_config(named: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    match named {
        Some(path) => Ok(path),
        None if Path::new(DEFAULT_CONFIG).exists() => Ok(DEFAULT_CONFIG.into()),
        None => bail!(
            "there is no {DEFAULT_CONFIG} here. Name one with --config FILE, or write this to {DEFAULT_CONFIG}:\n\n\
             {MINIMAL}"
        ),
    }
}
