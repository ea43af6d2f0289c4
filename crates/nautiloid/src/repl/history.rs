//! Where what was typed is kept: `nautiloid/history` in the folder that the XDG specification has for state.

use std::path::{Path, PathBuf};

/// The file, whose folder is there; `None` where there is no place for it.
pub(super) fn file() -> Option<PathBuf> {
    let state = absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")))?;
    let folder = state.join("nautiloid");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}

/// A folder that the environment names; the specification has relative paths ignored.
fn absolute(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| Path::is_absolute(path))
}
