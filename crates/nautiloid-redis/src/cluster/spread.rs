//! Commands that concern more than one slot: split by slot and joined again, or sent to every master.
//!
//! The parts run side by side, each at most once. There is no way to undo one when another fails, so an error says how
//! many of them have run.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use nautiloid_resp::{Request, Value};
use tokio::time::Instant;

use super::{Cluster, slot};
use crate::RedisError;
use crate::commands::{Access, Join};

impl Cluster {
    /// One command a slot, with the keys of that slot.
    pub(super) async fn call_each_slot(
        &self,
        request: &Request,
        access: Access,
        join: Join,
        until: Instant,
    ) -> Result<Value, RedisError> {
        if let Ok(slot) = self.slot_of(request) {
            return self.call_slot(slot, request, access, until).await;
        }
        let mut by_slot: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
        for (position, key) in request.keys().enumerate() {
            by_slot.entry(slot::of(key)).or_default().push(position);
        }
        let parts = by_slot.iter().map(|(&slot, positions)| async move {
            self.call_slot(Some(slot), &request.with_keys(positions), access, until).await
        });
        let replies = all(join_all(parts).await)?;
        if join != Join::ByKey {
            return self.join(replies, join);
        }
        let mut joined = vec![Value::Nil; request.keys().len()];
        for (positions, reply) in by_slot.into_values().zip(replies) {
            let Value::Array(values) = reply else { return Err(self.unreadable("an array with a value a key")) };
            if values.len() != positions.len() {
                return Err(self.unreadable("an array with a value a key"));
            }
            for (position, value) in positions.into_iter().zip(values) {
                if let Some(place) = joined.get_mut(position) {
                    *place = value;
                }
            }
        }
        Ok(Value::Array(joined))
    }

    /// The same command to every master.
    pub(super) async fn call_masters(
        &self,
        request: &Request,
        join: Join,
        until: Instant,
    ) -> Result<Value, RedisError> {
        let masters: Vec<_> = self.map.borrow().masters().cloned().collect();
        let parts = masters.iter().map(|master| async move {
            let outcome = master.node.call(request, until).await;
            if !matches!(outcome, Ok(_) | Err(RedisError::Server(_))) {
                self.doubt();
            }
            outcome
        });
        let replies = all(join_all(parts).await)?;
        self.join(replies, join)
    }

    fn join(&self, replies: Vec<Value>, join: Join) -> Result<Value, RedisError> {
        match join {
            Join::Sum => {
                let mut sum = 0;
                for reply in replies {
                    let Value::Integer(n) = reply else { return Err(self.unreadable("a number")) };
                    sum += n;
                }
                Ok(Value::Integer(sum))
            }
            Join::Concat => {
                let mut all = Vec::new();
                for reply in replies {
                    let Value::Array(values) = reply else { return Err(self.unreadable("an array")) };
                    all.extend(values);
                }
                Ok(Value::Array(all))
            }
            Join::ByKey | Join::Same => Ok(replies.into_iter().next().unwrap_or(Value::Nil)),
        }
    }

    pub(super) fn unreadable(&self, expected: &str) -> RedisError {
        RedisError::Unreadable {
            pool: self.spec.label(),
            reason: format!("a node answered something else than {expected}").into(),
        }
    }
}

/// The replies of all parts, or the error of the whole.
fn all(outcomes: Vec<Result<Value, RedisError>>) -> Result<Vec<Value>, RedisError> {
    let parts = outcomes.len();
    let (mut replies, mut errors) = (Vec::with_capacity(parts), Vec::new());
    for outcome in outcomes {
        match outcome {
            Ok(reply) => replies.push(reply),
            Err(error) => errors.push(error),
        }
    }
    // The error that leaves most open comes first: that of a part that may have run.
    match errors.into_iter().max_by_key(RedisError::doubt) {
        None => Ok(replies),
        Some(error) if replies.is_empty() => Err(error),
        Some(error) => Err(RedisError::Partly { done: replies.len(), parts, error: Box::new(error) }),
    }
}
