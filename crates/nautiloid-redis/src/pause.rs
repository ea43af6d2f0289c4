//! Pauses between attempts: short, growing, and jittered, so that workers do not try in step.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// First pause after a failed attempt.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
/// Longest pause: short, so that a server that is back is found soon; an attempt costs the other side little.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_millis(160);

/// The pauses of one series of attempts.
pub(crate) struct Pauses {
    next: Duration,
    longest: Duration,
}

impl Pauses {
    pub(crate) fn new() -> Self {
        Self::up_to(LONGEST_PAUSE)
    }

    /// Pauses that grow no longer than this, before the jitter.
    pub(crate) fn up_to(longest: Duration) -> Self {
        Pauses { next: SHORTEST_PAUSE, longest }
    }

    /// How long to wait before the next attempt.
    pub(crate) fn next(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(self.longest);
        jittered(pause)
    }

    /// Waits for one pause. `false`, at once, when it would end after `until`.
    pub(crate) async fn take(&mut self, until: Instant) -> bool {
        let end = Instant::now() + self.next();
        if end >= until {
            return false;
        }
        sleep_until(end).await;
        true
    }
}

/// Half of a pause to one and a half.
pub(crate) fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(0.5 + fastrand::f64())
}
