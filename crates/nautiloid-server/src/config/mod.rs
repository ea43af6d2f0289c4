//! The configuration file: every section, key and default of it, declared once.
//!
//! The structs below are the file: serde reads it into them, refuses what they do not name, and takes what is left out
//! from their `Default`. What serde cannot see (files that must exist, hooks that must differ) is checked by `check`.
//! Every error tells the file, the line and the key.

mod document;
mod hook;
mod log;
mod redis_script;
mod script_file;
mod size;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nautiloid_lua::{Print, Settings};
use nautiloid_redis::PoolConfig;
use serde::Deserialize;

use document::Document;

pub use hook::{HookConfig, Location};
pub use log::{LogConfig, LogFormat, LogLevel, UnknownName};
pub use redis_script::RedisScriptConfig;
pub use script_file::ScriptFile;

/// A configuration to start from, for messages and documents.
pub const MINIMAL: &str = r#"[server]
listen = "127.0.0.1:9080"

[[hooks]]                # answers GET /api/v1/custom/hello
location = "/hello"
method = "GET"
script = "hello.lua"     # function nauthilus_run_hook(request) return { hello = request.client_ip } end
"#;

/// Why a configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {path}")]
    Read {
        /// The file, as it was given.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// Something in the file is wrong.
    #[error("{path}:{line}: {message}")]
    Invalid {
        /// The file, as it was given.
        path: String,
        /// Line of the mistake, counted from 1.
        line: usize,
        /// Names the key and says what is wrong with it.
        message: String,
    },
}

/// The whole file. Relative paths in it are made absolute against the file's folder when it is loaded.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `[server]`
    pub server: ServerConfig,
    /// `[log]`
    pub log: LogConfig,
    /// `[lua]`
    pub lua: LuaConfig,
    /// `[redis]`: the pool `"default"`. Without the section, the embedded store.
    pub redis: PoolConfig,
    /// `[[redis_scripts]]`
    pub redis_scripts: Vec<RedisScriptConfig>,
    /// `[[hooks]]`
    pub hooks: Vec<HookConfig>,
    /// The file's folder, where relative paths of pools begin; empty, the current folder, without a file.
    #[serde(skip)]
    pub folder: PathBuf,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            server: ServerConfig::default(),
            log: LogConfig::default(),
            lua: LuaConfig::default(),
            redis: PoolConfig::embedded(),
            redis_scripts: Vec::new(),
            hooks: Vec::new(),
            folder: PathBuf::new(),
        }
    }
}

/// `[server]`: HTTP and threads.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// IP address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Worker threads; without the key, one a CPU.
    pub workers: Option<NonZeroUsize>,
    /// Largest request body, in bytes; a larger one is answered with 413.
    #[serde(deserialize_with = "size::deserialize")]
    pub max_body_size: usize,
    /// How long requests in flight may go on after SIGTERM.
    #[serde(deserialize_with = "nautiloid_redis::deserialize_duration")]
    pub shutdown_timeout: Duration,
}

impl Default for ServerConfig {
    fn default() -> Self {
        ServerConfig {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9080)),
            workers: None,
            max_body_size: 1024 * 1024,
            shutdown_timeout: Duration::from_secs(10),
        }
    }
}

impl ServerConfig {
    /// The number of worker threads to start.
    pub fn worker_count(&self) -> usize {
        let one_a_cpu = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.workers.unwrap_or_else(one_a_cpu).get()
    }
}

/// `[lua]`: what scripts find.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LuaConfig {
    /// Where `require` looks: file names with a `?` that stands for the module's name.
    pub package_path: Vec<PathBuf>,
    /// Scripts that run once, in this order, before the first request is served.
    pub init_scripts: Vec<ScriptFile>,
    /// Names of the environment variables that `os.getenv` may read.
    pub env: Vec<String>,
}

impl Default for LuaConfig {
    fn default() -> Self {
        LuaConfig { package_path: module_patterns(Path::new("")), init_scripts: Vec::new(), env: Vec::new() }
    }
}

/// Where `require` looks when nothing else is said: in `folder` and in `lib` below it.
pub fn module_patterns(folder: &Path) -> Vec<PathBuf> {
    vec![folder.join("?.lua"), folder.join("lib/?.lua")]
}

impl Config {
    /// Reads and checks a configuration file.
    ///
    /// # Errors
    /// The file cannot be read, or something in it is wrong; then the error names the line and the key.
    pub fn load(path: &Path) -> Result<Config, ConfigError> {
        let unreadable = |source| ConfigError::Read { path: path.display().to_string(), source };
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let absolute = std::path::absolute(path).map_err(unreadable)?;
        Self::read(&Document::parse(path, &text)?, absolute.parent().unwrap_or(Path::new("/")))
    }

    /// What scripts may see of all this.
    pub fn settings(&self, print: Print) -> Settings {
        Settings {
            package_path: self.lua.package_path.clone(),
            env: self.lua.env.clone(),
            log_format: self.log.format.to_string(),
            log_level: self.log.level.to_string(),
            print,
        }
    }

    fn read(document: &Document<'_>, folder: &Path) -> Result<Config, ConfigError> {
        let mut config: Config = document.deserialize()?;
        for pattern in &mut config.lua.package_path {
            *pattern = folder.join(&*pattern);
        }
        let hook_scripts = config.hooks.iter_mut().map(|hook| &mut hook.script);
        let redis_scripts = config.redis_scripts.iter_mut().map(|script| &mut script.file);
        for script in config.lua.init_scripts.iter_mut().chain(redis_scripts).chain(hook_scripts) {
            script.resolve(folder);
        }
        config.folder = folder.to_owned();
        config.check(document)?;
        Ok(config)
    }

    fn check(&self, document: &Document<'_>) -> Result<(), ConfigError> {
        self.redis.validate().map_err(|error| document.error_within("redis", error.key(), &error.to_string()))?;
        for (i, pattern) in self.lua.package_path.iter().enumerate() {
            if !pattern.to_string_lossy().contains('?') {
                return Err(document.error(
                    &format!("lua.package_path[{i}]"),
                    "no ? in it: write a pattern such as \"lib/?.lua\", where ? stands for the module's name",
                ));
            }
        }
        for (i, script) in self.lua.init_scripts.iter().enumerate() {
            script.check().map_err(|problem| document.error(&format!("lua.init_scripts[{i}]"), &problem))?;
        }
        for (i, script) in self.redis_scripts.iter().enumerate() {
            let key = |key: &str| format!("redis_scripts[{i}].{key}");
            script.file.check().map_err(|problem| document.error(&key("file"), &problem))?;
            if script.name.is_empty() {
                return Err(document.error(&key("name"), "a name is expected, by which redis_run_script finds it"));
            }
            if self.redis_scripts.iter().take(i).any(|other| other.name == script.name) {
                let problem = format!("a second script with the name \"{}\": one of the two has to go", script.name);
                return Err(document.error(&key("name"), &problem));
            }
        }
        for (i, hook) in self.hooks.iter().enumerate() {
            hook.script.check().map_err(|problem| document.error(&format!("hooks[{i}].script"), &problem))?;
            if self.hooks.iter().take(i).any(|other| (&other.location, &other.method) == (&hook.location, &hook.method))
            {
                return Err(document.error(
                    &format!("hooks[{i}]"),
                    &format!("a second hook for {} {}: one of the two has to go", hook.method, hook.location),
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
