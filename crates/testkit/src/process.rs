//! A child process that does not outlive the test.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, bail};

/// A running `redis-server`; killed when dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts `redis-server` with a configuration file. It logs to the file `log`.
    pub(crate) fn start(configuration: &Path, arguments: &[String], log: &Path) -> anyhow::Result<Self> {
        let child = Command::new("redis-server")
            .arg(configuration)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(File::options().create(true).append(true).open(log)?)
            .spawn()
            .context("cannot start redis-server; install it: apt-get install redis-server")?;
        Ok(Process { child })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn has_ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Ends it at once (SIGKILL), also when it is stopped, and waits until it is gone.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Sends a signal by its name: `STOP`, `CONT`.
    pub(crate) fn signal(&self, name: &str) -> anyhow::Result<()> {
        let status = Command::new("kill").args(["-s", name, &self.id().to_string()]).status()?;
        if status.success() { Ok(()) } else { bail!("kill -s {name} failed") }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already, and there is nobody to tell.
        let _ = self.kill();
    }
}
