//! Pipelines and transactions on a master with or without replicas.

use std::rc::Rc;

use nautiloid_resp::Request;
use tokio::time::Instant;

use super::primary::{Primary, is_for_replicas, is_read_only, read_only};
use crate::batch::{Batched, Outcomes, access_of, overtaken};
use crate::commands::Access;
use crate::pause::Pauses;
use crate::refusal::Refusal;
use crate::transaction::{self, Executed};
use crate::watch::{self, Watch};
use crate::{Mode, RedisError};

impl Primary {
    /// Sends all commands in one go to the server they belong to: to the master, if one of them needs it.
    ///
    /// What the server refused to run is sent again by itself, in order, unless a later command has written to its key.
    pub(super) async fn call_all(self: &Rc<Self>, items: &[Batched], until: Instant) -> Outcomes {
        let access = access_of(items);
        let only_reads = self.spec.mode() == Mode::SentinelReplica;
        if only_reads && access == Access::Write {
            return items.iter().map(|_| Err(read_only())).collect();
        }
        let requests: Vec<&Request> = items.iter().map(|item| &item.request).collect();
        self.watch_sentinels();
        if let Some(replicas) = self.replicas.as_ref().filter(|_| is_for_replicas(access, only_reads))
            && let Some(outcomes) = replicas.call_all(&requests, until).await
        {
            return outcomes;
        }
        let (mut outcomes, connection) = self.master.call_all(&requests, until).await;
        let overtaken = overtaken(items.iter().zip(&outcomes));
        for ((request, outcome), overtaken) in requests.iter().zip(&mut outcomes).zip(overtaken) {
            let refusal = match &*outcome {
                Err(RedisError::Server(text)) => Refusal::of(text),
                _ => None,
            };
            let again = match (refusal, &connection) {
                (Some(Refusal::Loading), _) => true,
                (Some(Refusal::ReadOnly), Some(connection)) => self.was_demoted(connection),
                // A script that met the refusal half way: it may not run again, the others need another server.
                (None, Some(connection)) if is_read_only(outcome) => {
                    self.was_demoted(connection);
                    false
                }
                _ => false,
            };
            if again && !overtaken {
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
        let (request, mut pauses) = (watch::request(keys.iter().copied()), Pauses::new());
        loop {
            let connection = self.master.exclusive(until).await?;
            let outcome = Watch::start(connection, &request, None, &self.spec).await;
            // Watching runs nothing, so it may be tried again whatever became of it.
            let again = match &outcome {
                Err(RedisError::Server(text)) => Refusal::of(text) == Some(Refusal::Loading),
                Err(RedisError::Unavailable { .. } | RedisError::Lost { .. }) => {
                    self.master.forget_kept();
                    true
                }
                _ => false,
            };
            if !again || !pauses.take(until).await {
                return outcome;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use bytes::{Bytes, BytesMut};
    use nautiloid_resp::{RequestDecoder, Value};
    use nautiloid_store::Store;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::task::{LocalSet, spawn_local};

    use super::*;
    use crate::commands::Spread;
    use crate::{Pool, PoolConfig, PoolSpec};

    const LOADING: &str = "LOADING Redis is loading the dataset in memory";

    /// A server that has loaded its data when the first `SET` has been refused.
    async fn serve(mut stream: TcpStream) {
        let (mut decoder, mut buffer, mut sets) = (RequestDecoder::new(), BytesMut::new(), 0);
        loop {
            while let Some(request) = decoder.decode(&mut buffer).unwrap() {
                let reply = match request.first().map(Bytes::as_ref) {
                    Some(b"PING") => "+PONG\r\n".to_owned(),
                    Some(b"SET") if sets == 0 => format!("-{LOADING}\r\n"),
                    Some(b"SET") => format!(":{sets}\r\n"),
                    _ => "-ERR unknown command\r\n".to_owned(),
                };
                sets += i32::from(request.len() == 3);
                stream.write_all(reply.as_bytes()).await.unwrap();
            }
            if stream.read_buf(&mut buffer).await.unwrap() == 0 {
                return;
            }
        }
    }

    /// A pipeline of two commands on such a server.
    async fn pipeline(keys: [&[u8]; 2]) -> Outcomes {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string().parse().unwrap();
        let config = PoolConfig { address: Some(address), ..PoolConfig::default() };
        let pool = Pool::new(Arc::new(PoolSpec::new("p", config, Path::new("")).unwrap()), &Store::default(), 1);
        let items = keys.map(|key| {
            let mut request = Request::new("SET");
            request.key(key).arg(b"v");
            Batched { request, access: Access::Write, spread: Spread::OneSlot }
        });
        let calls = async {
            spawn_local(async move { serve(listener.accept().await.unwrap().0).await });
            pool.pipeline(&items).await
        };
        LocalSet::new().run_until(calls).await
    }

    #[tokio::test]
    async fn a_refused_command_comes_after_none_that_was_behind_it() {
        let refused = Err(RedisError::Server(LOADING.into()));
        assert_eq!(pipeline([b"k", b"k"]).await, [refused, Ok(Value::Integer(1))]);
        assert_eq!(pipeline([b"k", b"l"]).await, [Ok(Value::Integer(2)), Ok(Value::Integer(1))]);
    }
}
