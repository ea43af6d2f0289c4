//! `nautiloid completions`: scripts that complete commands, options and names in a shell.

use std::io::Write;

use anyhow::Context;
use clap::Args;
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;

use crate::help;

/// Print a script that completes nautiloid's commands in a shell
///
/// For bash: `nautiloid completions bash > ~/.local/share/bash-completion/completions/nautiloid`. For zsh, a file
/// `_nautiloid` in a folder of `$fpath`; for fish, `~/.config/fish/completions/nautiloid.fish`. After `nautiloid help`
/// bash, zsh and fish complete the names of Lua functions, too.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// `cli` is what is to be completed.
    pub(crate) fn execute(self, cli: clap::Command) -> anyhow::Result<()> {
        // `help` takes any name, to say which one may have been meant; what it has help on is said only here.
        let names = help::names();
        let parser = PossibleValuesParser::new(&names);
        let mut cli = cli.mut_subcommand("help", |help| help.mut_arg("name", |name| name.value_parser(parser)));
        let program = cli.get_name().to_owned();
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut cli, program, &mut script);
        if self.shell == Shell::Fish {
            // What comes without a dash is left out of the scripts for fish.
            let condition = "__fish_nautiloid_using_subcommand help";
            writeln!(script, "complete -c nautiloid -n \"{condition}\" -f -a \"{}\"", names.join(" "))?;
        }
        std::io::stdout().write_all(&script).context("cannot write")
    }
}
