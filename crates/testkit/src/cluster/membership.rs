//! Nodes that come and go.

use std::time::{Duration, Instant};

use anyhow::Context;

use super::{Cluster, Node, view};
use crate::patience;

/// For how long a node may take to answer a `CLUSTER MEET`; Redis gives it the node timeout, and a second at least.
const HANDSHAKE: Duration = Duration::from_secs(2);

impl Cluster {
    /// Starts a node without slots and makes it known to all. Returns its number.
    ///
    /// # Errors
    /// It did not start, or the others did not find it.
    pub fn add_node(&mut self) -> anyhow::Result<usize> {
        let newcomer = self.launch()?;
        self.introduce()?;
        Ok(newcomer)
    }

    /// Makes a node without slots a replica of a master.
    ///
    /// # Errors
    /// It refuses.
    pub fn replicate(&self, replica: usize, master: usize) -> anyhow::Result<()> {
        let mut connection = self.nodes[replica].server.connect()?;
        connection.succeed(&["CLUSTER", "REPLICATE", &self.nodes[master].id])?;
        Ok(())
    }

    /// Puts a new node in the place of a master: it becomes its replica, takes over, and the old node is taken out of
    /// the Cluster and killed. Returns the number of the new one.
    ///
    /// # Errors
    /// Any of these steps failed.
    pub fn replace(&mut self, master: usize) -> anyhow::Result<usize> {
        let newcomer = self.add_node()?;
        self.replicate(newcomer, master)?;
        self.wait_until_ok()?;
        self.failover(newcomer)?;
        self.wait_until_ok()?;
        self.remove(master)?;
        self.wait_until_ok()?;
        Ok(newcomer)
    }

    /// Kills a node that has no slots, and makes all others forget it.
    ///
    /// # Errors
    /// A node refuses to.
    pub fn remove(&mut self, index: usize) -> anyhow::Result<()> {
        self.nodes[index].server.kill()?;
        self.nodes[index].member = false;
        let id = self.nodes[index].id.clone();
        for (_, node) in self.awake() {
            node.server.connect()?.succeed(&["CLUSTER", "FORGET", &id])?;
        }
        Ok(())
    }

    /// Makes all nodes that are awake know each other.
    pub(super) fn introduce(&self) -> anyhow::Result<()> {
        let (_, host) = self.awake().next().context("no node is awake")?;
        let mut introduced: Option<Instant> = None;
        patience::until_true("all nodes know all", || {
            let mut everybody = true;
            for (_, node) in self.awake() {
                let view = view(&mut node.server.connect()?)?;
                let knows = |other: &Node| view.iter().any(|seen| seen.id == other.id && seen.is_linked);
                everybody &= self.awake().all(|(_, other)| knows(other));
            }
            // One that did not answer in time is forgotten.
            if !everybody && introduced.is_none_or(|introduced| introduced.elapsed() > HANDSHAKE) {
                introduced = Some(Instant::now());
                for (_, guest) in self.awake().skip(1) {
                    meet(host, guest)?;
                }
            }
            Ok(everybody)
        })
    }
}

/// Does nothing when they know each other.
fn meet(host: &Node, guest: &Node) -> anyhow::Result<()> {
    let bus = guest.server.bus_port().context("no port for the bus")?.to_string();
    let port = guest.server.public_port().to_string();
    host.server.connect()?.succeed(&["CLUSTER", "MEET", "127.0.0.1", &port, &bus])?;
    Ok(())
}
