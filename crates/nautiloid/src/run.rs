//! `nautiloid run`: one script, on the same path to Redis as the server.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use nautiloid_lua::Source;
use nautiloid_server::WithTraceback;

use crate::scripting::Scripting;

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

    #[command(flatten)]
    scripting: Scripting,
}

impl Run {
    pub(crate) fn execute(mut self) -> anyhow::Result<()> {
        let config = self.scripting.load()?;
        let (script, folder) = self.take_script()?;
        let prepared = self.scripting.prepare(config, &folder)?;
        let runtime = nautiloid_server::runtime()?;
        runtime.block_on(async {
            let (host, client) = prepared.host()?;
            let program = host.compile(&script).map_err(WithTraceback)?;
            prepared.initialize(&host, &client).await?;
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
