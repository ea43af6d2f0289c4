//! A Redis Cluster: masters that share the slots, and replicas of them.
//!
//! ```no_run
//! # fn main() -> anyhow::Result<()> {
//! use testkit::{Cluster, ClusterOptions};
//!
//! let mut cluster = Cluster::start()?; // 3 masters: nodes 0, 1, 2; a replica of each: nodes 3, 4, 5
//! let master = cluster.master_of(testkit::slot(b"user:1"))?;
//! cluster.node_mut(master).kill()?;
//! cluster.wait_for_master_other_than(master, testkit::slot(b"user:1"))?;
//! cluster.node_mut(master).restart()?;
//! cluster.wait_until_ok()?;
//!
//! // With the load of the test in other threads:
//! cluster.migrate_slots(0, 1, 0..=1_999)?;
//! cluster.failover(3)?; // by its replica
//! let newcomer = cluster.replace(2)?; // node 2 is gone, its slots are on node `newcomer`
//!
//! let quick = ClusterOptions { require_full_coverage: false, ..ClusterOptions::default() };
//! let cluster = Cluster::start_with(&quick)?;
//! # Ok(()) }
//! ```
//!
//! With TLS the nodes tell clients with TLS the ports with TLS; the plain ports stay open, and a client that comes to
//! one of them is told plain ports.

mod membership;
mod resharding;
mod slots;
mod view;

pub use self::slots::slot;

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use anyhow::Context;

use self::slots::SLOTS;
use self::view::{ClusterNode, parse_nodes};
use crate::certificates::Certificates;
use crate::settings::{Settings, Tls};
use crate::{Connection, Credentials, RedisServer, patience};

/// For how long a node tries to carry out a `CLUSTER FAILOVER` (`CLUSTER_MF_TIMEOUT` of Redis).
const FAILOVER_TIMEOUT: Duration = Duration::from_secs(5);

/// How the nodes are set up.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// How many masters share the slots; three at least, or no failover finds a majority.
    pub masters: usize,
    /// How many replicas each of them has.
    pub replicas_each: usize,
    /// Who may use the nodes; they use each other with it.
    pub login: Option<Credentials>,
    /// TLS on everything: data, replication, the bus.
    pub tls: Option<Certificates>,
    /// Whether clients must show a certificate.
    pub mutual_tls: bool,
    /// `cluster-node-timeout`: how long a node may be silent before it is taken for dead.
    pub node_timeout: Duration,
    /// `cluster-require-full-coverage`: whether a slot without a master stops all of the Cluster.
    pub require_full_coverage: bool,
    /// Whether clients reach the nodes through proxies, [`RedisServer::proxy`], whose addresses are those that are
    /// told. Replication goes through them, too; the bus of the Cluster does not.
    pub proxies: bool,
    /// More arguments for every node: `&["--appendonly", "yes"]`.
    pub arguments: Vec<String>,
}

impl Default for ClusterOptions {
    fn default() -> Self {
        ClusterOptions {
            masters: 3,
            replicas_each: 1,
            login: None,
            tls: None,
            mutual_tls: false,
            node_timeout: Duration::from_secs(1),
            require_full_coverage: true,
            proxies: false,
            arguments: Vec::new(),
        }
    }
}

/// The running nodes; killed when dropped.
#[derive(Debug)]
pub struct Cluster {
    options: ClusterOptions,
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    server: RedisServer,
    id: String,
    /// Not taken out of the Cluster.
    member: bool,
}

