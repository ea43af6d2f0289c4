//! Pipelines and transactions on a master with or without replicas.

use std::rc::Rc;

use nautiloid_resp::Request;
use tokio::time::Instant;

use super::primary::{Primary, read_only};
use crate::batch::{Batched, Outcomes, access_of};
use crate::commands::Access;
use crate::pause::Pauses;
use crate::refusal::Refusal;
use crate::transaction::{self, Executed};
use crate::watch::{self, Watch};
use crate::{Mode, RedisError};

impl Primary {
    /// Sends all commands in one go to the server they belong to: to the master, if one of them needs it.
    ///
    /// What the server refused to run is sent again by itself, in order.
    pub(super) async fn call_all(self: &Rc<Self>, items: &[Batched], until: Instant) -> Outcomes {
        let access = access_of(items);
        let only_reads = self.spec.mode() == Mode::SentinelReplica;
        if only_reads && access == Access::Write {
            return items.iter().map(|_| Err(read_only())).collect();
        }
        let requests: Vec<&Request> = items.iter().map(|item| &item.request).collect();
        self.watch_sentinels();
        if let Some(replicas) = self.replicas.as_ref().filter(|_| only_reads || access == Access::Read)
            && let Some(outcomes) = replicas.call_all(&requests, until).await
        {
            return outcomes;
        }
        let (mut outcomes, connection) = self.master.call_all(&requests, until).await;
        for (request, outcome) in requests.iter().zip(&mut outcomes) {
            let refusal = match &*outcome {
                Err(RedisError::Server(text)) => Refusal::of(text),
                _ => None,
            };
            let again = match (refusal, &connection) {
                (Some(Refusal::Loading), _) => true,
                (Some(Refusal::ReadOnly), Some(connection)) => self.was_demoted(connection),
                _ => false,
            };
            if again {
                *outcome = self.call_master(request, until).await;
            }
        }
        outcomes
    }

    /// Runs the commands as a transaction on the master.
    pub(super) async fn transaction(
        self: &Rc<Self>,
        commands: &[Request],
        until: Instant,
    ) -> Result<Executed, RedisError> {
        if self.spec.mode() == Mode::SentinelReplica {
            return Err(read_only());
        }
        self.watch_sentinels();
        let mut pauses = Pauses::new();
        loop {
            let (outcome, connection) = self.master.transaction(commands, until).await;
            let again = match (transaction::refusal(&outcome), connection) {
                (Some(Refusal::Loading), _) => true,
                (Some(Refusal::ReadOnly), Some(connection)) => self.was_demoted(&connection),
                _ => false,
            };
            if !again || !pauses.take(until).await {
                return outcome;
            }
        }
    }

    /// Begins to watch keys on the master.
    pub(super) async fn watch(self: &Rc<Self>, keys: &[&[u8]], until: Instant) -> Result<Watch, RedisError> {
        if self.spec.mode() == Mode::SentinelReplica {
            return Err(read_only());
        }
        self.watch_sentinels();
        let connection = self.master.exclusive(until).await?;
        Watch::start(connection, &watch::request(keys.iter().copied()), None, &self.spec).await
    }
}
