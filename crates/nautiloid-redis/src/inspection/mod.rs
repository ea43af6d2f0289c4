//! Looking at every server of a pool, as `nautiloid check-redis` shows it: what is there, and what is wrong.
//!
//! Each server is dialled as the pool would do it, with a connection of its own, so that what is reported is what the
//! server would meet. Nothing is written to any of them.

mod cluster;
mod facts;
mod sentinel;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use nautiloid_store::Store;

use crate::Mode;
use crate::config::Address;
use crate::connection::{Peer, Setup};
use crate::spec::PoolSpec;
use facts::{Facts, Position};

/// What was found of a pool.
#[derive(Debug, Default)]
pub struct Inspection {
    /// Every server that the pool has, in the order in which they are found.
    pub servers: Vec<Server>,
    /// What is wrong with the pool as a whole.
    pub problems: Vec<String>,
}

/// One server of a pool.
#[derive(Debug)]
pub struct Server {
    /// Where it is dialled; `None` for the embedded store.
    pub address: Option<String>,
    /// What it is: `master`, `replica`, `sentinel`; what it was expected to be when it cannot be reached.
    pub role: &'static str,
    /// Product and version: `redis 7.0.15`.
    pub version: Option<String>,
    /// Median time of a few `PING`s, one after the other.
    pub latency: Option<Duration>,
    /// Whatever else is worth knowing: `slots 0-5460`.
    pub details: Vec<String>,
    /// What is wrong with it.
    pub problems: Vec<String>,
}

impl Inspection {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty() && self.servers.iter().all(|server| server.problems.is_empty())
    }
}

/// One line, and one more for each problem.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<8} {}", self.role, self.address.as_deref().unwrap_or("in this process"))?;
        if let Some(version) = &self.version {
            write!(f, "  {version}")?;
        }
        if let Some(latency) = self.latency {
            write!(f, "  {:.2} ms", latency.as_secs_f64() * 1000.0)?;
        }
        for detail in &self.details {
            write!(f, "  {detail}")?;
        }
        for problem in &self.problems {
            write!(f, "\n  problem: {problem}")?;
        }
        Ok(())
    }
}

/// Looks at every server of a pool.
pub(crate) async fn inspect(spec: &Arc<PoolSpec>, store: &Store) -> Inspection {
    let mut found = Inspection::default();
    let config = spec.config();
    match config.mode {
        Mode::Embedded => {
            let server = look_at(&Peer::Store(store.clone()), spec.servers(), spec, Expected::Master).await;
            found.servers.push(server);
        }
        Mode::Standalone => {
            let replicas = config.replicas.iter().map(|address| (address, Expected::Replica));
            for (address, expected) in config.address.iter().map(|address| (address, Expected::Master)).chain(replicas)
            {
                found.servers.push(look_at(&Peer::Server(address.clone()), spec.servers(), spec, expected).await);
            }
        }
        Mode::Sentinel | Mode::SentinelReplica => sentinel::inspect(spec, &mut found).await,
        Mode::Cluster => cluster::inspect(spec, &mut found).await,
    }
    found
}

/// What the pool takes a server for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Master,
    Replica,
    /// A master of a cluster. It may have changed places with a replica a moment ago.
    ClusterMaster,
    /// A replica in a cluster, likewise.
    ClusterReplica,
    Sentinel,
}

impl Expected {
    fn role(self) -> &'static str {
        match self {
            Expected::Master | Expected::ClusterMaster => "master",
            Expected::Replica | Expected::ClusterReplica => "replica",
            Expected::Sentinel => "sentinel",
        }
    }
}

async fn look_at(peer: &Peer, setup: &Setup, spec: &PoolSpec, expected: Expected) -> Server {
    let address = match peer {
        Peer::Store(_) => None,
        Peer::Server(address) => Some(address.to_string()),
    };
    let mut server = Server {
        address,
        role: expected.role(),
        version: None,
        latency: None,
        details: Vec::new(),
        problems: Vec::new(),
    };
    match Facts::ask(peer, setup, spec).await {
        Ok(facts) => judge(&mut server, facts, expected),
        Err(reason) => server.problems.push(reason),
    }
    server
}

fn judge(server: &mut Server, facts: Facts, expected: Expected) {
    let cluster = facts.cluster;
    match (&facts.position, expected) {
        (Some(Position::Replica { .. }), Expected::Master) => {
            server.problems.push("it is a replica: every write is refused".to_owned());
        }
        (Some(Position::Master { .. }), Expected::Replica) => {
            server.problems.push("it is no replica but a master of its own".to_owned());
        }
        _ => {}
    }
    match facts.position {
        Some(Position::Master { replicas }) => {
            server.role = "master";
            if replicas > 0 {
                server.details.push(format!("{replicas} replicas connected"));
            }
        }
        Some(Position::Replica { master, linked }) => {
            server.role = "replica";
            server.details.push(format!("of {master}"));
            if !linked {
                server.problems.push("it is not connected to its master: what it answers is old".to_owned());
            }
        }
        None => {}
    }
    match expected {
        Expected::Master | Expected::Replica if cluster => {
            server.problems.push("it is a node of a cluster: use mode cluster".to_owned());
        }
        _ => {}
    }
    if facts.saving_failed {
        server.problems.push("its last snapshot failed: it may refuse writes (MISCONF)".to_owned());
    }
    server.version = facts.version;
    server.latency = facts.latency;
}

/// The servers at these addresses, one after the other.
async fn look_at_each(addresses: &[Address], spec: &PoolSpec, expected: Expected) -> Vec<Server> {
    let mut servers = Vec::with_capacity(addresses.len());
    for address in addresses {
        servers.push(look_at(&Peer::Server(address.clone()), spec.servers(), spec, expected).await);
    }
    servers
}
