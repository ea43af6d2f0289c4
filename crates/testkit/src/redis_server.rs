//! One `redis-server` of its own for a test.

use std::fs;
use std::path::PathBuf;

use anyhow::bail;
use nautiloid_resp::Value;
use tempfile::TempDir;

use crate::certificates::{Certificates, Identity};
use crate::process::Process;
use crate::settings::{Ports, Settings, Tls};
use crate::{Connection, FaultProxy, patience, ports};

/// How often other ports are tried when those that were free have been taken.
const ATTEMPTS: usize = 5;

/// A running `redis-server` without persistence, on a free port and a Unix socket; killed when dropped.
#[derive(Debug)]
pub struct RedisServer {
    process: Process,
    ports: Ports,
    settings: Settings,
    proxy: Option<FaultProxy>,
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
        Self::launch(Settings { arguments: owned(arguments), ..Settings::default() })
    }

    /// Starts one with the server's certificate on a port of its own, [`tls_address`](Self::tls_address). Its plain
    /// port stays open for the test.
    ///
    /// Clients need no certificate unless an argument says so: `&["--tls-auth-clients", "yes"]`.
    ///
    /// # Errors
    /// `redis-server` is not installed, or did not start.
    pub fn start_tls(certificates: &Certificates, arguments: &[&str]) -> anyhow::Result<Self> {
        Self::start_tls_as(certificates, certificates.server(), arguments)
    }

    /// [`start_tls`](Self::start_tls) with another certificate: an expired one, one for another name.
    ///
    /// # Errors
    /// `redis-server` is not installed, or did not start.
    pub fn start_tls_as(certificates: &Certificates, identity: Identity, arguments: &[&str]) -> anyhow::Result<Self> {
        let tls = Some(Tls { certificates: certificates.clone(), identity });
        Self::launch(Settings { arguments: owned(arguments), tls, ..Settings::default() })
    }

    /// Starts a server on a port chosen before, for tests that begin without one.
    ///
    /// # Errors
    /// It did not start.
    pub fn start_on(port: u16) -> anyhow::Result<Self> {
        let ports = Ports { plain: port, tls: None, bus: None };
        match Self::launch_on(Settings::default(), ports)? {
            Some(server) => Ok(server),
            None => bail!("redis-server did not start on port {port}"),
        }
    }

    pub(crate) fn launch(settings: Settings) -> anyhow::Result<Self> {
        for _ in 0..ATTEMPTS {
            if let Some(server) = Self::launch_on(settings.clone(), settings.free_ports()?)? {
                return Ok(server);
            }
        }
        bail!("redis-server did not start, on other ports each time; is there a mistake in its settings? {settings:?}")
    }

    /// `None` when it ended at once, as it does when a port is taken.
    fn launch_on(settings: Settings, ports: Ports) -> anyhow::Result<Option<Self>> {
        let folder = TempDir::new()?;
        let socket = folder.path().join(SOCKET);
        let behind = format!("127.0.0.1:{}", ports.of_clients());
        let proxy = settings.proxied.then(|| FaultProxy::start(&behind)).transpose()?;
        let announced = proxy.as_ref().map(FaultProxy::port);
        fs::write(folder.path().join(CONFIGURATION), settings.file(&ports, announced, folder.path(), &socket))?;
        let process = spawn(&settings, &folder)?;
        let mut server = RedisServer { process, ports, settings, proxy, folder };
        Ok(server.wait_until_it_answers()?.then_some(server))
    }

    /// A port of the loopback that nobody listens on now.
    ///
    /// # Errors
    /// There is none.
    pub fn free_port() -> anyhow::Result<u16> {
        ports::free()
    }

    /// Its TCP port.
    pub fn port(&self) -> u16 {
        self.ports.plain
    }

    /// `127.0.0.1:port`
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.ports.plain)
    }

    /// `127.0.0.1:port` where it speaks TLS, if it does.
    pub fn tls_address(&self) -> Option<String> {
        self.ports.tls.map(|port| format!("127.0.0.1:{port}"))
    }

    /// Where clients are to come: with TLS if it speaks TLS, through its proxy if it has one.
    pub fn public_address(&self) -> String {
        format!("127.0.0.1:{}", self.public_port())
    }

    /// The proxy between it and its clients, of nodes that were started with one.
    pub fn proxy(&self) -> Option<&FaultProxy> {
        self.proxy.as_ref()
    }

    /// The port of [`public_address`](Self::public_address).
    pub(crate) fn public_port(&self) -> u16 {
        self.proxy.as_ref().map_or(self.direct_port(), FaultProxy::port)
    }

    /// Where it listens for clients itself.
    pub(crate) fn direct_port(&self) -> u16 {
        self.ports.of_clients()
    }

    /// The port of the Cluster's bus, if it has one.
    pub(crate) fn bus_port(&self) -> Option<u16> {
        self.ports.bus
    }

    /// The path of its Unix socket.
    pub fn unix_socket(&self) -> PathBuf {
        self.folder.path().join(SOCKET)
    }

    /// The id of its process. It changes with [`restart`](Self::restart).
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Whether it runs: it has not been killed, nor paused.
    pub fn is_awake(&self) -> bool {
        self.process.is_awake()
    }

    /// All that it has logged so far.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn log(&self) -> anyhow::Result<String> {
        Ok(fs::read_to_string(self.folder.path().join(LOG))?)
    }

    /// A new plain connection to it. Nodes of Sentinels and Clusters know the test and need no `AUTH`.
    ///
    /// # Errors
    /// It does not listen.
    pub fn connect(&self) -> anyhow::Result<Connection> {
        let mut connection = Connection::open(&self.address())?;
        if let Some(login) = &self.settings.login {
            connection.authenticate(login)?;
        }
        Ok(connection)
    }

    /// Adds an ACL user, or changes it: `ACL SETUSER name rules…`, `&["on", ">secret", "~app:*", "+@read"]` for
    /// example. A restart forgets it.
    ///
    /// # Errors
    /// The server refuses, or the test may not come in.
    pub fn set_user(&self, name: &str, rules: &[&str]) -> anyhow::Result<()> {
        self.connect()?.succeed(&[&["ACL", "SETUSER", name], rules].concat())?;
        Ok(())
    }

    /// Ends it at once (SIGKILL), also when it is paused, and waits until it is gone.
    ///
    /// # Errors
    /// It cannot be waited for.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill()
    }

    /// Starts it again, empty, on the same ports with the same arguments; kills it before if it runs.
    ///
    /// What the server itself has written into its configuration file holds: `REPLICAOF`, a Sentinel's knowledge.
    ///
    /// # Errors
    /// It did not start.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.kill()?;
        self.process = spawn(&self.settings, &self.folder)?;
        if self.wait_until_it_answers()? { Ok(()) } else { bail!("redis-server did not start again") }
    }

    /// Stops it in its tracks (SIGSTOP): it accepts connections and answers nothing.
    ///
    /// # Errors
    /// The signal could not be sent.
    pub fn pause(&self) -> anyhow::Result<()> {
        self.process.pause()
    }

    /// Lets it go on (SIGCONT).
    ///
    /// # Errors
    /// The signal could not be sent.
    pub fn resume(&self) -> anyhow::Result<()> {
        self.process.resume()
    }

    /// `false` when it ended instead, as it does when the port is taken.
    fn wait_until_it_answers(&mut self) -> anyhow::Result<bool> {
        patience::until("redis-server answers", || {
            if self.process.has_ended()? {
                return Ok(Some(false));
            }
            // Another server could have taken the port: ask for the process that answers. One that wants a password
            // first is taken at its word.
            match self.connect()?.command(&["INFO", "server"])? {
                Value::Bulk(text) => {
                    let wanted = format!("process_id:{}\r\n", self.process.id());
                    Ok(Some(String::from_utf8_lossy(&text).contains(&wanted)))
                }
                Value::Error(text) if text.starts_with(b"NOAUTH") || text.starts_with(b"NOPERM") => Ok(Some(true)),
                _ => Ok(None),
            }
        })
    }
}

/// Names of the files in a server's folder.
const CONFIGURATION: &str = "redis.conf";
const SOCKET: &str = "redis.sock";
const LOG: &str = "redis.log";

fn owned(arguments: &[&str]) -> Vec<String> {
    arguments.iter().map(ToString::to_string).collect()
}

fn spawn(settings: &Settings, folder: &TempDir) -> anyhow::Result<Process> {
    let file = |name| folder.path().join(name);
    Process::start(&file(CONFIGURATION), &settings.arguments, &file(LOG))
}
