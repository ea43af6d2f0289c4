//! What is served: read once at the start, the same for every worker, and never changed after.

use std::sync::Arc;

use http::Method;
use nautiloid_lua::{Print, Settings, Source};
use nautiloid_redis::Registry;
use nautiloid_store::Store;

use crate::ServeError;
use crate::config::{Config, Location, ScriptFile};
use crate::init::Init;
use crate::router::Router;

/// The read-only part of the server.
pub(crate) struct Site {
    pub(crate) router: Router,
    /// In the order of the router's indices.
    pub(crate) hooks: Vec<Hook>,
    /// Each script once, whatever number of hooks it has.
    pub(crate) scripts: Vec<Source>,
    pub(crate) init: Init,
    pub(crate) settings: Settings,
    /// In bytes.
    pub(crate) max_body_size: usize,
    pub(crate) registry: Arc<Registry>,
}

/// A hook's script, and what the log calls the hook.
pub(crate) struct Hook {
    /// Index in [`Site::scripts`].
    pub(crate) script: usize,
    pub(crate) location: Location,
    pub(crate) method: Method,
}

impl Site {
    /// Reads all scripts that the configuration names.
    pub(crate) fn new(config: &Config, store: Store) -> Result<Site, ServeError> {
        let mut files: Vec<&ScriptFile> = Vec::new();
        let mut hooks = Vec::with_capacity(config.hooks.len());
        for hook in &config.hooks {
            let script = files.iter().position(|file| **file == hook.script).unwrap_or_else(|| {
                files.push(&hook.script);
                files.len() - 1
            });
            hooks.push(Hook { script, location: hook.location.clone(), method: hook.method.clone() });
        }
        Ok(Site {
            router: Router::new(config.hooks.iter().map(|hook| (&hook.location, &hook.method))),
            hooks,
            scripts: files.into_iter().map(ScriptFile::read).collect::<Result<_, _>>()?,
            init: Init::read(config)?,
            settings: config.settings(Print::Log),
            max_body_size: config.server.max_body_size,
            registry: Registry::new(config.redis.clone(), store, config.server.worker_count(), &config.folder)
                .map_err(ServeError::Redis)?,
        })
    }
}
