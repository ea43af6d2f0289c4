//! `nautiloid repl`: an interactive prompt, on the same path to Redis as the server.
//!
//! The prompt reads in a thread of its own (`input`), so that connections live on while somebody types. This thread runs
//! what was read (`session`), and answers the prompt's questions for completions.

mod command;
mod history;
mod input;
mod interrupts;
mod session;
mod terminal;

use std::io::IsTerminal;

use anyhow::{Context, anyhow};
use clap::Args;
use nautiloid_lua::{Console, Interrupt};

use crate::scripting::Scripting;
use session::Session;

/// Try Lua at a prompt, against any pool
///
/// `redis` is the module nauthilus_redis, and `h` the handle of the default pool: `h:set("k", 1)`, then `h:get("k")`. What an
/// expression gives is printed; globals stay from line to line, and a chunk may have many lines. Tab completes names,
/// Ctrl-C stops what runs, `.help hset` explains a function, `.quit` or Ctrl-D ends it. Without a terminal it reads
/// standard input, line by line.
#[derive(Debug, Args)]
pub(crate) struct Repl {
    #[command(flatten)]
    scripting: Scripting,
}

impl Repl {
    pub(crate) fn execute(self) -> anyhow::Result<()> {
        let config = self.scripting.load()?;
        let folder = std::env::current_dir().context("cannot tell the current folder")?;
        let prepared = self.scripting.prepare(config, &folder)?;
        let interrupt = Interrupt::default();
        let lines = if std::io::stdin().is_terminal() {
            // Without a terminal nobody is there to go on with the next line.
            interrupts::pass_on(&interrupt).context("cannot wait for Ctrl-C")?;
            terminal::start()?
        } else {
            input::start()?
        };
        let runtime = nautiloid_server::runtime()?;
        runtime.block_on(async {
            let (host, client) = prepared.host()?;
            prepared.initialize(&host, &client).await?;
            let console = Console::new(&host, interrupt).map_err(|error| anyhow!("{error}"))?;
            Session::new(&console, lines).run().await
        })
    }
}
