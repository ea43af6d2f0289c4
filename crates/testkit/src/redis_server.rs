//! One `redis-server` of its own for a test.

use std::fs::File;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nautiloid_resp::Value;
use tempfile::TempDir;

use crate::Connection;

/// Longest wait for a server to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at whether it does.
const LOOK: Duration = Duration::from_millis(5);

/// A running `redis-server` without persistence, on a free port and a Unix socket; killed when dropped.
#[derive(Debug)]
pub struct RedisServer {
    process: Child,
    port: u16,
    arguments: Vec<String>,
    folder: TempDir,
}

impl RedisServer {
    /// Starts one with no password.
    ///
    /// # Errors
    /// `redis-server` is not installed, or did not start.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_with(&[])
    }

    /// Starts one with more arguments, `&["--requirepass", "secret"]` for example.
    ///
    /// # Errors
    /// `redis-server` is not installed, or did not start.
    pub fn start_with(arguments: &[&str]) -> anyhow::Result<Self> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        // The port is free when it is chosen, and may be taken a moment later by another test.
        for _ in 0..5 {
            let folder = TempDir::new()?;
            let port = Self::free_port()?;
            let process = spawn(port, &arguments, &folder)?;
            let mut server = RedisServer { process, port, arguments: arguments.clone(), folder };
            if server.wait_until_it_answers()? {
                return Ok(server);
            }
        }
        bail!("redis-server did not start: its port was taken each time")
    }

    /// A port of the loopback that nobody listens on now.
    ///
    /// # Errors
    /// There is none.
    pub fn free_port() -> anyhow::Result<u16> {
        Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
    }

    /// Starts a server on a port chosen before, for tests that begin without one.
    ///
    /// # Errors
    /// It did not start.
    pub fn start_on(port: u16) -> anyhow::Result<Self> {
        let folder = TempDir::new()?;
        let process = spawn(port, &[], &folder)?;
        let mut server = RedisServer { process, port, arguments: Vec::new(), folder };
        if server.wait_until_it_answers()? { Ok(server) } else { bail!("redis-server did not start on port {port}") }
    }

    /// Its TCP port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `127.0.0.1:port`
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The path of its Unix socket.
    pub fn unix_socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    /// A new connection to it.
    ///
    /// # Errors
    /// It does not listen.
    pub fn connect(&self) -> anyhow::Result<Connection> {
        Connection::open(&self.address())
    }

    /// Ends it at once (SIGKILL) and waits until it is gone.
    ///
    /// # Errors
    /// It cannot be waited for.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Starts it again, empty, on the same port with the same arguments; kills it before if it runs.
    ///
    /// # Errors
    /// It did not start.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.kill()?;
        self.process = spawn(self.port, &self.arguments, &self.folder)?;
        if self.wait_until_it_answers()? { Ok(()) } else { bail!("redis-server did not start again") }
    }

    /// Stops it in its tracks (SIGSTOP): it accepts connections and answers nothing.
    ///
    /// # Errors
    /// The signal could not be sent.
    pub fn pause(&self) -> anyhow::Result<()> {
        self.signal("STOP")
    }

    /// Lets it go on (SIGCONT).
    ///
    /// # Errors
    /// The signal could not be sent.
    pub fn resume(&self) -> anyhow::Result<()> {
        self.signal("CONT")
    }

    fn signal(&self, name: &str) -> anyhow::Result<()> {
        let status = Command::new("kill").args(["-s", name, &self.process.id().to_string()]).status()?;
        if status.success() { Ok(()) } else { bail!("kill -s {name} failed") }
    }

    /// `false` when it ended instead, as it does when the port is taken.
    fn wait_until_it_answers(&mut self) -> anyhow::Result<bool> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if self.process.try_wait()?.is_some() {
                return Ok(false);
            }
            // Another server could have taken the port: ask for the process that answers. One that wants a password
            // first is taken at its word.
            let info = self.connect().and_then(|mut connection| connection.command(&["INFO", "server"]));
            match info {
                Ok(Value::Bulk(text)) => {
                    let wanted = format!("process_id:{}\r\n", self.process.id());
                    return Ok(String::from_utf8_lossy(&text).contains(&wanted));
                }
                Ok(Value::Error(text)) if text.starts_with(b"NOAUTH") || text.starts_with(b"NOPERM") => {
                    return Ok(true);
                }
                _ if Instant::now() > deadline => bail!("redis-server did not answer within {PATIENCE:?}"),
                _ => thread::sleep(LOOK),
            }
        }
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have ended already, and there is nobody to tell.
        let _ = self.kill();
    }
}

fn spawn(port: u16, arguments: &[String], folder: &TempDir) -> anyhow::Result<Child> {
    let log = File::create(folder.path().join("redis.log"))?;
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .args(["--unixsocket", &folder.path().join("redis.sock").display().to_string()])
        .args(["--dir", &folder.path().display().to_string()])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(log)
        .spawn()
        .context("cannot start redis-server; install it: apt-get install redis-server")
}
