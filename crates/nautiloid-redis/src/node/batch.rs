//! Several commands on one connection, with nothing of anybody else's between them.

use std::rc::Rc;

use nautiloid_resp::Request;
use tokio::time::Instant;

use super::Node;
use crate::RedisError;
use crate::batch::Outcomes;
use crate::connection::Connection;
use crate::transaction::{self, Executed, Frame};

impl Node {
    /// Hands all requests to one connection, in their order and in one go, and waits for all replies.
    ///
    /// Each is sent at most once: another connection is tried only when no byte of any has left.
    pub(crate) async fn call_all(&self, requests: &[&Request], until: Instant) -> (Outcomes, Option<Rc<Connection>>) {
        loop {
            let connection = match self.connection(until).await {
                Ok(connection) => connection,
                Err(error) => return (requests.iter().map(|_| Err(error.clone())).collect(), None),
            };
            let outcomes = send_all(&connection, requests).await;
            let untouched = outcomes.iter().all(|outcome| matches!(outcome, Err(RedisError::Unavailable { .. })));
            if !untouched || outcomes.is_empty() || Instant::now() >= until {
                return (outcomes, Some(connection));
            }
        }
    }
}

impl Node {
    /// Runs the commands as a transaction, on a shared connection: all of it is handed over in one go, so that nothing of
    /// others comes between.
    pub(crate) async fn transaction(
        &self,
        commands: &[Request],
        until: Instant,
    ) -> (Result<Executed, RedisError>, Option<Rc<Connection>>) {
        // Where `MULTI` is refused, the commands behind it would run all the same: nothing is put behind the first.
        if !self.takes_transactions.get() {
            let (outcome, connection) = self.framed(&[], until).await;
            self.takes_transactions.set(outcome.is_ok());
            if outcome.is_err() || commands.is_empty() {
                return (outcome, connection);
            }
        }
        self.framed(commands, until).await
    }

    async fn framed(
        &self,
        commands: &[Request],
        until: Instant,
    ) -> (Result<Executed, RedisError>, Option<Rc<Connection>>) {
        let frame = Frame::new();
        let (outcomes, connection) = self.call_all(&frame.around(commands), until).await;
        // Everything that is sent behind an `EXEC` that was refused would only be queued.
        if let (true, Some(connection)) = (transaction::is_stuck(&outcomes), &connection) {
            self.retire(connection);
        }
        (transaction::executed(outcomes, self.label()), connection)
    }
}

/// All requests on this connection, and all replies.
pub(super) async fn send_all(connection: &Connection, requests: &[&Request]) -> Outcomes {
    // All are handed over before the first reply is waited for.
    let sent = connection.send_all(requests.iter().copied());
    let mut outcomes = Vec::with_capacity(sent.len());
    for reply in sent {
        outcomes.push(match reply {
            Ok(reply) => reply.await,
            Err(error) => Err(error),
        });
    }
    outcomes
}
