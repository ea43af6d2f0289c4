//! The nautiloid binary: a subcommand a file.

mod cli;
mod logging;
mod redis;
mod run;
mod serve;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cli::Cli::parse().command.execute() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nautiloid: {error:#}");
            ExitCode::FAILURE
        }
    }
}
