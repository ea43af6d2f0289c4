//! A pool as the whole process knows it: its name, its checked configuration, and which of its servers are down.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::config::{Address, ConfigError, Password};
use crate::connection::Setup;
use crate::{Encryption, Mode, PoolConfig};

/// How often the log is told of the same state of a server while it lasts.
const STATE_PERIOD: Duration = Duration::from_secs(60);

/// A registered pool.
#[derive(Debug)]
pub struct PoolSpec {
    name: String,
    config: PoolConfig,
    label: Arc<str>,
    servers: Arc<Setup>,
    sentinels: Arc<Setup>,
    encryption: Option<Encryption>,
    /// Since when what cannot be reached, whichever worker found that out first: the log has one line for all.
    down_since: Mutex<HashMap<Arc<str>, Instant>>,
    /// When the log was told last of a state that a server is in.
    states: Mutex<HashMap<&'static str, Instant>>,
    /// The master that a worker found last.
    master: Mutex<Option<Address>>,
    /// Whether a worker reads from the master for want of replicas.
    lacks_replicas: AtomicBool,
}

impl PoolSpec {
    /// Checks a configuration and reads the files and variables that it names. Relative paths begin in `folder`.
    ///
    /// # Errors
    /// The configuration cannot be used.
    pub(crate) fn new(name: &str, config: PoolConfig, folder: &Path) -> Result<Self, ConfigError> {
        config.validate()?;
        let config = config.settled(folder);
        let label = format!("redis pool \"{name}\" ({config})").into();
        let (servers, sentinels) = Setup::both(&config)?;
        let encryption = Password::of_encryption(&config)?.as_ref().and_then(Encryption::new);
        Ok(PoolSpec {
            name: name.to_owned(),
            config,
            label,
            servers: Arc::new(servers),
            sentinels: Arc::new(sentinels),
            encryption,
            down_since: Mutex::default(),
            states: Mutex::default(),
            master: Mutex::default(),
            lacks_replicas: AtomicBool::new(false),
        })
    }

    /// The name it was registered under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What values are encrypted with; `None` without a secret.
    pub fn encryption(&self) -> Option<&Encryption> {
        self.encryption.as_ref()
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

    /// How connections to its Sentinels are set up.
    pub(crate) fn sentinels(&self) -> &Arc<Setup> {
        &self.sentinels
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

    /// What is noted as down.
    #[cfg(test)]
    pub(crate) fn down(&self) -> Vec<Arc<str>> {
        self.down_since.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// A server refuses commands because of the state it is in.
    pub(crate) fn note_state(&self, state: &'static str, error: &[u8]) {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        if states.get(state).is_none_or(|told| told.elapsed() >= STATE_PERIOD) {
            states.insert(state, Instant::now());
            tracing::warn!(pool = self.name, "{self}: a server refuses commands: {}", String::from_utf8_lossy(error));
        }
    }

    /// A worker has found the master at this address.
    pub(crate) fn note_master(&self, address: &Address) {
        let mut master = self.master.lock().unwrap_or_else(PoisonError::into_inner);
        if master.as_ref() != Some(address)
            && let Some(before) = master.replace(address.clone())
        {
            tracing::info!(pool = self.name, "{self}: the master is now {address} (was {before})");
        }
    }

    /// A worker has no replica to read from.
    pub(crate) fn note_replicas_lack(&self) {
        if !self.lacks_replicas.swap(true, Ordering::Relaxed) {
            tracing::warn!(pool = self.name, "{self}: no replica to read from, reading from the master");
        }
    }

    /// A worker that had no replica reads from one again.
    pub(crate) fn note_replicas_back(&self) {
        if self.lacks_replicas.swap(false, Ordering::Relaxed) {
            tracing::info!(pool = self.name, "{self}: reading from replicas again");
        }
    }
}

impl fmt::Display for PoolSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)
    }
}
