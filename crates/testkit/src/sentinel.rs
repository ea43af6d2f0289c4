//! A master, its replicas, and the Sentinels that watch over them.
//!
//! ```no_run
//! # fn main() -> anyhow::Result<()> {
//! use testkit::{Certificates, Credentials, SentinelOptions, Sentinels};
//!
//! let mut setup = Sentinels::start()?; // 1 master, 2 replicas, 3 Sentinels, no passwords
//! let master = setup.master()?; // an index into setup.nodes()
//! setup.node_mut(master).kill()?;
//! let next = setup.wait_for_master_other_than(master)?;
//! setup.node_mut(master).restart()?; // comes back as a master and is made a replica, as with real operators
//! setup.wait_until_ready()?;
//!
//! let secured = Sentinels::start_with(&SentinelOptions {
//!     login: Some(Credentials::user("app", "secret")),
//!     sentinel_login: Some(Credentials::password("other secret")),
//!     tls: Some(Certificates::new()?),
//!     ..SentinelOptions::default()
//! })?;
//! # Ok(()) }
//! ```
//!
//! With TLS the addresses that Sentinels tell, and those of the Sentinels, are those of the ports with TLS; the plain
//! ports stay open for the test alone.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, bail};
use nautiloid_resp::Value;

use crate::certificates::Certificates;
use crate::settings::{Settings, Tls};
use crate::{Credentials, RedisServer, patience};

/// The name of the master.
const MASTER: &str = "main";

