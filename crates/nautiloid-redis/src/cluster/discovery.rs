//! Keeping the map: one task a worker asks the cluster who has what, when there is reason to, and goes on as long as
//! a master is missing.
//!
//! A cluster tells its clients nothing by itself. A slot that moved is learned from `MOVED`, at once. A master that is
//! gone is learned by asking the others, so they are asked often while one cannot be reached, or lets commands wait.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use futures_util::future::select_ok;
use nautiloid_resp::{Request, Value};
use tokio::time::{Instant, sleep, timeout_at};

use super::Cluster;
use super::layout::{self, Range};
use super::map::Map;
use super::nodes::Member;
use crate::RedisError;
use crate::node::Health;
use crate::pause::{Pauses, jittered};

/// Least time between two questions, whatever the reason for them.
const SPACING: Duration = Duration::from_millis(20);
/// Longest pause between questions while a master is missing: the part of a failover that is ours.
const LONGEST_PAUSE: Duration = Duration::from_millis(80);
/// How long a failover may take; what is missing longer is asked for more seldom.
const HOPE: Duration = Duration::from_secs(60);
/// The pause between questions from then on.
const RESIGNED: Duration = Duration::from_millis(500);
/// A master that says nothing for so long although it has commands to answer is suspected of being gone.
const SILENCE: Duration = Duration::from_millis(100);
/// How often it is looked whether there is such a master.
const LOOK: Duration = Duration::from_millis(50);
/// How often the cluster is asked without any reason.
const ROUTINE: Duration = Duration::from_secs(15);
/// How often, when replicas are to be read from and a master has none: one that has just been added, or has no data
/// yet, is left out of the answer until it is ready.
const REPLICAS: Duration = Duration::from_secs(1);
/// How many nodes are asked at a time: one may be the one that hangs.
const ASKED: usize = 3;

/// Keeps the map of a cluster until the cluster is not needed any more.
pub(super) async fn keep_map(cluster: Weak<Cluster>) {
    let mut pauses = Pauses::up_to(LONGEST_PAUSE);
    let mut degraded_since = None;
    loop {
        let Some(this) = cluster.upgrade() else { return };
        this.learn().await;
        let degraded = this.map.borrow().is_degraded();
        drop(this);
        if degraded {
            let lasts = *degraded_since.get_or_insert_with(Instant::now);
            let pause = if lasts.elapsed() < HOPE { pauses.next() } else { jittered(RESIGNED) };
            sleep(pause).await;
            continue;
        }
        degraded_since = None;
        pauses = Pauses::up_to(LONGEST_PAUSE);
        sleep(SPACING).await;
        wait_for_reason(&cluster).await;
    }
}

/// Waits until there is reason to ask the cluster again, or until it is not needed any more.
async fn wait_for_reason(cluster: &Weak<Cluster>) {
    let routine = Instant::now() + jittered(cluster.upgrade().map_or(ROUTINE, |this| this.routine()));
    loop {
        let Some(this) = cluster.upgrade() else { return };
        if this.doubtful.take() || this.map.borrow().is_silent(SILENCE) || Instant::now() >= routine {
            return;
        }
        // When nothing is on its way, nobody can be kept waiting: the next call wakes this task.
        let busy = this.map.borrow().is_busy();
        this.resting.set(!busy);
        let news = Rc::clone(&this.news);
        drop(this);
        let next = if busy { (Instant::now() + LOOK).min(routine) } else { routine };
        // Whatever ends the wait, the reasons are looked at.
        let _ = timeout_at(next, news.notified()).await;
    }
}

impl Cluster {
    /// How long the map is trusted when there is no reason not to.
    fn routine(&self) -> Duration {
        let lacks_replicas = self.replicas.is_some() && self.map.borrow().lacks_replicas();
        if lacks_replicas { REPLICAS } else { ROUTINE }
    }

    /// Asks some nodes and takes the first map.
    async fn learn(&self) {
        let failure = match self.ask().await {
            Ok(ranges) => {
                let map = Map::new(&ranges, &self.masters, self.replicas.as_ref());
                self.masters.forget();
                if let Some(replicas) = &self.replicas {
                    replicas.forget();
                }
                for master in map.masters() {
                    master.node.open_ahead(self.ahead.get());
                }
                *self.map.borrow_mut() = map;
                None
            }
            Err(reason) => Some(reason.into()),
        };
        *self.failure.borrow_mut() = failure;
        self.learned.notify_waiters();
    }

    async fn ask(&self) -> Result<Vec<Range>, String> {
        let mut asked = self.promising();
        if !asked.iter().any(|member| answers(member)) {
            // The nodes of the configuration may be behind other names than those that the cluster knows.
            for address in &self.spec.config().addresses {
                if asked.iter().all(|member| member.address != *address) {
                    asked.push(self.masters.at(address));
                }
            }
        }
        let reasons = RefCell::new(Vec::with_capacity(asked.len()));
        let ask =
            async |member: &Member| self.ask_one(member).await.map_err(|reason| reasons.borrow_mut().push(reason));
        let first = select_ok(asked.iter().map(|member| Box::pin(ask(member)))).await;
        first.map(|(ranges, _)| ranges).map_err(|()| reasons.borrow().join("; "))
    }

    /// Some masters, rather those that are connected than those that nobody has tried, and these rather than those that
    /// let commands wait. None that is known to be unreachable.
    fn promising(&self) -> Vec<Rc<Member>> {
        let map = self.map.borrow();
        let mut members: Vec<_> =
            map.masters().filter(|member| member.node.health() != Health::Down).cloned().collect();
        fastrand::shuffle(&mut members);
        members.sort_by_key(|member| match member.node.health() {
            _ if answers(member) => 0,
            Health::Unknown => 1,
            Health::Up | Health::Down => 2,
        });
        members.truncate(ASKED);
        members
    }

    async fn ask_one(&self, member: &Member) -> Result<Vec<Range>, String> {
        let until = Instant::now() + self.spec.config().connect_timeout;
        let reason = match member.node.call(&Request::new("CLUSTER SLOTS"), until).await {
            Ok(reply @ Value::Array(_)) => match layout::read(&reply, &member.address) {
                ranges if ranges.is_empty() => "the cluster has no slots assigned".to_owned(),
                ranges => return Ok(ranges),
            },
            Ok(_) => "not a reply to CLUSTER SLOTS".to_owned(),
            Err(RedisError::Unavailable { reason, .. }) => reason.to_string(),
            Err(RedisError::Server(text)) => {
                let text = String::from_utf8_lossy(&text);
                let advice = if text.contains("cluster support disabled") { "; use mode standalone" } else { "" };
                format!("the server refused CLUSTER SLOTS: {text}{advice}")
            }
            Err(other) => other.to_string(),
        };
        Err(format!("{}: {reason}", member.address))
    }
}

/// Whether a node is connected and lets no command wait.
fn answers(member: &Member) -> bool {
    member.node.health() == Health::Up && !member.node.is_silent(SILENCE)
}
