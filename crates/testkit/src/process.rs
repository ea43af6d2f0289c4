//! A child process that does not outlive the test.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail};

/// A running `redis-server`; killed when dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// Neither killed nor stopped by the test.
    awake: AtomicBool,
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
        Ok(Process { child, awake: AtomicBool::new(true) })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn has_ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Whether it can be expected to answer.
    pub(crate) fn is_awake(&self) -> bool {
        self.awake.load(Ordering::Relaxed)
    }

    /// Ends it at once (SIGKILL), also when it is stopped, and waits until it is gone.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.awake.store(false, Ordering::Relaxed);
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGSTOP.
    pub(crate) fn pause(&self) -> anyhow::Result<()> {
        self.signal("STOP")?;
        self.awake.store(false, Ordering::Relaxed);
        Ok(())
    }

    /// SIGCONT.
    pub(crate) fn resume(&self) -> anyhow::Result<()> {
        self.signal("CONT")?;
        self.awake.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn signal(&self, name: &str) -> anyhow::Result<()> {
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
