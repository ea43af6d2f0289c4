//! A script named in the configuration.

use std::io;
use std::path::{Path, PathBuf};

use nautiloid_lua::Source;
use serde::Deserialize;

/// A script's file. It is read at the start, and errors show its name as the configuration has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct ScriptFile {
    name: String,
    path: PathBuf,
}

impl From<String> for ScriptFile {
    fn from(name: String) -> Self {
        ScriptFile { path: PathBuf::from(&name), name }
    }
}

impl ScriptFile {
    /// The name as it is written in the configuration.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the script.
    ///
    /// # Errors
    /// What the system says, with the path.
    pub fn read(&self) -> io::Result<Source> {
        let bytes = std::fs::read(&self.path)
            .map_err(|error| io::Error::new(error.kind(), format!("cannot read {}: {error}", self.path.display())))?;
        Ok(Source::new(&self.name, &bytes))
    }

    /// Makes the path absolute against the configuration's folder.
    pub(super) fn resolve(&mut self, folder: &Path) {
        self.path = folder.join(&self.path);
    }

    /// Says why the file cannot be a script.
    pub(super) fn check(&self) -> Result<(), String> {
        match std::fs::metadata(&self.path) {
            Ok(found) if found.is_dir() => Err(format!("{} is a folder, not a script", self.path.display())),
            Ok(_) => Ok(()),
            Err(error) => Err(format!("cannot read the script {}: {error}", self.path.display())),
        }
    }
}