impl Cluster {
    /// Starts 3 masters and 3 replicas, without passwords or TLS.
    ///
    /// # Errors
    /// They did not start, or did not find each other.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_with(&ClusterOptions::default())
    }

    /// Starts the nodes, masters first, and waits until the Cluster is whole.
    ///
    /// # Errors
    /// They did not start, or did not find each other.
    pub fn start_with(options: &ClusterOptions) -> anyhow::Result<Self> {
        let mut cluster = Cluster { options: options.clone(), nodes: Vec::new() };
        let masters = options.masters;
        for _ in 0..masters * (1 + options.replicas_each) {
            cluster.launch()?;
        }
        for index in 0..masters {
            let (first, next) = (index * SLOTS / masters, (index + 1) * SLOTS / masters);
            let mut connection = cluster.nodes[index].server.connect()?;
            // Without epochs of their own the masters would first have to settle them.
            connection.succeed(&["CLUSTER", "SET-CONFIG-EPOCH", &(index + 1).to_string()])?;
            let slots = [first.to_string(), (next - 1).to_string()];
            connection.succeed(&["CLUSTER", "ADDSLOTSRANGE", &slots[0], &slots[1]])?;
        }
        cluster.introduce()?;
        for replica in masters..cluster.nodes.len() {
            cluster.replicate(replica, replica % masters)?;
        }
        cluster.wait_until_ok()?;
        Ok(cluster)
    }

    /// `127.0.0.1:port` of all members, with TLS if there is TLS.
    pub fn addresses(&self) -> Vec<String> {
        self.members().map(|(_, node)| node.server.public_address()).collect()
    }

    /// A node by its number, also one that is no member any more.
    ///
    /// # Panics
    /// There is no such node.
    pub fn node(&self, index: usize) -> &RedisServer {
        &self.nodes[index].server
    }

    /// A node by its number, to kill or restart it.
    ///
    /// # Panics
    /// There is no such node.
    pub fn node_mut(&mut self, index: usize) -> &mut RedisServer {
        &mut self.nodes[index].server
    }

    /// The master of a slot, as most of the nodes that are awake see it.
    ///
    /// # Errors
    /// No majority names one.
    pub fn master_of(&self, slot: u16) -> anyhow::Result<usize> {
        let mut votes = vec![0; self.nodes.len()];
        let mut voters = 0;
        for (_, node) in self.awake() {
            voters += 1;
            let view = view(&mut node.server.connect()?)?;
            let master = view.iter().find(|seen| seen.is_master && seen.has_slot(slot));
            if let Some(index) = master.and_then(|master| self.nodes.iter().position(|node| node.id == master.id)) {
                votes[index] += 1;
            }
        }
        let elected = votes.iter().position(|count| count * 2 > voters);
        elected.with_context(|| format!("no majority for a master of slot {slot}"))
    }

    /// The members that are awake and take themselves for masters with slots.
    ///
    /// # Errors
    /// A node does not answer.
    pub fn masters(&self) -> anyhow::Result<Vec<usize>> {
        let mut masters = Vec::new();
        for (index, node) in self.awake() {
            let view = view(&mut node.server.connect()?)?;
            if view.iter().any(|seen| seen.is_myself && seen.is_master && !seen.slots.is_empty()) {
                masters.push(index);
            }
        }
        Ok(masters)
    }

    /// A replica of a master that is awake.
    ///
    /// # Errors
    /// There is none, or a node does not answer.
    pub fn replica_of(&self, master: usize) -> anyhow::Result<usize> {
        for (index, node) in self.awake() {
            let view = view(&mut node.server.connect()?)?;
            let replicates = |seen: &ClusterNode| seen.master.as_ref() == Some(&self.nodes[master].id);
            if view.iter().any(|seen| seen.is_myself && replicates(seen)) {
                return Ok(index);
            }
        }
        anyhow::bail!("node {master} has no replica")
    }

    /// Waits until most nodes name another master of a slot than `node`, and returns it.
    ///
    /// # Errors
    /// It takes too long.
    pub fn wait_for_master_other_than(&self, node: usize, slot: u16) -> anyhow::Result<usize> {
        patience::until("the Cluster names another master", || {
            Ok(Some(self.master_of(slot)?).filter(|master| *master != node))
        })
    }

    /// Waits until the nodes that are awake say that the Cluster works, agree who has which slots, take none of each
    /// other for dead, and the replicas among them are in sync.
    ///
    /// # Errors
    /// It takes too long.
    pub fn wait_until_ok(&self) -> anyhow::Result<()> {
        patience::until_true("the Cluster is whole", || {
            let mut common = None;
            for (_, node) in self.awake() {
                let mut connection = node.server.connect()?;
                let view = view(&mut connection)?;
                let roles = self.roles(&view);
                let agrees = *common.get_or_insert_with(|| roles.clone()) == roles;
                let healthy = self.awake().all(|(_, other)| {
                    view.iter().any(|seen| seen.id == other.id && !seen.is_failing && seen.is_linked)
                });
                let works = connection.text(&["CLUSTER", "INFO"])?.contains("cluster_state:ok");
                if !(agrees && healthy && works && is_in_sync(&mut connection)?) {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    /// Makes a replica take its master's place, the master taking part (`CLUSTER FAILOVER`). Returns when it is done.
    ///
    /// # Errors
    /// It refuses, or takes too long.
    pub fn failover(&self, replica: usize) -> anyhow::Result<()> {
        let mut ordered: Option<Instant> = None;
        patience::until_true("the replica has become a master", || {
            if self.masters()?.contains(&replica) {
                return Ok(true);
            }
            // An order that could not be carried out is forgotten.
            if ordered.is_none_or(|ordered| ordered.elapsed() > FAILOVER_TIMEOUT) {
                self.nodes[replica].server.connect()?.succeed(&["CLUSTER", "FAILOVER"])?;
                ordered = Some(Instant::now());
            }
            Ok(false)
        })
    }

    fn members(&self) -> impl Iterator<Item = (usize, &Node)> {
        self.nodes.iter().enumerate().filter(|(_, node)| node.member)
    }

    fn awake(&self) -> impl Iterator<Item = (usize, &Node)> {
        self.members().filter(|(_, node)| node.server.is_awake())
    }

    /// Who of the nodes that are awake is a master with which slots, or a replica of whom; as one node sees it.
    fn roles(&self, view: &[ClusterNode]) -> Vec<Option<Role>> {
        let seen = self.awake().map(|(_, node)| view.iter().find(|seen| seen.id == node.id));
        seen.map(|seen| seen.map(|seen| (seen.master.clone(), seen.slots.clone()))).collect()
    }

    fn launch(&mut self) -> anyhow::Result<usize> {
        let server = RedisServer::launch(self.settings())?;
        let id = server.connect()?.text(&["CLUSTER", "MYID"])?;
        self.nodes.push(Node { server, id, member: true });
        Ok(self.nodes.len() - 1)
    }

    fn settings(&self) -> Settings {
        let options = &self.options;
        let yes_or_no = |yes| if yes { "yes" } else { "no" };
        let mut lines = vec![
            "cluster-enabled yes".to_owned(),
            format!("cluster-node-timeout {}", options.node_timeout.as_millis()),
            format!("cluster-require-full-coverage {}", yes_or_no(options.require_full_coverage)),
            // On a busy machine the first elections may fail, and a replica must not give up meanwhile.
            "cluster-replica-validity-factor 0".to_owned(),
            // A master whose last replica left would be given another master's.
            "cluster-allow-replica-migration no".to_owned(),
            "repl-diskless-sync-delay 0".to_owned(),
            "repl-ping-replica-period 1".to_owned(),
        ];
        if let Some(login) = &options.login {
            lines.extend(login.required());
            lines.extend(login.of_replication());
        }
        if options.tls.is_some() {
            lines.extend(["tls-cluster yes".to_owned(), "tls-replication yes".to_owned()]);
            lines.push(format!("tls-auth-clients {}", yes_or_no(options.mutual_tls)));
        }
        let tls = options.tls.as_ref().map(Tls::of_server);
        let (arguments, login) = (options.arguments.clone(), options.login.clone());
        Settings { lines, arguments, tls, bus: true, proxied: options.proxies, login }
    }
}

/// A replica's master, a master's slots.
type Role = (Option<String>, Vec<RangeInclusive<u16>>);

fn view(connection: &mut Connection) -> anyhow::Result<Vec<ClusterNode>> {
    parse_nodes(&connection.text(&["CLUSTER", "NODES"])?)
}

/// Whether a replica has all of its master's data; a master always has.
fn is_in_sync(connection: &mut Connection) -> anyhow::Result<bool> {
    let info = connection.text(&["INFO", "replication"])?;
    Ok(info.contains("role:master") || info.contains("master_link_status:up"))
}
