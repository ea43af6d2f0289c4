//! Asking all Sentinels at once, and what they say together.
//!
//! A Sentinel may be dead, cut off, out of date or wrong. So nobody waits for the last answer, and what they name is
//! ranked: the latest failover first, which only those know that were there, and then what most of them name.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use super::ask::ask;
use super::view::View;
use crate::config::Address;
use crate::connection::Setup;

/// How long the others may take when one has named a master.
const GRACE: Duration = Duration::from_millis(50);

type Answer = Result<View, String>;

/// The questions under way, and the answers that are in.
pub(super) struct Asking {
    tasks: JoinSet<(Address, Answer)>,
    survey: Survey,
}

impl Asking {
    /// Asks these Sentinels. Needs a `LocalSet`. Dropping it ends what is under way.
    pub(super) fn start(sentinels: &[Address], setup: &Arc<Setup>, master_name: &Arc<str>) -> Self {
        let mut tasks = JoinSet::new();
        for address in sentinels {
            let (address, setup, name) = (address.clone(), Arc::clone(setup), Arc::clone(master_name));
            tasks.spawn_local(async move {
                let answer = ask(&address, &setup, &name).await;
                (address, answer)
            });
        }
        Asking { tasks, survey: Survey { asked: sentinels.to_vec(), answers: Vec::new() } }
    }

    /// Waits until all have answered, or a moment longer than until the first has named a master.
    pub(super) async fn settle(&mut self, until: Instant) {
        let mut until = until;
        let mut named = false;
        while !self.is_over() && timeout_at(until, self.next()).await.is_ok() {
            if !named && self.survey.names_a_master() {
                named = true;
                until = until.min(Instant::now() + GRACE);
            }
        }
    }

    /// Waits for one more answer.
    pub(super) async fn next(&mut self) {
        if let Some(Ok(answer)) = self.tasks.join_next().await {
            self.survey.answers.push(answer);
        }
    }

    /// Whether no answer is to be expected any more.
    pub(super) fn is_over(&self) -> bool {
        self.tasks.is_empty()
    }

    /// The answers so far.
    pub(super) fn survey(&self) -> &Survey {
        &self.survey
    }
}

/// What the Sentinels say.
pub(super) struct Survey {
    asked: Vec<Address>,
    answers: Vec<(Address, Answer)>,
}

impl Survey {
    fn views(&self) -> impl Iterator<Item = (&Address, &View)> {
        self.answers.iter().filter_map(|(address, answer)| Some((address, answer.as_ref().ok()?)))
    }

    fn names_a_master(&self) -> bool {
        self.views().any(|(_, view)| view.master.is_some())
    }

