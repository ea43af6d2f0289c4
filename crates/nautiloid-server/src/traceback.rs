//! A script's failure as people read it.

use std::fmt;

use nautiloid_lua::ScriptError;

/// Shows a failure as its message with the traceback below, each line set in.
#[derive(Debug)]
pub struct WithTraceback(pub ScriptError);

impl fmt::Display for WithTraceback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        self.0.traceback().lines().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

impl std::error::Error for WithTraceback {}
