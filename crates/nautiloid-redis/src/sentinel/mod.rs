//! Finding a master and its replicas by asking the Sentinels that watch over it.
//!
//! - `conversation` is a connection to one Sentinel, `ask` what is asked on it, `view` what it answers.
//! - `survey` asks all Sentinels at once and ranks what they say; none of them is trusted alone.
//! - `race` dials the servers that they name: who says of itself to be a master is the master.
//! - `listen` follows the events of one Sentinel, `watch` draws the conclusions and tells the pool.
//!
//! Each worker thread asks for itself. That is a few commands at the start, after each event and every ten seconds,
//! and spares any sharing between threads.

mod ask;
mod conversation;
mod listen;
mod race;
mod survey;
mod view;
mod watch;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use tokio::time::{Instant, sleep_until};

use crate::config::Address;
use crate::connection::{Setup, Stream};
use crate::spec::PoolSpec;
pub(crate) use ask::ask;
use listen::News;
use race::Race;
use survey::{Asking, Survey};
pub(crate) use view::View;
pub(crate) use watch::Follower;

/// Most Sentinels that are remembered besides the configured ones: one that lies may name any number.
const MOST_LEARNED: usize = 16;

/// One worker's knowledge of a pool's Sentinels.
pub(crate) struct Sentinels {
    spec: Arc<PoolSpec>,
    setup: Arc<Setup>,
    master_name: Arc<str>,
    /// Those that are not in the configuration.
    learned: RefCell<Vec<Address>>,
    news: Rc<News>,
    watching: Cell<bool>,
}

impl Sentinels {
    pub(crate) fn new(spec: &Arc<PoolSpec>) -> Rc<Self> {
        let config = spec.config();
        Rc::new(Sentinels {
            spec: Arc::clone(spec),
            setup: Arc::clone(spec.sentinels()),
            master_name: config.master_name.as_deref().unwrap_or_default().into(),
            learned: RefCell::default(),
            news: Rc::default(),
            watching: Cell::new(false),
        })
    }

    /// Opens a connection to the master that the Sentinels name, within `connect_timeout`. The reason of a failure is
    /// for people and names every address with what was wrong with it.
    pub(crate) async fn open_master(&self) -> Result<(Stream, Address), String> {
        let until = self.deadline();
        let asking = self.survey(until).await;
        self.find(asking, until).await
    }

    /// Listens to the Sentinels and tells `follower` what they say, from the first call on. Needs a `LocalSet`.
    pub(crate) fn watch(self: &Rc<Self>, follower: &Rc<impl Follower + 'static>) {
        if !self.watching.replace(true) {
            tokio::task::spawn_local(watch::run(Rc::downgrade(self), Rc::downgrade(follower)));
        }
    }

    /// Has the Sentinels asked again soon: a server that they named cannot be reached.
    pub(crate) fn ask_again(&self) {
        self.news.notify();
    }

    /// When finding the master ends that begins now: before the patience of those who wait for it, so that they learn
    /// the reason.
    fn deadline(&self) -> Instant {
        Instant::now() + self.setup.connect_timeout.mul_f64(0.95)
    }

    /// Those of the configuration, and those that they know of.
    fn known(&self) -> Vec<Address> {
        let mut known: Vec<Address> = Vec::new();
        for address in self.spec.config().addresses.iter().chain(&*self.learned.borrow()) {
            if !known.contains(address) {
                known.push(address.clone());
            }
        }
        known
    }

    /// Remembers the Sentinels that were named, and forgets those that are named no more.
    fn learn(&self, survey: &Survey) {
        if let Some(mut sentinels) = survey.sentinels() {
            sentinels.retain(|address| !self.spec.config().addresses.contains(address));
            sentinels.truncate(MOST_LEARNED);
            *self.learned.borrow_mut() = sentinels;
        }
    }

    /// Asks all Sentinels, and waits as long as it takes to know what they think.
    async fn survey(&self, until: Instant) -> Asking {
        let mut asking = Asking::start(&self.known(), &self.setup, &self.master_name);
        asking.settle(until).await;
        self.learn(asking.survey());
        asking
    }

    /// The addresses that may be the master's, the likeliest first.
    fn candidates(&self, survey: &Survey) -> Vec<Address> {
        let mut candidates = survey.candidates();
        if let Some(promoted) = self.news.promoted() {
            candidates.retain(|address| *address != promoted);
            candidates.insert(0, promoted);
        }
        candidates
    }

    /// Dials what the Sentinels have named and will name, until one of them says that it is a master.
    async fn find(&self, mut asking: Asking, until: Instant) -> Result<(Stream, Address), String> {
        let mut race = Race::new(Arc::clone(self.spec.servers()));
        loop {
            let ranking = self.candidates(asking.survey());
            race.enter(&ranking);
            if let Some((stream, address)) = race.winner(&ranking) {
                self.spec.note_master(&address);
                return Ok((stream, address));
            }
            if (asking.is_over() && race.is_over()) || Instant::now() >= until {
                break;
            }
            let wake = race.wake(until);
            tokio::select! {
                () = asking.next(), if !asking.is_over() => {}
                () = race.next(), if !race.is_over() => {}
                () = sleep_until(wake) => {}
            }
        }
        let late = format!("no answer within {:?} (connect_timeout)", self.setup.connect_timeout);
        Err(match race.reasons(&late) {
            None => asking.survey().why_no_master(&self.master_name, &late),
            Some(reasons) => reasons,
        })
    }
}
