//! Transactions that run only if nobody has changed some keys meanwhile: `WATCH`.

use std::sync::Arc;

use nautiloid_resp::Request;

use crate::node::Exclusive;
use crate::refusal::Refusal;
use crate::transaction::{self, Executed, Frame};
use crate::{PoolSpec, RedisError};

/// Keys that are being watched, on a connection for that alone. Dropping it ends the watching.
pub struct Watch {
    connection: Exclusive,
    /// The first key, for the error that names two in different slots; `None` outside clusters.
    key: Option<Vec<u8>>,
    spec: Arc<PoolSpec>,
}

impl Watch {
    /// Sends the `WATCH`; `key` is the first key where all keys have to be in one slot.
    ///
    /// # Errors
    /// The server's own error, or what happened to the connection.
    pub(crate) async fn start(
        connection: Exclusive,
        watch: &Request,
        key: Option<Vec<u8>>,
        spec: &Arc<PoolSpec>,
    ) -> Result<Self, RedisError> {
        match connection.call_all(&[watch]).await.pop() {
            Some(Err(error)) => Err(error),
            _ => Ok(Watch { connection, key, spec: Arc::clone(spec) }),
        }
    }

    /// Runs the commands, unless a watched key was changed since: then `None`, and nothing was run.
    ///
    /// # Errors
    /// As of [`Pool::transaction`](crate::Pool::transaction).
    pub async fn commit(self, commands: &[Request]) -> Result<Executed, RedisError> {
        if let Some(key) = &self.key {
            crate::cluster::same_slot(key, commands.iter().flat_map(Request::keys), &self.spec)?;
        }
        let frame = Frame::new();
        let outcomes = self.connection.call_all(&frame.around(commands)).await;
        let outcome = transaction::executed(outcomes, self.connection.node().label());
        let refusal = transaction::refusal(&outcome);
        if let Some(Refusal::ReadOnly | Refusal::Moved { .. } | Refusal::Ask { .. }) = refusal {
            // The keys are elsewhere now, where nobody watched them: as good as changed.
            self.connection.node().forget_kept();
            return Ok(None);
        }
        if outcome.is_ok() {
            self.connection.release();
        }
        outcome
    }

    /// Ends the watching; nothing is run.
    pub fn abandon(self) {
        self.connection.unwatch();
    }
}

/// A `WATCH` of these keys.
pub(crate) fn request<'a>(keys: impl IntoIterator<Item = &'a [u8]>) -> Request {
    let mut request = Request::new("WATCH");
    for key in keys {
        request.key(key);
    }
    request
}
