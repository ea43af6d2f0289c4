//! Where a password comes from: the configuration itself, a file, or the environment.

use std::path::{Path, PathBuf};

use super::{ConfigError, PoolConfig, Secret};

/// A password, or the file that holds it.
#[derive(Debug, Clone)]
pub(crate) enum Password {
    /// The password.
    Known(Secret),
    /// A file that is read for every connection, so that a rotated password is used without a restart.
    File {
        /// The key that names it.
        key: &'static str,
        /// Its path.
        path: PathBuf,
    },
}

impl Password {
    /// The password for the Redis servers; `None` when there is none. Files and variables are read, to see that they
    /// can be.
    ///
    /// # Errors
    /// The file or the variable cannot be used.
    pub(crate) fn of_servers(config: &PoolConfig) -> Result<Option<Self>, ConfigError> {
        let file = config.password_file.as_deref().map(|path| ("password_file", path));
        let variable = config.password_env.as_deref().map(|name| ("password_env", name));
        Self::find(config.password.as_ref(), file, variable)
    }

    /// The same for the Sentinels.
    ///
    /// # Errors
    /// As [`Password::of_servers`].
    pub(crate) fn of_sentinels(config: &PoolConfig) -> Result<Option<Self>, ConfigError> {
        let file = config.sentinel_password_file.as_deref().map(|path| ("sentinel_password_file", path));
        let variable = config.sentinel_password_env.as_deref().map(|name| ("sentinel_password_env", name));
        Self::find(config.sentinel_password.as_ref(), file, variable)
    }

    /// The secret that values are encrypted with; `None` when there is none. It is read once: with another, what was
    /// encrypted before could not be read any more.
    ///
    /// # Errors
    /// As [`Password::of_servers`].
    pub(crate) fn of_encryption(config: &PoolConfig) -> Result<Option<Secret>, ConfigError> {
        let file = config.encryption_secret_file.as_deref().map(|path| ("encryption_secret_file", path));
        let variable = config.encryption_secret_env.as_deref().map(|name| ("encryption_secret_env", name));
        match Self::find(config.encryption_secret.as_ref(), file, variable)? {
            Some(Password::Known(secret)) => Ok(Some(secret)),
            Some(Password::File { key, path }) => match read(&path) {
                Ok(secret) => Ok(Some(secret)),
                Err(reason) => Err(ConfigError::File { key, path, reason }),
            },
            None => Ok(None),
        }
    }

    fn find(
        known: Option<&Secret>,
        file: Option<(&'static str, &Path)>,
        variable: Option<(&'static str, &str)>,
    ) -> Result<Option<Self>, ConfigError> {
        if let Some((key, path)) = file {
            read(path).map_err(|reason| ConfigError::File { key, path: path.to_owned(), reason })?;
            return Ok(Some(Password::File { key, path: path.to_owned() }));
        }
        if let Some((key, name)) = variable {
            let wrong = |problem| ConfigError::Environment { key, name: name.to_owned(), problem };
            let value = std::env::var_os(name).ok_or_else(|| wrong("not set"))?;
            let text = value.into_string().map_err(|_| wrong("not valid UTF-8"))?;
            let secret = Secret::new(text);
            return if secret.is_empty() { Err(wrong("empty")) } else { Ok(Some(Password::Known(secret))) };
        }
        Ok(known.filter(|secret| !secret.is_empty()).cloned().map(Password::Known))
    }

    /// The password as it is now. The reason of a failure is for people and holds no secret.
    pub(crate) async fn current(&self) -> Result<Secret, String> {
        match self {
            Password::Known(secret) => Ok(secret.clone()),
            Password::File { key, path } => {
                let reading = path.clone();
                let outcome = tokio::task::spawn_blocking(move || read(&reading)).await;
                let secret = outcome.unwrap_or_else(|error| Err(error.to_string()));
                secret.map_err(|reason| format!("{key}: cannot use {}: {reason}", path.display()))
            }
        }
    }
}

/// Reads a file with a password in it. The end of the line is no part of the password: editors and `echo` write one.
fn read(path: &Path) -> Result<Secret, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "it is not valid UTF-8")?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let secret = Secret::new(line.strip_suffix('\r').unwrap_or(line));
    if secret.is_empty() { Err("it is empty".to_owned()) } else { Ok(secret) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        file
    }

    #[tokio::test]
    async fn a_file_is_read_each_time_without_its_last_line_end() {
        let file = file(b"first\n");
        let config = PoolConfig { password_file: Some(file.path().to_owned()), ..PoolConfig::default() };
        let password = Password::of_servers(&config).unwrap().unwrap();
        for (content, expected) in
            [(&b"first\n"[..], "first"), (b"second", "second"), (b" a\r\n", " a"), (b"b\n\n", "b\n")]
        {
            std::fs::write(file.path(), content).unwrap();
            assert_eq!(password.current().await.unwrap().expose(), expected);
        }
        assert!(!format!("{password:?}").contains("first"));

        std::fs::write(file.path(), "\n").unwrap();
        let reason = password.current().await.unwrap_err();
        assert_eq!(reason, format!("password_file: cannot use {}: it is empty", file.path().display()));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let of_file = |path: &Path| {
            let config = PoolConfig { sentinel_password_file: Some(path.to_owned()), ..PoolConfig::default() };
            Password::of_sentinels(&config).unwrap_err().to_string()
        };
        let gone = of_file(Path::new("/nonexistent/password"));
        assert!(gone.starts_with("sentinel_password_file: cannot use /nonexistent/password: No such file"), "{gone}");
        assert!(of_file(file(b"\xff").path()).ends_with(": it is not valid UTF-8"));

        let of_variable = |name: &str| {
            let config = PoolConfig { password_env: Some(name.to_owned()), ..PoolConfig::default() };
            Password::of_servers(&config)
        };
        for name in ["NAUTILOID_NO_SUCH_VARIABLE", "", "A=B", "A\0B"] {
            let error = of_variable(name).unwrap_err().to_string();
            assert_eq!(error, format!("password_env: the environment variable {name} is not set"));
        }
        // Every process of a test has it.
        assert!(matches!(of_variable("PATH"), Ok(Some(Password::Known(_)))));
    }
}
