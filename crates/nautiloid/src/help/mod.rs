//! `nautiloid help`: the reference of functions in the terminal, and what a subcommand takes.
//!
//! What is said is `nautiloid_lua::reference`, of which `docs/reference/` is the other form.

mod name;
mod style;
mod topic;
mod write;

use std::io::{ErrorKind, Write};

use anyhow::{Context, bail};
use clap::{Args, Command};

use style::Style;
pub(crate) use topic::names;

/// Show what a function of Lua, or a command, is for
///
/// NAME is a function (`redis_hset`, `hset`, `json.encode`), a module (`nauthilus_redis`, `time`), a group of functions
/// (`hashes`, `sorted sets`), or a command of nautiloid (`run`). Without a NAME it shows the commands.
#[derive(Debug, Args)]
pub(crate) struct Help {
    /// A function, a module, a group of functions, or a command
    #[arg(value_name = "NAME")]
    name: Vec<String>,
}

impl Help {
    /// `cli` are the commands there is help on, too.
    pub(crate) fn execute(self, cli: Command) -> anyhow::Result<()> {
        let name = self.name.join(" ");
        let commands: Vec<&str> = cli.get_subcommands().map(Command::get_name).collect();
        if name.is_empty() || commands.contains(&name.as_str()) {
            return show_command(cli, &name);
        }
        let text = explain(&name, &commands)?;
        match std::io::stdout().write_all(text.as_bytes()) {
            // Whoever reads the output may have seen enough.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot write"),
            _ => Ok(()),
        }
    }
}

/// What there is to say about a function, a module or a group of functions. `others` may have been meant, too.
pub(crate) fn explain(name: &str, others: &[&str]) -> anyhow::Result<String> {
    let topics = topic::find(name);
    if topics.is_empty() {
        match topic::nearest(name, others.iter().copied()) {
            Some(near) => bail!("there is no help on '{name}': did you mean '{near}'?"),
            None => bail!(
                "there is no help on '{name}': name a function (redis_get), a module (nauthilus_redis), a group \
                 (hashes) or a command (run)"
            ),
        }
    }
    let style = Style::of_stdout();
    let texts: Vec<String> = topics.iter().map(|found| write::topic(found, style)).collect();
    Ok(texts.join("\n"))
}

/// What `nautiloid COMMAND --help` shows; that of nautiloid itself for the empty name.
fn show_command(cli: Command, name: &str) -> anyhow::Result<()> {
    let words = ["nautiloid", name, "--help"].into_iter().filter(|word| !word.is_empty());
    match cli.try_get_matches_from(words) {
        Err(help) => help.print().context("cannot write"),
        Ok(_) => Ok(()),
    }
}
