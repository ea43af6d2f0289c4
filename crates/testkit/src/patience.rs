//! Waiting for a condition that another process brings about.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;

/// Longest wait for anything; what takes longer has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(5);

/// Looks again and again until there is an answer, and returns it. `what` completes "waited in vain until …".
///
/// An error of a look counts as "not yet": servers that start or die refuse connections and break them. The last one is
/// part of the error when patience ends.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let last = match look() {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => String::new(),
            Err(error) => format!(": {error:#}"),
        };
        if Instant::now() > deadline {
            bail!("waited {PATIENCE:?} in vain until {what}{last}");
        }
        thread::sleep(LOOK);
    }
}

/// [`until`] for a condition that has no answer of its own.
pub(crate) fn until_true(what: &str, mut look: impl FnMut() -> anyhow::Result<bool>) -> anyhow::Result<()> {
    until(what, || Ok(look()?.then_some(())))
}
