//! The command line, declared. What a subcommand does is in the file of its name.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::{check, check_redis, completions, help, man, redis, repl, run, serve, stubs};

/// Runs Lua policy scripts against Redis, fast and safely.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(serve::Serve),
    Run(run::Run),
    Repl(repl::Repl),
    Check(check::Check),
    CheckRedis(check_redis::CheckRedis),
    Redis(redis::Redis),
    Help(help::Help),
    Stubs(stubs::Stubs),
    Man(man::Man),
    Completions(completions::Completions),
}

impl Command {
    /// Errors are said by who called this, and are exit code 1.
    pub(crate) fn execute(self) -> anyhow::Result<ExitCode> {
        match self {
            Command::Serve(command) => command.execute()?,
            Command::Run(command) => command.execute()?,
            Command::Repl(command) => command.execute()?,
            Command::Check(command) => return Ok(command.execute()),
            Command::CheckRedis(command) => command.execute()?,
            Command::Redis(command) => command.execute()?,
            Command::Help(command) => command.execute(Cli::command())?,
            Command::Stubs(command) => command.execute()?,
            Command::Man(command) => command.execute(Cli::command())?,
            Command::Completions(command) => command.execute(Cli::command())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
