//! `SCAN` over all masters with one cursor.
//!
//! The cursor holds the position of a master among all, in the order of their slots, and that master's own cursor. It
//! is one number, since that is what scripts keep. When the masters change in between, keys may come twice or not at
//! all: a cursor means nothing to another server.

use std::rc::Rc;

use nautiloid_resp::{Request, Value};
use tokio::time::Instant;

use super::Cluster;
use crate::{RedisError, scan};

/// Most masters that a cursor can tell apart, which is the most that a cluster is recommended to have.
const MASTERS: u64 = 1024;

impl Cluster {
    /// One step: the next cursor (`0` at the end) and some keys. `options` follow the cursor in the command.
    pub(crate) async fn scan(
        self: &Rc<Self>,
        cursor: u64,
        options: &Request,
        until: Instant,
    ) -> Result<(u64, Vec<Value>), RedisError> {
        self.wait_for_map(until).await?;
        let (index, at_master) = (cursor % MASTERS, cursor / MASTERS);
        let master = usize::try_from(index).ok().and_then(|index| self.map.borrow().masters().nth(index).cloned());
        // There are fewer masters than before.
        let Some(master) = master else { return Ok((0, Vec::new())) };
        let outcome = master.node.call(&scan::request(at_master, options), until).await;
        if matches!(outcome, Err(RedisError::Unavailable { .. } | RedisError::Lost { .. })) {
            self.doubt();
        }
        let (next, keys) = scan::parse(outcome?).ok_or_else(|| self.unreadable("a cursor with keys"))?;
        let masters = self.map.borrow().masters().count() as u64;
        let cursor = match next {
            0 if index + 1 >= masters => 0,
            0 => index + 1,
            next => next.checked_mul(MASTERS).map_or(u64::MAX, |next| next + index),
        };
        Ok((cursor, keys))
    }
}
