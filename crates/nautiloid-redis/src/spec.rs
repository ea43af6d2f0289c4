//! A pool as the whole process knows it: its name, its checked configuration, and which of its servers are down.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use crate::config::Address;
use crate::connection::Setup;
use crate::{Mode, PoolConfig};

/// A registered pool.
#[derive(Debug)]
pub struct PoolSpec {
    name: String,
    config: PoolConfig,
    label: Arc<str>,
    servers: Arc<Setup>,
    /// Since when what cannot be reached, whichever worker found that out first: the log has one line for all.
    down_since: Mutex<HashMap<Arc<str>, Instant>>,
}

impl PoolSpec {
    pub(crate) fn new(name: &str, config: PoolConfig) -> Self {
        let label = format!("redis pool \"{name}\" ({config})").into();
        let servers = Arc::new(Setup::of_servers(&config));
        PoolSpec { name: name.to_owned(), config, label, servers, down_since: Mutex::default() }
    }

    /// The name it was registered under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How its servers are found.
    pub fn mode(&self) -> Mode {
        self.config.mode
    }

    pub(crate) fn config(&self) -> &PoolConfig {
        &self.config
    }

    /// How connections to its Redis servers are set up.
    pub(crate) fn servers(&self) -> &Arc<Setup> {
        &self.servers
    }

    /// Name, mode and address, as errors and logs show them; never a password.
    pub(crate) fn label(&self) -> Arc<str> {
        self.label.clone()
    }

    /// The same with the server concerned, for pools that find their servers by themselves.
    pub(crate) fn label_of(&self, server: &Address) -> Arc<str> {
        format!("{} at {server}", self.label).into()
    }

    /// A worker could not connect to what `label` names.
    pub(crate) fn note_down(&self, label: &Arc<str>, reason: &str) {
        let mut down_since = self.down_since.lock().unwrap_or_else(PoisonError::into_inner);
        if !down_since.contains_key(label) {
            down_since.insert(label.clone(), Instant::now());
            tracing::warn!(pool = self.name, "{label} is down: {reason}; trying again");
        }
    }

    /// A worker has connected to what `label` names.
    pub(crate) fn note_up(&self, label: &Arc<str>) {
        let mut down_since = self.down_since.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = down_since.remove(label) {
            tracing::info!(pool = self.name, "{label} is back after {:.1?}", since.elapsed());
        }
    }

    /// What `label` names is not needed any more.
    pub(crate) fn note_gone(&self, label: &Arc<str>, why: &str) {
        let mut down_since = self.down_since.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = down_since.remove(label) {
            tracing::info!(pool = self.name, "{label} is not used any more after {:.1?}: {why}", since.elapsed());
        }
    }
}

impl fmt::Display for PoolSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)
    }
}
