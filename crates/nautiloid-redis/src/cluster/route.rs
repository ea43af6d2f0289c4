//! Sending one command to the node that has the slot of its keys, and following that node's corrections.

use std::rc::Rc;

use nautiloid_resp::{Request, Value};
use tokio::time::Instant;

use super::nodes::Member;
use super::{Cluster, slot};
use crate::RedisError;
use crate::commands::Access;
use crate::node::Health;
use crate::pause::Pauses;
use crate::refusal::Refusal;

/// Corrections that are followed without a pause: a slot can have moved on while the first was followed.
const IMMEDIATE: usize = 4;

/// Where the next attempt goes.
struct Route {
    member: Rc<Member>,
    /// After `ASKING`.
    asking: bool,
}

impl Route {
    fn to(member: Rc<Member>) -> Self {
        Route { member, asking: false }
    }
}

impl Cluster {
    /// The slot of a request's keys; `None` when it has no keys.
    ///
    /// # Errors
    /// The keys have several slots.
    pub(super) fn slot_of(&self, request: &Request) -> Result<Option<u16>, RedisError> {
        let mut keys = request.keys();
        let Some(first) = keys.next() else { return Ok(None) };
        slot::same(first, keys, &self.spec)?;
        Ok(Some(slot::of(first)))
    }

    /// Sends a command to the node that has the slot; without a slot, to any master.
    pub(super) async fn call_slot(
        &self,
        slot: Option<u16>,
        request: &Request,
        access: Access,
        until: Instant,
    ) -> Result<Value, RedisError> {
        let reads = self.replicas.is_some() && access == Access::Read;
        let mut pauses = Pauses::new();
        let mut corrections = 0;
        let mut route = loop {
            match self.route(slot, reads) {
                Some(member) => break Route::to(member),
                None if pauses.take(until).await => self.doubt(),
                None => return Err(self.unavailable("no node has the slot of the key at the moment")),
            }
        };
        loop {
            let outcome = if route.asking {
                route.member.node.call_asking(request, until).await
            } else {
                route.member.node.call(request, until).await
            };
            let refusal = match &outcome {
                Ok(_) => return outcome,
                Err(RedisError::Server(text)) => Refusal::of(text),
                Err(RedisError::Unavailable { .. }) => {
                    self.doubt();
                    // Nothing was sent: where a replica should have answered, the master can.
                    match self.route(slot, false) {
                        Some(master) if reads && !Rc::ptr_eq(&master, &route.member) => {
                            route = Route::to(master);
                            continue;
                        }
                        _ => return outcome,
                    }
                }
                Err(_) => {
                    self.doubt();
                    return outcome;
                }
            };
            let next = match refusal {
                // Of another slot than the keys have: no server says that, only a script that answers with such a text.
                Some(Refusal::Moved { slot: told, .. } | Refusal::Ask { slot: told, .. }) if slot != Some(told) => {
                    return outcome;
                }
                Some(Refusal::Moved { slot, to: Some(to) }) => {
                    self.doubt();
                    let member = self.masters.at(&to);
                    self.map.borrow_mut().moved(slot, Rc::clone(&member));
                    Some(Route::to(member))
                }
                Some(Refusal::Ask { to: Some(to), .. }) => Some(Route { member: self.masters.at(&to), asking: true }),
                // A replica that is not ready: its master is.
                Some(Refusal::Loading | Refusal::MasterDown) if reads => self.route(slot, false).map(Route::to),
                Some(Refusal::ReadOnly) | None => return outcome,
                Some(_) => None,
            };
            corrections += 1;
            match next {
                Some(next) if corrections <= IMMEDIATE && Instant::now() < until => route = next,
                next => {
                    self.doubt();
                    if !pauses.take(until).await {
                        return outcome;
                    }
                    let Some(next) = next.or_else(|| self.route(slot, false).map(Route::to)) else { return outcome };
                    route = next;
                }
            }
        }
    }

    /// The node to ask for a slot; without a slot any master, a connected one if there is one.
    pub(super) fn route(&self, slot: Option<u16>, reads: bool) -> Option<Rc<Member>> {
        let map = self.map.borrow();
        let member = match slot {
            Some(slot) if reads => map.reader(slot),
            Some(slot) => map.master(slot),
            None => {
                let in_state = |health| {
                    let members: Vec<_> = map.masters().filter(|member| member.node.health() == health).collect();
                    fastrand::choice(members)
                };
                in_state(Health::Up).or_else(|| in_state(Health::Unknown)).or_else(|| map.masters().next())
            }
        };
        member.cloned()
    }
}