    /// The addresses that are named as the master's, the likeliest first.
    pub(super) fn candidates(&self) -> Vec<Address> {
        struct Candidate<'a> {
            address: &'a Address,
            epoch: u64,
            votes: usize,
        }
        let mut candidates: Vec<Candidate<'_>> = Vec::new();
        for (_, view) in self.views() {
            let Some(address) = &view.master else { continue };
            match candidates.iter_mut().find(|candidate| candidate.address == address) {
                Some(candidate) => {
                    candidate.epoch = candidate.epoch.max(view.epoch);
                    candidate.votes += 1;
                }
                None => candidates.push(Candidate { address, epoch: view.epoch, votes: 1 }),
            }
        }
        candidates.sort_by_key(|candidate| Reverse((candidate.epoch, candidate.votes)));
        candidates.into_iter().map(|candidate| candidate.address.clone()).collect()
    }

    /// The replicas of `master` that at least half of those call healthy that name this master.
    pub(super) fn replicas(&self, master: &Address) -> Vec<Address> {
        let views: Vec<&View> =
            self.views().map(|(_, view)| view).filter(|view| view.master.as_ref() == Some(master)).collect();
        let mut replicas: Vec<Address> = views.iter().flat_map(|view| &view.replicas).cloned().collect();
        replicas.sort();
        replicas.dedup();
        replicas.retain(|replica| {
            replica != master && 2 * views.iter().filter(|view| view.replicas.contains(replica)).count() >= views.len()
        });
        replicas
    }

    /// The Sentinels that watch over the master: those that said so and those that these named. `None` when nobody
    /// told.
    pub(super) fn sentinels(&self) -> Option<Vec<Address>> {
        let mut sentinels = Vec::new();
        let mut told = false;
        for (address, view) in self.views().filter(|(_, view)| view.master.is_some()) {
            told |= view.sentinels.is_some();
            sentinels.extend(std::iter::once(address).chain(view.sentinels.iter().flatten()).cloned());
        }
        sentinels.sort();
        sentinels.dedup();
        told.then_some(sentinels)
    }

    /// Why there is no candidate. `late` is what to say of those that have not answered.
    pub(super) fn why_no_master(&self, name: &str, late: &str) -> String {
        let trouble = |address: &Address| match self.answers.iter().find(|(answered, _)| answered == address) {
            None => Some(format!("{address}: {late}")),
            Some((_, Err(reason))) => Some(format!("{address}: {reason}")),
            Some((_, Ok(_))) => None,
        };
        let troubles = self.asked.iter().filter_map(trouble).collect::<Vec<_>>().join("; ");
        if self.views().next().is_none() {
            return format!("no Sentinel can be asked: {troubles}");
        }
        let unknown = format!("no Sentinel knows a master \"{name}\": check master_name");
        if troubles.is_empty() { unknown } else { format!("{unknown} ({troubles})") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(port: u16) -> Address {
        Address::Tcp { host: "127.0.0.1".into(), port }
    }

    fn survey(views: Vec<Result<View, String>>) -> Survey {
        let answers: Vec<_> = (1..).map(at).zip(views).collect();
        Survey { asked: answers.iter().map(|(address, _)| address.clone()).collect(), answers }
    }

    fn named(master: u16, epoch: u64) -> View {
        View { master: Some(at(master)), epoch, ..View::default() }
    }

    #[test]
    fn the_latest_failover_goes_first_and_then_the_majority() {
        let survey = survey(vec![
            Ok(named(10, 1)),
            Ok(named(30, 1)),
            Ok(named(30, 0)),
            Ok(named(20, 2)),
            Err("dead".into()),
            Ok(View::default()),
        ]);
        assert_eq!(survey.candidates(), [at(20), at(30), at(10)]);
    }

    #[test]
    fn replicas_are_those_of_the_master_that_half_of_its_sentinels_name() {
        let with = |master, replicas: &[u16]| {
            Ok(View { replicas: replicas.iter().copied().map(at).collect(), ..named(master, 1) })
        };
        let survey =
            survey(vec![with(10, &[11, 12, 10]), with(10, &[11, 13, 10]), with(10, &[11, 12]), with(20, &[21])]);
        assert_eq!(survey.replicas(&at(10)), [at(11), at(12)]);
        assert_eq!(survey.replicas(&at(30)), []);
    }

    #[test]
    fn sentinels_are_those_that_answered_and_those_named() {
        let knowing =
            |sentinels: &[u16]| View { sentinels: Some(sentinels.iter().copied().map(at).collect()), ..named(10, 1) };
        // Those at ports 1 to 4: the second tells nobody else, the third cannot be asked, the fourth knows no master.
        let answers = vec![Ok(knowing(&[2, 7])), Ok(named(10, 1)), Err("dead".into()), Ok(View::default())];
        assert_eq!(survey(answers).sentinels(), Some(vec![at(1), at(2), at(7)]));
        assert_eq!(survey(vec![Ok(named(10, 1)), Err("dead".into())]).sentinels(), None);
    }

    #[test]
    fn reasons_say_what_to_look_at() {
        let reason = |views| survey(views).why_no_master("m", "no answer");
        assert_eq!(
            reason(vec![Err("dead".into()), Err("gone".into())]),
            "no Sentinel can be asked: 127.0.0.1:1: dead; 127.0.0.1:2: gone"
        );
        let unknown = "no Sentinel knows a master \"m\": check master_name";
        assert_eq!(reason(vec![Ok(View::default())]), unknown);
        let with_dead = vec![Ok(View::default()), Err("dead".into())];
        assert_eq!(reason(with_dead), format!("{unknown} (127.0.0.1:2: dead)"));
        let mut silent = survey(vec![Ok(View::default())]);
        silent.answers.clear();
        assert_eq!(silent.why_no_master("m", "late"), "no Sentinel can be asked: 127.0.0.1:1: late");
    }
}
