//! Pipelines and transactions on a cluster: a batch for each node, all of them at the same time.

use std::rc::Rc;

use futures_util::future::join_all;
use nautiloid_resp::Request;
use tokio::time::Instant;

use super::nodes::Member;
use super::{Cluster, slot};
use crate::RedisError;
use crate::batch::{Batched, Outcomes, access_of, overtaken};
use crate::commands::{Access, Spread};
use crate::pause::Pauses;
use crate::refusal::Refusal;
use crate::transaction::{self, Executed};
use crate::watch::{self, Watch};

/// The items that go to one node, by their positions, with their slots.
struct Group {
    member: Rc<Member>,
    items: Vec<(usize, Option<u16>)>,
}

impl Cluster {
    /// Sends the commands, those of each node in one go and in their order.
    ///
    /// A command whose keys are in several slots goes its own ways at the same time.
    pub(crate) async fn call_all(self: &Rc<Self>, items: &[Batched], until: Instant) -> Outcomes {
        if let Err(error) = self.wait_for_map(until).await {
            return items.iter().map(|_| Err(error.clone())).collect();
        }
        self.wake();
        let reads = self.replicas.is_some() && access_of(items) == Access::Read;
        let mut outcomes: Vec<_> = items.iter().map(|_| None).collect();
        let (mut groups, mut others): (Vec<Group>, Vec<usize>) = (Vec::new(), Vec::new());
        for (position, (item, outcome)) in items.iter().zip(&mut outcomes).enumerate() {
            let slot = match (item.spread, self.slot_of(&item.request)) {
                (Spread::Masters(_), _) | (Spread::Keys(_), Err(_)) => {
                    others.push(position);
                    continue;
                }
                (_, Ok(slot)) => slot,
                (Spread::OneSlot, Err(error)) => {
                    *outcome = Some(Err(error));
                    continue;
                }
            };
            match self.member_for(slot, reads, &groups) {
                Some(member) => match groups.iter_mut().find(|group| Rc::ptr_eq(&group.member, &member)) {
                    Some(group) => group.items.push((position, slot)),
                    None => groups.push(Group { member, items: vec![(position, slot)] }),
                },
                None => others.push(position),
            }
        }
        let batches = join_all(groups.iter().map(|group| self.call_group(group, items, until)));
        let singles = join_all(others.iter().filter_map(|&position| {
            let Batched { request, access, spread } = items.get(position)?;
            Some(async move { (position, self.call(request, *access, *spread, until).await) })
        }));
        let (batches, singles) = futures_util::future::join(batches, singles).await;
        for (position, outcome) in batches.into_iter().flatten().chain(singles) {
            if let Some(place) = outcomes.get_mut(position) {
                *place = Some(outcome);
            }
        }
        let unanswered = || Err(self.unavailable("the command was not sent"));
        outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(unanswered)).collect()
    }

    /// The node for a slot; without a slot one that is used anyway, if there is one.
    fn member_for(&self, slot: Option<u16>, reads: bool, groups: &[Group]) -> Option<Rc<Member>> {
        match (slot, groups.first()) {
            (None, Some(group)) => Some(Rc::clone(&group.member)),
            _ => self.route(slot, reads),
        }
    }

    /// One batch. What the node refused, and what was not sent, goes the usual way afterwards, in order, unless a later
    /// command has written to its key.
    async fn call_group(
        self: &Rc<Self>,
        group: &Group,
        items: &[Batched],
        until: Instant,
    ) -> Vec<(usize, Result<nautiloid_resp::Value, RedisError>)> {
        let chosen: Vec<(usize, Option<u16>, &Batched)> =
            group.items.iter().filter_map(|&(position, slot)| Some((position, slot, items.get(position)?))).collect();
        let requests: Vec<&Request> = chosen.iter().map(|(_, _, item)| &item.request).collect();
        let (outcomes, _) = group.member.node.call_all(&requests, until).await;
        let nothing_sent = outcomes.iter().all(|outcome| matches!(outcome, Err(RedisError::Unavailable { .. })));
        let mut settled = Vec::with_capacity(outcomes.len());
        let overtaken = overtaken(chosen.iter().zip(&outcomes).map(|((_, _, item), outcome)| (*item, outcome)));
        for (((position, slot, item), outcome), overtaken) in chosen.into_iter().zip(outcomes).zip(overtaken) {
            let again = match &outcome {
                Err(RedisError::Server(text)) => match Refusal::of(text) {
                    // Of another slot: no server says that, only a script that answers with such a text.
                    Some(Refusal::Moved { slot: told, .. } | Refusal::Ask { slot: told, .. }) => slot == Some(told),
                    Some(Refusal::ReadOnly) | None => false,
                    Some(_) => true,
                },
                Err(RedisError::Unavailable { .. }) => nothing_sent,
                Err(_) => {
                    self.doubt();
                    false
                }
                Ok(_) => false,
            };
            let outcome = if again && !overtaken {
                self.doubt();
                self.call_slot(slot, &item.request, item.access, until).await
            } else {
                outcome
            };
            settled.push((position, outcome));
        }
        settled
    }

    /// Runs a transaction on the node that has the slot of all its keys.
    pub(crate) async fn transaction(
        self: &Rc<Self>,
        commands: &[Request],
        until: Instant,
    ) -> Result<Executed, RedisError> {
        self.wait_for_map(until).await?;
        self.wake();
        let mut keys = commands.iter().flat_map(Request::keys);
        let slot = match keys.next() {
            Some(first) => {
                slot::same(first, keys, &self.spec)?;
                Some(slot::of(first))
            }
            None => None,
        };
        let mut pauses = Pauses::new();
        loop {
            let Some(member) = self.route(slot, false) else {
                return Err(self.unavailable("no node has the slot of the keys at the moment"));
            };
            let (outcome, _) = member.node.transaction(commands, until).await;
            let again = match transaction::refusal(&outcome) {
                Some(refusal) => self.follow(slot, &refusal),
                None => {
                    if matches!(&outcome, Err(error) if !matches!(error, RedisError::NotRun { .. })) {
                        self.doubt();
                    }
                    matches!(&outcome, Err(RedisError::Unavailable { .. }))
                }
            };
            if !again || !pauses.take(until).await {
                return outcome;
            }
        }
    }

    /// Begins to watch keys on the node that has their slot.
    pub(crate) async fn watch(self: &Rc<Self>, keys: &[&[u8]], until: Instant) -> Result<Watch, RedisError> {
        self.wait_for_map(until).await?;
        self.wake();
        let (first, slot) = match keys.split_first() {
            Some((first, others)) => {
                slot::same(first, others.iter().copied(), &self.spec)?;
                (Some(first.to_vec()), Some(slot::of(first)))
            }
            None => (None, None),
        };
        let request = watch::request(keys.iter().copied());
        let mut pauses = Pauses::new();
        loop {
            let Some(member) = self.route(slot, false) else {
                return Err(self.unavailable("no node has the slot of the keys at the moment"));
            };
            let outcome = match member.node.exclusive(until).await {
                Ok(connection) => Watch::start(connection, &request, first.clone(), &self.spec).await,
                Err(error) => Err(error),
            };
            let again = match &outcome {
                Err(RedisError::Server(text)) => Refusal::of(text).is_some_and(|refusal| self.follow(slot, &refusal)),
                // Watching runs nothing, so it may be tried again whatever became of it.
                Err(RedisError::Unavailable { .. } | RedisError::Lost { .. }) => {
                    member.node.forget_kept();
                    self.doubt();
                    true
                }
                _ => false,
            };
            if !again || !pauses.take(until).await {
                return outcome;
            }
        }
    }

    /// Learns from a refusal; whether to try again.
    fn follow(&self, slot: Option<u16>, refusal: &Refusal) -> bool {
        match refusal {
            Refusal::Moved { slot: told, .. } | Refusal::Ask { slot: told, .. } if slot != Some(*told) => return false,
            Refusal::Moved { slot, to: Some(to) } => {
                let member = self.masters.at(to);
                self.map.borrow_mut().moved(*slot, member);
            }
            Refusal::ReadOnly | Refusal::Moved { .. } | Refusal::Ask { .. } => {}
            Refusal::TryAgain | Refusal::ClusterDown | Refusal::Loading | Refusal::MasterDown => {}
        }
        self.doubt();
        true
    }
}
