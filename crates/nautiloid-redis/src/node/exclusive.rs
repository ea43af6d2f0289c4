//! Connections that one caller has to himself: what `WATCH` notices belongs to a connection, so it cannot be shared.
//!
//! A few are kept for the next. How many there are at a time is bounded as the others are, by the worker's share of
//! `pool_size`.

use std::rc::Rc;
use std::sync::Arc;

use nautiloid_resp::Request;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};

use super::Node;
use super::batch::send_all;
use crate::RedisError;
use crate::batch::Outcomes;
use crate::connection::Connection;

/// A connection of one caller. Dropped with something watched on it, it is closed, which makes the server forget.
pub(crate) struct Exclusive {
    node: Rc<Node>,
    connection: Option<Connection>,
    /// Whether it may serve another.
    clean: bool,
    /// That of the node when it was opened or taken.
    generation: u64,
    _permit: OwnedSemaphorePermit,
}

impl Node {
    /// A connection for the caller alone.
    ///
    /// # Errors
    /// None could be opened, or all of them are in use, until `until`; or the server takes no transactions.
    pub(crate) async fn exclusive(self: &Rc<Self>, until: Instant) -> Result<Exclusive, RedisError> {
        let unavailable = |reason: &str| RedisError::Unavailable { pool: self.label.clone(), reason: reason.into() };
        if !self.takes_transactions.get() {
            self.transaction(&[], until).await.0?;
        }
        let permit = timeout_at(until, Arc::clone(&self.exclusive).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            return Err(unavailable("all connections for transactions that watch keys are in use (pool_size)"));
        };
        let kept = || self.kept.borrow_mut().pop();
        let connection = loop {
            match kept() {
                Some(connection) if connection.is_closed() => {}
                Some(connection) => break connection,
                None => {
                    let opened = timeout_at(until, self.first.open_another()).await;
                    break opened.map_err(|_| unavailable("no connection in time"))??;
                }
            }
        };
        let generation = self.generation.get();
        Ok(Exclusive { node: Rc::clone(self), connection: Some(connection), clean: false, generation, _permit: permit })
    }

    /// Keeps none of them: they lead to what is no master any more.
    pub(crate) fn forget_kept(&self) {
        self.kept.borrow_mut().clear();
        self.generation.set(self.generation.get() + 1);
    }
}

impl Exclusive {
    pub(crate) fn node(&self) -> &Rc<Node> {
        &self.node
    }

    /// All requests in one go, each at most once.
    pub(crate) async fn call_all(&self, requests: &[&Request]) -> Outcomes {
        match &self.connection {
            Some(connection) => send_all(connection, requests).await,
            None => Vec::new(),
        }
    }

    /// Nothing is watched on it any more: `EXEC` has been answered.
    pub(crate) fn release(mut self) {
        self.clean = true;
    }

    /// Gives up what is watched.
    pub(crate) fn unwatch(mut self) {
        if let Some(connection) = &self.connection {
            // Its reply comes before those of whatever is sent next, and nobody waits for it.
            self.clean = connection.send(&Request::new("UNWATCH")).is_ok();
        }
    }
}

impl Drop for Exclusive {
    fn drop(&mut self) {
        let keep = self.clean && self.generation == self.node.generation.get();
        if let Some(connection) = self.connection.take().filter(|connection| keep && !connection.is_closed()) {
            self.node.kept.borrow_mut().push(connection);
        }
    }
}
