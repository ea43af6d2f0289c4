//! Pauses between attempts: short, growing, and jittered, so that workers do not try in step.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// First pause after a failed attempt.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
/// Longest pause: short, so that a server that is back is found soon; an attempt costs the other side little.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_millis(160);

/// The pauses of one series of attempts.
pub(crate) struct Pauses(Duration);

impl Pauses {
    pub(crate) fn new() -> Self {
        Pauses(SHORTEST_PAUSE)
    }

    /// How long to wait before the next attempt.
    pub(crate) fn next(&mut self) -> Duration {
        let pause = self.0;
        self.0 = (pause * 2).min(LONGEST_PAUSE);
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
