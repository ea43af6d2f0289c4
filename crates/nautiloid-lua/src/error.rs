//! What can go wrong with a script.

/// A script that ended with an error, or could not be compiled.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct ScriptError {
    message: String,
    traceback: String,
}

impl ScriptError {
    pub(crate) fn new(message: impl Into<String>, traceback: &str) -> Self {
        ScriptError { message: message.into(), traceback: trim(traceback) }
    }

    /// Where the script was, a line a call, innermost first; empty when nothing of it ran.
    pub fn traceback(&self) -> &str {
        &self.traceback
    }
}

impl From<mlua::Error> for ScriptError {
    fn from(error: mlua::Error) -> Self {
        let text = match error {
            mlua::Error::SyntaxError { message, .. } | mlua::Error::RuntimeError(message) => message,
            mlua::Error::CallbackError { cause, .. } => cause.to_string(),
            other => other.to_string(),
        };
        match text.split_once("\nstack traceback:") {
            Some((message, traceback)) => ScriptError::new(message, traceback),
            None => ScriptError::new(text, ""),
        }
    }
}

/// Leaves out the lines of the host itself: a script's author can do nothing with them.
fn trim(traceback: &str) -> String {
    let lines = traceback.lines().map(str::trim).filter(|line| {
        !line.is_empty() && *line != "stack traceback:" && !line.starts_with("[nautiloid]") && !line.starts_with("[C]:")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The host could not be set up; a fault of this program or of the machine, not of a script.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up the Lua VM: {0}")]
pub struct HostError(#[from] pub(crate) mlua::Error);
