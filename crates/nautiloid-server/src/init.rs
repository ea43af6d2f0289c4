//! Init scripts: they run once, one after the other, before anything is served.

use nautiloid_lua::{Host, Source};

use crate::WithTraceback;

/// An init script failed.
#[derive(Debug, thiserror::Error)]
#[error("the init script {script} failed: {failure}")]
pub struct InitError {
    script: String,
    failure: WithTraceback,
}

/// Runs `scripts` in their order and stops at the first that fails.
///
/// # Errors
/// Names the script and says what failed, with its traceback.
pub async fn run_init_scripts(host: &Host, scripts: &[Source]) -> Result<(), InitError> {
    for script in scripts {
        let failed = |error| InitError { script: script.name().to_owned(), failure: WithTraceback(error) };
        let program = host.compile(script).map_err(failed)?;
        host.run_init(&program).await.map_err(failed)?;
    }
    Ok(())
}