/// How often Sentinels publish what they know (four times as long, and a former master that came back is made a
/// replica), and ask servers how they are, in milliseconds.
type Pace = [&'static str; 4];
const HURRIED: Pace = ["publish-period", "100", "info-period", "100"];
/// The defaults of Redis.
const USUAL: Pace = ["publish-period", "2000", "info-period", "10000"];

/// How the processes are set up.
#[derive(Debug, Clone)]
pub struct SentinelOptions {
    /// How many replicas the master has.
    pub replicas: usize,
    /// How many Sentinels there are. The quorum is more than half of them.
    pub sentinels: usize,
    /// Who may use the master and the replicas; they and the Sentinels use it as well.
    pub login: Option<Credentials>,
    /// Who may use the Sentinels; they use it between them.
    pub sentinel_login: Option<Credentials>,
    /// TLS on everything: data, replication, Sentinels.
    pub tls: Option<Certificates>,
    /// Whether clients must show a certificate.
    pub mutual_tls: bool,
    /// How long a server may be silent before a Sentinel takes it for dead.
    pub down_after: Duration,
    /// Sentinel's `failover-timeout`: also, half of the time before a failed failover is tried again.
    pub failover_timeout: Duration,
    /// Whether clients reach the master and the replicas through proxies, [`RedisServer::proxy`], whose addresses are those that are
    /// told. Replication goes through them, too; and so do the Sentinels.
    pub proxies: bool,
    /// More arguments for the master and the replicas: `&["--appendonly", "yes"]`.
    pub arguments: Vec<String>,
}

impl Default for SentinelOptions {
    fn default() -> Self {
        SentinelOptions {
            replicas: 2,
            sentinels: 3,
            login: None,
            sentinel_login: None,
            tls: None,
            mutual_tls: false,
            down_after: Duration::from_secs(1),
            failover_timeout: Duration::from_secs(3),
            proxies: false,
            arguments: Vec::new(),
        }
    }
}

/// The running processes; killed when dropped.
#[derive(Debug)]
pub struct Sentinels {
    options: SentinelOptions,
    nodes: Vec<RedisServer>,
    sentinels: Vec<RedisServer>,
}

impl Sentinels {
    /// Starts 1 master, 2 replicas and 3 Sentinels, without passwords or TLS.
    ///
    /// # Errors
    /// They did not start, or did not find each other.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_with(&SentinelOptions::default())
    }

    /// Starts them, and waits until the replicas are in sync and all Sentinels know everybody.
    ///
    /// # Errors
    /// They did not start, or did not find each other.
    pub fn start_with(options: &SentinelOptions) -> anyhow::Result<Self> {
        let mut setup = Sentinels { options: options.clone(), nodes: Vec::new(), sentinels: Vec::new() };
        let master = RedisServer::launch(setup.node_settings())?;
        let master_port = master.public_port();
        setup.nodes.push(master);
        for _ in 0..options.replicas {
            let replica = RedisServer::launch(setup.node_settings())?;
            let mut connection = replica.connect()?;
            connection.succeed(&["REPLICAOF", "127.0.0.1", &master_port.to_string()])?;
            // So that it is one again after a restart.
            connection.succeed(&["CONFIG", "REWRITE"])?;
            setup.nodes.push(replica);
        }
        setup.wait_until_in_sync(0)?;
        for _ in 0..options.sentinels {
            let sentinel = setup.launch_sentinel(master_port)?;
            setup.sentinels.push(sentinel);
        }
        setup.wait_until_ready()?;
        Ok(setup)
    }

    /// The name under which the Sentinels know the master.
    pub fn master_name(&self) -> &'static str {
        MASTER
    }

    /// `127.0.0.1:port` of all Sentinels, with TLS if there is TLS.
    pub fn sentinel_addresses(&self) -> Vec<String> {
        self.sentinels.iter().map(RedisServer::public_address).collect()
    }

    /// The master and the replicas. Their order never changes, whoever is the master.
    pub fn nodes(&self) -> &[RedisServer] {
        &self.nodes
    }

    /// One of [`nodes`](Self::nodes).
    ///
    /// # Panics
    /// There is no such node.
    pub fn node(&self, index: usize) -> &RedisServer {
        &self.nodes[index]
    }

    /// One of [`nodes`](Self::nodes), to kill or restart it.
    ///
    /// # Panics
    /// There is no such node.
    pub fn node_mut(&mut self, index: usize) -> &mut RedisServer {
        &mut self.nodes[index]
    }

    /// The Sentinels.
    pub fn sentinels(&self) -> &[RedisServer] {
        &self.sentinels
    }

    /// The Sentinels, to kill or restart them.
    pub fn sentinels_mut(&mut self) -> &mut [RedisServer] {
        &mut self.sentinels
    }

    /// The node that is the master, as the Sentinels say: the one of the newest configuration, if they differ.
    ///
    /// # Errors
    /// No Sentinel answers, or they name a server that is none of the nodes.
    pub fn master(&self) -> anyhow::Result<usize> {
        let mut newest = None;
        for sentinel in self.sentinels.iter().filter(|sentinel| sentinel.is_awake()) {
            let master = self.master_as_seen_by(sentinel)?;
            let epoch: u64 = field(&master, "config-epoch")?.parse()?;
            if newest.as_ref().is_none_or(|(newest, _)| epoch > *newest) {
                newest = Some((epoch, address_in(&master)?));
            }
        }
        let (_, address) = newest.context("no Sentinel is awake")?;
        let index = self.nodes.iter().position(|node| node.public_address() == address);
        index.with_context(|| format!("the master is none of ours: {address}"))
    }

    /// Makes the Sentinels choose another master; the present one is alive. Returns once they have begun.
    ///
    /// # Errors
    /// They refuse.
    pub fn failover(&self) -> anyhow::Result<()> {
        // One that ended a moment ago keeps the next from beginning.
        patience::until_true("the Sentinels begin a failover", || {
            self.any_sentinel()?.connect()?.succeed(&["SENTINEL", "FAILOVER", MASTER])?;
            Ok(true)
        })
    }

    /// Waits until a Sentinel names another master than `node`, and returns it. The others may still name the old one:
    /// [`wait_until_ready`](Self::wait_until_ready).
    ///
    /// # Errors
    /// It takes too long.
    pub fn wait_for_master_other_than(&self, node: usize) -> anyhow::Result<usize> {
        patience::until("the Sentinels name another master", || Ok(Some(self.master()?).filter(|now| *now != node)))
    }

    /// Waits until all Sentinels that are awake agree on the master, know all nodes and each other, and all nodes that
    /// are awake replicate the master.
    ///
    /// Sentinels exchange views at a leisurely pace, up to 10 s. They are hurried meanwhile, so a test that measures a
    /// failover calls this before the fault and after the measurement.
    ///
    /// # Errors
    /// It takes too long.
    pub fn wait_until_ready(&self) -> anyhow::Result<()> {
        self.set_pace(&HURRIED)?;
        let master = patience::until("the Sentinels agree", || {
            let master = self.master()?;
            for sentinel in self.sentinels.iter().filter(|sentinel| sentinel.is_awake()) {
                let seen = self.master_as_seen_by(sentinel)?;
                let agrees = address_in(&seen)? == self.nodes[master].public_address()
                    && field(&seen, "flags")? == "master"
                    && field(&seen, "num-slaves")? == (self.nodes.len() - 1).to_string()
                    && field(&seen, "num-other-sentinels")? == (self.sentinels.len() - 1).to_string();
                if !agrees || !self.replicas_are_seen_right(sentinel, master)? {
                    return Ok(None);
                }
            }
            Ok(Some(master))
        })?;
        self.set_pace(&USUAL)?;
        self.wait_until_in_sync(master)
    }

    /// Starts one more Sentinel, and waits until the others know it.
    ///
    /// # Errors
    /// It did not start, or the others did not find it.
    pub fn add_sentinel(&mut self) -> anyhow::Result<()> {
        let master = self.master()?;
        let sentinel = self.launch_sentinel(self.nodes[master].public_port())?;
        self.sentinels.push(sentinel);
        self.wait_until_ready()
    }

    fn set_pace(&self, pace: &Pace) -> anyhow::Result<()> {
        for sentinel in self.sentinels.iter().filter(|sentinel| sentinel.is_awake()) {
            sentinel.connect()?.succeed(&[&["SENTINEL", "DEBUG"], &pace[..]].concat())?;
        }
        Ok(())
    }

    fn wait_until_in_sync(&self, master: usize) -> anyhow::Result<()> {
        let wanted = format!("master_port:{}", self.nodes[master].public_port());
        for (index, node) in self.nodes.iter().enumerate().filter(|(_, node)| node.is_awake()) {
            patience::until_true("the replicas are in sync", || {
                let info = node.connect()?.text(&["INFO", "replication"])?;
                let has = |line: &str| info.lines().any(|candidate| candidate == line);
                Ok(if index == master { has("role:master") } else { has("master_link_status:up") && has(&wanted) })
            })?;
        }
        Ok(())
    }

    /// Whether a Sentinel takes all nodes that are awake for replicas that can be promoted.
    fn replicas_are_seen_right(&self, sentinel: &RedisServer, master: usize) -> anyhow::Result<bool> {
        let Value::Array(replicas) = sentinel.connect()?.succeed(&["SENTINEL", "REPLICAS", MASTER])? else {
            bail!("SENTINEL REPLICAS is no array");
        };
        let mut seen = HashMap::new();
        for replica in replicas {
            let replica = pairs(replica)?;
            let usable = field(&replica, "flags")? == "slave" && field(&replica, "master-link-status")? == "ok";
            seen.insert(address_in(&replica)?, usable);
        }
        let mut awake = self.nodes.iter().enumerate().filter(|(index, node)| *index != master && node.is_awake());
        Ok(awake.all(|(_, node)| seen.get(&node.public_address()) == Some(&true)))
    }

    fn master_as_seen_by(&self, sentinel: &RedisServer) -> anyhow::Result<HashMap<String, String>> {
        pairs(sentinel.connect()?.succeed(&["SENTINEL", "MASTER", MASTER])?)
    }

    fn any_sentinel(&self) -> anyhow::Result<&RedisServer> {
        self.sentinels.iter().find(|sentinel| sentinel.is_awake()).context("no Sentinel is awake")
    }

    fn node_settings(&self) -> Settings {
        let mut lines = vec!["repl-diskless-sync-delay 0".to_owned(), "repl-ping-replica-period 1".to_owned()];
        if let Some(login) = &self.options.login {
            lines.extend(login.required());
            lines.extend(login.of_replication());
        }
        let (arguments, login) = (self.options.arguments.clone(), self.options.login.clone());
        Settings { arguments, login, proxied: self.options.proxies, ..self.settings(lines) }
    }

    fn launch_sentinel(&self, master_port: u16) -> anyhow::Result<RedisServer> {
        let quorum = self.options.sentinels / 2 + 1;
        let mut lines = vec![
            format!("sentinel monitor {MASTER} 127.0.0.1 {master_port} {quorum}"),
            format!("sentinel down-after-milliseconds {MASTER} {}", self.options.down_after.as_millis()),
            format!("sentinel failover-timeout {MASTER} {}", self.options.failover_timeout.as_millis()),
            format!("sentinel parallel-syncs {MASTER} {}", self.options.replicas),
        ];
        if let Some(login) = &self.options.login {
            lines.extend(login.user.iter().map(|user| format!("sentinel auth-user {MASTER} {user}")));
            lines.push(format!("sentinel auth-pass {MASTER} {}", login.password));
        }
        if let Some(login) = &self.options.sentinel_login {
            lines.extend(login.required());
            lines.extend(login.user.iter().map(|user| format!("sentinel sentinel-user {user}")));
            lines.push(format!("sentinel sentinel-pass {}", login.password));
        }
        let arguments = vec!["--sentinel".to_owned()];
        RedisServer::launch(Settings { arguments, login: self.options.sentinel_login.clone(), ..self.settings(lines) })
    }

    /// What data nodes and Sentinels have in common.
    fn settings(&self, mut lines: Vec<String>) -> Settings {
        let tls = self.options.tls.as_ref().map(Tls::of_server);
        if tls.is_some() {
            lines.push("tls-replication yes".to_owned());
        }
        if self.options.mutual_tls {
            lines.push("tls-auth-clients yes".to_owned());
        }
        Settings { lines, tls, ..Settings::default() }
    }
}

/// A reply of alternating names and values.
fn pairs(reply: Value) -> anyhow::Result<HashMap<String, String>> {
    let Value::Array(items) = reply else { bail!("no array: {reply:?}") };
    let mut strings = items.into_iter().map(|item| match item {
        Value::Bulk(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        other => bail!("no string: {other:?}"),
    });
    let mut pairs = HashMap::new();
    while let (Some(name), Some(value)) = (strings.next().transpose()?, strings.next().transpose()?) {
        pairs.insert(name, value);
    }
    Ok(pairs)
}

fn field<'a>(pairs: &'a HashMap<String, String>, name: &str) -> anyhow::Result<&'a str> {
    pairs.get(name).map(String::as_str).with_context(|| format!("a Sentinel says nothing of {name}"))
}

fn address_in(pairs: &HashMap<String, String>) -> anyhow::Result<String> {
    Ok(format!("{}:{}", field(pairs, "ip")?, field(pairs, "port")?))
}
