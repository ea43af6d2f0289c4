//! How another thread stops what a console runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// The message of an interrupted chunk.
pub(super) const INTERRUPTED: &str = "interrupted";

/// Stops the chunk that a console runs: one that waits at once, one that computes at its next look. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_raised: AtomicBool,
    raised: Notify,
}

impl Interrupt {
    /// Stops the chunk that runs now; does nothing when none runs.
    pub fn raise(&self) {
        self.0.is_raised.store(true, Ordering::Relaxed);
        self.0.raised.notify_waiters();
    }

    /// Another chunk begins, which nobody has interrupted.
    pub(super) fn clear(&self) {
        self.0.is_raised.store(false, Ordering::Relaxed);
    }

    pub(super) fn is_raised(&self) -> bool {
        self.0.is_raised.load(Ordering::Relaxed)
    }

    /// Until it is raised.
    pub(super) async fn raised(&self) {
        let raised = self.0.raised.notified();
        if !self.is_raised() {
            raised.await;
        }
    }
}
