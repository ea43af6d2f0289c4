//! `[[redis_scripts]]`: scripts that run inside Redis, by name.

use nautiloid_redis::DEFAULT_POOL;
use serde::Deserialize;

use super::ScriptFile;

/// One script.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedisScriptConfig {
    /// What `redis_run_script` calls it.
    pub name: String,
    /// The file with its source.
    pub file: ScriptFile,
    /// The pool whose servers it is uploaded to at the start; it may be run on any.
    #[serde(default = "default_pool")]
    pub pool: String,
}

fn default_pool() -> String {
    DEFAULT_POOL.to_owned()
}
