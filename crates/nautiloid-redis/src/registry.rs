//! What the whole process knows: the registered pools and the named scripts.
//!
//! An init script registers a pool once and every worker can use it. The locks here are taken when something is
//! registered or looked up by name for the first time in a worker; [`Client`](crate::Client) remembers the answer.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use nautiloid_store::Store;

use crate::pool::PoolId;
use crate::script::Script;
use crate::spec::PoolSpec;
use crate::{ConfigError, PoolConfig, RegisterError};

/// The pools and scripts of the process.
pub struct Registry {
    pools: RwLock<Vec<Arc<PoolSpec>>>,
    scripts: RwLock<HashMap<String, Arc<Script>>>,
    /// Counts the changes of `scripts`, so that workers know when what they remember is old.
    scripts_version: AtomicU64,
    store: Store,
    workers: usize,
    /// Where relative paths in configurations of pools begin.
    folder: PathBuf,
}

/// Name of the pool that the `[redis]` section describes.
pub const DEFAULT_POOL: &str = "default";

impl Registry {
    /// A registry with the default pool. `workers` is the number of threads that share `pool_size`; `store` is what
    /// pools of mode `embedded` connect to; `folder` is where relative paths in configurations of pools begin.
    ///
    /// # Errors
    /// The default pool's configuration cannot be used, or a file or variable that it names.
    pub fn new(default: PoolConfig, store: Store, workers: usize, folder: &Path) -> Result<Arc<Self>, ConfigError> {
        let default = PoolSpec::new(DEFAULT_POOL, default, folder)?;
        warn_about(&default, workers);
        Ok(Arc::new(Registry {
            pools: RwLock::new(vec![Arc::new(default)]),
            scripts: RwLock::default(),
            scripts_version: AtomicU64::new(0),
            store,
            workers,
            folder: folder.to_owned(),
        }))
    }

    /// Mode and address of the default pool, for the start-up line.
    pub fn default_description(&self) -> String {
        self.spec(PoolId::DEFAULT).map(|spec| spec.config().to_string()).unwrap_or_default()
    }

    /// Adds a pool; does not connect.
    pub(crate) fn register(&self, name: &str, config: PoolConfig) -> Result<PoolId, RegisterError> {
        let spec = PoolSpec::new(name, config, &self.folder)
            .map_err(|source| RegisterError::Config { name: name.to_owned(), source })?;
        let mut pools = self.pools.write().unwrap_or_else(PoisonError::into_inner);
        if pools.iter().any(|pool| pool.name() == name) {
            return Err(RegisterError::Exists(name.to_owned()));
        }
        warn_about(&spec, self.workers);
        pools.push(Arc::new(spec));
        Ok(PoolId(pools.len() - 1))
    }

    pub(crate) fn find(&self, name: &str) -> Option<PoolId> {
        let pools = self.pools.read().unwrap_or_else(PoisonError::into_inner);
        pools.iter().position(|pool| pool.name() == name).map(PoolId)
    }

    pub(crate) fn spec(&self, id: PoolId) -> Option<Arc<PoolSpec>> {
        self.pools.read().unwrap_or_else(PoisonError::into_inner).get(id.0).cloned()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let pools = self.pools.read().unwrap_or_else(PoisonError::into_inner);
        pools.iter().map(|pool| pool.name().to_owned()).collect()
    }

    pub(crate) fn remember_script(&self, name: &str, script: Arc<Script>) {
        let mut scripts = self.scripts.write().unwrap_or_else(PoisonError::into_inner);
        scripts.insert(name.to_owned(), script);
        self.scripts_version.fetch_add(1, Ordering::Release);
    }

    pub(crate) fn script(&self, name: &str) -> Option<Arc<Script>> {
        self.scripts.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub(crate) fn scripts_version(&self) -> u64 {
        self.scripts_version.load(Ordering::Acquire)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn workers(&self) -> usize {
        self.workers
    }
}

/// Says what may not be what the operator wants.
fn warn_about(spec: &PoolSpec, workers: usize) {
    if spec.config().tls_insecure_skip_verify {
        tracing::warn!(
            pool = spec.name(),
            "{spec}: tls_insecure_skip_verify is on: any server is taken for the right one, and whoever is between can \
             read and change what is sent"
        );
    }
    let pool_size = spec.config().pool_size;
    if pool_size < workers {
        tracing::warn!(
            pool = spec.name(),
            "{spec}: pool_size {pool_size} is raised to {workers}, one connection for each worker"
        );
    }
}
