//! What the embedding program decides for all scripts.

use std::path::PathBuf;

/// Where `print` goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// Standard output, as in `lua`.
    Stdout,
    /// The log, at level info.
    Log,
}

/// What scripts may see of the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where `require` looks: paths with a `?` for the module's name.
    pub package_path: Vec<PathBuf>,
    /// What `os.getenv` may read.
    pub env: Vec<String>,
    /// `request.log_format`
    pub log_format: String,
    /// `request.log_level`
    pub log_level: String,
    /// Where `print` goes.
    pub print: Print,
}
