//! `nautiloid man`: the manual pages.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

/// Print the manual page, or write it and one for each command to a folder
///
/// To read it: `nautiloid man | man -l -`. To install the pages: `nautiloid man /usr/local/share/man/man1`.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder; it is made if it is not there
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Man {
    /// `cli` is what the pages are about.
    pub(crate) fn execute(self, cli: clap::Command) -> anyhow::Result<()> {
        match self.folder {
            None => clap_mangen::Man::new(cli).render(&mut std::io::stdout()).context("cannot write"),
            Some(folder) => std::fs::create_dir_all(&folder)
                .and_then(|()| clap_mangen::generate_to(cli, &folder))
                .with_context(|| format!("cannot write to {}", folder.display())),
        }
    }
}
