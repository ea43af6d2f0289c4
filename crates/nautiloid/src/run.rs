//! `nautiloid run`: one script, on the same path to Redis as the server.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, anyhow};
use clap::Args;
use nautiloid_lua::{Host, Print, Source};
use nautiloid_redis::{Client, PoolConfig, Registry};
use nautiloid_server::config::{Config, LogLevel, module_patterns};
use nautiloid_server::{WithTraceback, run_init_scripts};
use nautiloid_store::Store;

use crate::logging;

/// Run one script and print what it returns as JSON
///
/// The script finds its arguments in `arg`, as with `lua`. What it returns is printed to standard output as JSON; if it
/// defines nauthilus_run_hook, that is called and its result printed. A script that fails prints its message and
/// traceback to standard error, and the exit code is 1.
///
/// Options of nautiloid are recognised anywhere before a `--`. Arguments of the script that begin with a dash go after
/// it: `nautiloid run report.lua --redis embedded -- --verbose`.
#[derive(Debug, Args)]
#[command(override_usage = "nautiloid run [OPTIONS] FILE [ARG]... [-- ARG...]\n       \
                            nautiloid run [OPTIONS] -e CODE [ARG]... [-- ARG...]")]
pub(crate) struct Run {
    /// The script; `-` for standard input
    #[arg(required_unless_present = "code")]
    file: Option<String>,

    /// What the script finds in `arg`
    #[arg(value_name = "ARG", allow_negative_numbers = true)]
    args: Vec<String>,

    /// Run this code; there is no FILE then
    #[arg(short = 'e', value_name = "CODE", allow_hyphen_values = true)]
    code: Option<String>,

    /// The pool "default": `embedded`, `redis://[[user]:password@]host[:port][/db]`
    /// (`rediss://` for TLS) or `unix:///path[?db=N]`
    /// [default: that of --config, else embedded]
    #[arg(long, value_name = "URL")]
    redis: Option<String>,

    /// Init script to run first, after those of --config; may be given more than once
    #[arg(long, value_name = "FILE")]
    init: Vec<PathBuf>,

    /// Configuration file whose `[redis]`, `[lua]` and `[log]` apply, its init scripts included. Without one,
    /// require looks in the script's folder and in lib below it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Log level, in place of the configuration's: error, warn, info, debug or trace
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<LogLevel>,
}

/// One thread runs the script.
const WORKERS: usize = 1;

impl Run {
    pub(crate) fn execute(mut self) -> anyhow::Result<()> {
        let mut config = match &self.config {
            Some(path) => Config::load(path)?,
            None => Config::default(),
        };
        config.log.level = self.log_level.unwrap_or(config.log.level);
        logging::start(&config.log);

        let (script, folder) = self.take_script()?;
        if self.config.is_none() {
            config.lua.package_path = module_patterns(&folder);
        }
        if let Some(url) = &self.redis {
            config.redis = PoolConfig::from_url(url).context("--redis")?;
        }
        let mut init_scripts = Vec::new();
        for script in &config.lua.init_scripts {
            init_scripts.push(script.read()?);
        }
        for path in &self.init {
            init_scripts.push(Source::read(path).with_context(|| format!("--init: cannot read {}", path.display()))?);
        }

        let runtime = nautiloid_server::runtime()?;
        runtime.block_on(async {
            let registry =
                Registry::new(config.redis.clone(), Store::new(), WORKERS, &config.folder).context("redis")?;
            let client = Client::new(registry);
            let host =
                Host::new(&config.settings(Print::Stdout), Rc::clone(&client)).map_err(|error| anyhow!("{error}"))?;
            let program = host.compile(&script).map_err(WithTraceback)?;
            run_init_scripts(&host, &init_scripts).await?;
            client.open_ahead();
            let result = host.run_main(&program, &self.args).await.map_err(WithTraceback)?;
            if let Some(json) = result {
                writeln!(std::io::stdout(), "{json}").context("cannot write the result")?;
            }
            Ok(())
        })
    }

    /// The script, and the folder where its modules are.
    fn take_script(&mut self) -> anyhow::Result<(Source, PathBuf)> {
        let here = std::env::current_dir().context("cannot tell the current folder")?;
        if let Some(code) = &self.code {
            // There is no file, so the first word is an argument.
            self.args.splice(..0, self.file.take());
            return Ok((Source::new("-e", code.as_bytes()), here));
        }
        let file = self.file.take().unwrap_or_default();
        if file == "-" {
            let mut code = Vec::new();
            std::io::stdin().read_to_end(&mut code).context("cannot read standard input")?;
            return Ok((Source::new("-", &code), here));
        }
        let path = Path::new(&file);
        let source = Source::read(path).with_context(|| format!("cannot read {file}"))?;
        Ok((source, here.join(path).parent().unwrap_or(&here).to_owned()))
    }
}
