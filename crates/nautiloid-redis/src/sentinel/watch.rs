//! Seeing to it that a pool uses the servers that the Sentinels name, as soon as they name others.
//!
//! They are asked after each event, when a server cannot be reached, and now and then, since an event can be lost and
//! some changes have none. A master that works is left only for a server that says of itself that it is the master.

use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use super::Sentinels;
use super::listen::Listeners;
use super::race::Race;
use crate::config::Address;
use crate::pause::{Pauses, jittered};

/// How long after an event the Sentinels are asked once more: a replica is found healthy without an event.
const SHORTEST_QUIET: Duration = Duration::from_millis(500);
/// How often they are asked when nothing happens.
const LONGEST_QUIET: Duration = Duration::from_secs(10);
/// Least time from one question to the next, however many events there are.
const LEAST: Duration = Duration::from_millis(10);

/// Who uses the servers that the Sentinels name.
pub(crate) trait Follower {
    /// Where the master is that it is connected to.
    fn master(&self) -> Option<Address>;

    /// This server is the master now, and said so.
    fn found_master(&self, master: &Address);

    /// These replicas can be read from now; `None` when nobody can tell.
    fn found_replicas(&self, replicas: Option<&[Address]>);
}

/// Serves a pool until it is gone.
pub(super) async fn run(sentinels: Weak<Sentinels>, follower: Weak<impl Follower>) {
    let mut listeners = Listeners::default();
    let mut told = None;
    let (mut quiet, mut pauses) = (SHORTEST_QUIET, Pauses::new());
    loop {
        let (Some(this), Some(pool)) = (sentinels.upgrade(), follower.upgrade()) else { return };
        let asked = Instant::now();
        look(&this, &*pool, &mut told).await;
        listeners.follow(&this);
        let news = Rc::clone(&this.news);
        // Nothing holds the pool while this waits.
        drop((this, pool));
        let pause = match news.promoted() {
            // It may need a moment to be a master.
            Some(promoted) if told.as_ref() != Some(&promoted) => pauses.next(),
            _ => {
                pauses = Pauses::new();
                jittered(quiet)
            }
        };
        tokio::select! {
            () = sleep(pause) => quiet = (quiet * 2).min(LONGEST_QUIET),
            () = news.arrived() => quiet = SHORTEST_QUIET,
        }
        sleep_until(asked + LEAST).await;
    }
}

/// Asks the Sentinels and tells the pool what is new. `told` is the master it knows of.
async fn look(sentinels: &Sentinels, pool: &impl Follower, told: &mut Option<Address>) {
    let until = sentinels.deadline();
    let asking = sentinels.survey(until).await;
    let mut ranking = sentinels.candidates(asking.survey());
    let replicas = asking.survey().candidates().first().map(|master| {
        let mut replicas = asking.survey().replicas(master);
        replicas.retain(|replica| ranking.first() != Some(replica));
        replicas
    });
    pool.found_replicas(replicas.as_deref());

    // A pool that reads from replicas may have no connection to the master.
    let connected = pool.master();
    let Some(current) = connected.clone().or_else(|| told.clone()) else {
        // The first connection is on its way, and looks for itself.
        *told = ranking.first().cloned();
        return;
    };
    if connected.is_some() {
        *told = connected;
    }
    ranking.truncate(ranking.iter().position(|address| *address == current).unwrap_or(ranking.len()));
    if let Some(master) = Race::new(Arc::clone(sentinels.spec.servers())).decide(&ranking, until).await {
        sentinels.spec.note_master(&master);
        pool.found_master(&master);
        *told = Some(master);
    }
}
