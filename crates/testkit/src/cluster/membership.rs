//! Nodes that come and go.

use anyhow::Context;

use super::{Cluster, Node, view};
use crate::patience;

impl Cluster {
    /// Starts a node without slots and makes it known to all. Returns its number.
    ///
    /// # Errors
    /// It did not start, or the others did not find it.
    pub fn add_node(&mut self) -> anyhow::Result<usize> {
        let newcomer = self.launch()?;
        let (known, _) = self.awake().next().context("no node is awake")?;
        self.meet(known, newcomer)?;
        self.wait_until_all_know_all()?;
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

    pub(super) fn meet(&self, known: usize, newcomer: usize) -> anyhow::Result<()> {
        let server = &self.nodes[newcomer].server;
        let bus = server.bus_port().context("no port for the bus")?.to_string();
        let mut connection = self.nodes[known].server.connect()?;
        connection.succeed(&["CLUSTER", "MEET", "127.0.0.1", &server.public_port().to_string(), &bus])?;
        Ok(())
    }

    pub(super) fn wait_until_all_know_all(&self) -> anyhow::Result<()> {
        patience::until_true("all nodes know all", || {
            for (_, node) in self.awake() {
                let view = view(&mut node.server.connect()?)?;
                let knows = |other: &Node| view.iter().any(|seen| seen.id == other.id && seen.is_linked);
                if !self.awake().all(|(_, other)| knows(other)) {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }
}
