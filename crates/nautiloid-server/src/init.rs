//! What is done once, in this order, before anything is served: the scripts that the configuration names for Redis are
//! remembered and uploaded, and the init scripts run. Those of a pool that an init script registers are uploaded after it.

use std::io;

use nautiloid_lua::{Host, Source};
use nautiloid_redis::{Client, DEFAULT_POOL};

use crate::WithTraceback;
use crate::config::{Config, RedisScriptConfig};

/// Why the start ends.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// An init script failed.
    #[error("the init script {script} failed: {failure}")]
    Script {
        /// Its file, as the configuration names it.
        script: String,
        /// What failed.
        failure: WithTraceback,
    },
    /// Redis does not take a script.
    #[error("the Redis script \"{name}\" ({file}) is refused by the pool \"{pool}\": {text}")]
    RedisScript {
        /// Its name.
        name: String,
        /// Its file, as the configuration names it.
        file: String,
        /// The pool.
        pool: String,
        /// Redis' own text, with the line.
        text: String,
    },
    /// A script is for a pool that there is not, after all init scripts.
    #[error("the Redis script \"{name}\" is for the pool \"{pool}\", which nobody has registered; there are: {pools}")]
    UnknownPool {
        /// The script's name.
        name: String,
        /// The pool that the configuration names.
        pool: String,
        /// The pools there are.
        pools: String,
    },
}

/// What is to be done, read from its files.
pub struct Init {
    /// The init scripts, in their order.
    pub scripts: Vec<Source>,
    redis_scripts: Vec<(RedisScriptConfig, Source)>,
}

impl Init {
    /// Reads what the configuration names.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn read(config: &Config) -> io::Result<Self> {
        let with_source = |script: &RedisScriptConfig| Ok((script.clone(), script.file.read()?));
        Ok(Init {
            scripts: config.lua.init_scripts.iter().map(|script| script.read()).collect::<io::Result<_>>()?,
            redis_scripts: config.redis_scripts.iter().map(with_source).collect::<io::Result<_>>()?,
        })
    }

    /// Does all of it, and stops at the first that fails.
    ///
    /// # Errors
    /// What failed, with its traceback or Redis' own text. A server that cannot be reached is no failure: a script is
    /// uploaded to it when it is first run.
    pub async fn run(&self, host: &Host, client: &Client) -> Result<(), InitError> {
        self.upload(client, |pool| pool == DEFAULT_POOL).await?;
        for script in &self.scripts {
            let failed = |error| InitError::Script { script: script.name().to_owned(), failure: WithTraceback(error) };
            let program = host.compile(script).map_err(failed)?;
            host.run_init(&program).await.map_err(failed)?;
        }
        self.upload(client, |pool| pool != DEFAULT_POOL).await
    }

    async fn upload(&self, client: &Client, wanted: impl Fn(&str) -> bool) -> Result<(), InitError> {
        for (RedisScriptConfig { name, file, pool }, source) in &self.redis_scripts {
            if !wanted(pool) {
                continue;
            }
            let found = client.find(pool).and_then(|(id, _)| client.pool(id));
            let Some(found) = found else {
                let pools = client.pool_names().join(", ");
                return Err(InitError::UnknownPool { name: name.clone(), pool: pool.clone(), pools });
            };
            match client.upload_script(&found, name, source.text()).await {
                Ok(_) => {}
                Err(error) if error.is_about_the_command() => {
                    return Err(InitError::RedisScript {
                        name: name.clone(),
                        file: file.name().to_owned(),
                        pool: pool.clone(),
                        text: error.to_string(),
                    });
                }
                Err(error) => tracing::warn!("the Redis script \"{name}\" is uploaded when it is first run: {error}"),
            }
        }
        Ok(())
    }
}
