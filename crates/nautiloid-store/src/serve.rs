//! One connection to the store: requests in, replies out.
//!
//! What one read brought is run under one taking of the lock and answered with one write, so pipelining costs little.
//! The lock is never held while the connection waits.

use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::{Bytes, BytesMut};
use nautiloid_resp::{RequestDecoder, Value, encode};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::Store;
use crate::commands::execute;
use crate::context::{Context, Session};

/// Room made for each read, in bytes.
const READ_CHUNK: usize = 16 * 1024;

/// Commands run under one taking of the lock at most, so that a long pipeline does not keep the others out.
const BATCH: usize = 64;

pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(store: &Store, mut stream: S) -> io::Result<()> {
    let mut connection = Connected::new(store);
    let (mut incoming, mut outgoing) = (BytesMut::with_capacity(READ_CHUNK), BytesMut::with_capacity(READ_CHUNK));
    let mut decoder = RequestDecoder::new();
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let broken = loop {
            match decoder.decode(&mut incoming) {
                Ok(Some(args)) if args.is_empty() => {}
                Ok(Some(args)) => {
                    batch.push(args);
                    if batch.len() == BATCH {
                        connection.run(&mut batch, &mut outgoing);
                    }
                }
                Ok(None) => break None,
                Err(problem) => break Some(problem),
            }
        };
        connection.run(&mut batch, &mut outgoing);
        if let Some(problem) = &broken {
            let reply = Value::error(format!("ERR Protocol error: {problem}"));
            encode(&reply, connection.session.version, &mut outgoing);
        }
        if !outgoing.is_empty() {
            stream.write_all_buf(&mut outgoing).await?;
        }
        if connection.session.quit || broken.is_some() {
            return stream.shutdown().await;
        }
        incoming.reserve(READ_CHUNK);
        if stream.read_buf(&mut incoming).await? == 0 {
            return Ok(());
        }
    }
}

/// A connection's session, counted as long as it lives.
struct Connected<'a> {
    store: &'a Store,
    session: Session,
}

impl<'a> Connected<'a> {
    fn new(store: &'a Store) -> Self {
        let id = {
            let mut keyspace = store.lock();
            keyspace.counters.connections += 1;
            keyspace.counters.connected += 1;
            keyspace.counters.connections
        };
        Connected { store, session: Session { id, ..Session::default() } }
    }

    fn run(&mut self, batch: &mut Vec<Vec<Bytes>>, outgoing: &mut BytesMut) {
        if batch.is_empty() {
            return;
        }
        let mut keyspace = self.store.lock();
        for args in batch.drain(..) {
            if self.session.quit {
                break;
            }
            keyspace.counters.commands += 1;
            let mut context = Context { keyspace: &mut keyspace, session: &mut self.session, now: now(), script: None };
            let reply = execute(&mut context, &args);
            encode(&reply, self.session.version, outgoing);
        }
    }
}

impl Drop for Connected<'_> {
    fn drop(&mut self) {
        let mut keyspace = self.store.lock();
        keyspace.counters.connected -= 1;
        Context { keyspace: &mut keyspace, session: &mut self.session, now: now(), script: None }.unwatch();
    }
}

/// Unix time in milliseconds.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
