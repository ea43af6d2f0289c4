//! The store itself: the one lock around the data, and the ways to reach it.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};
use tokio::net::TcpListener;

use crate::keyspace::Keyspace;
use crate::serve::{self, now};

/// Buffer of an in-memory connection in each direction, in bytes.
const MEMORY_BUFFER: usize = 256 * 1024;

/// How often due keys are looked for, how many are removed at a time, and how long a sweep may take: as in Redis, a
/// quarter of the time at most.
const SWEEP_EVERY: Duration = Duration::from_millis(100);
const SWEEP_STEP: usize = 256;
const SWEEP_TIME: Duration = Duration::from_millis(25);

/// The embedded store. Clones share the data; nothing of it outlives the process.
#[derive(Clone, Default)]
pub struct Store {
    keyspace: Arc<Mutex<Keyspace>>,
}

impl Store {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Serves one connection until the client leaves.
    ///
    /// # Errors
    /// The stream broke.
    pub async fn serve<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S) -> io::Result<()> {
        serve::serve(self, stream).await
    }

    /// An in-memory connection, served by a task on the current `LocalSet`.
    pub fn connect(&self) -> DuplexStream {
        let (client, server) = tokio::io::duplex(MEMORY_BUFFER);
        let store = self.clone();
        tokio::task::spawn_local(async move {
            // It ends when the client's half is dropped; there is nobody to tell of an error.
            let _ = store.serve(server).await;
        });
        client
    }

    /// Serves TCP connections until `shutdown` is ready, each by a task on the current `LocalSet`.
    ///
    /// # Errors
    /// The listener broke.
    pub async fn listen(&self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let mut shutdown = pin!(shutdown);
        loop {
            let (stream, peer) = tokio::select! {
                () = &mut shutdown => return Ok(()),
                accepted = listener.accept() => accepted?,
            };
            stream.set_nodelay(true)?;
            let store = self.clone();
            tokio::task::spawn_local(async move {
                if let Err(error) = store.serve(stream).await {
                    tracing::debug!(%peer, "connection to the embedded store ended: {error}");
                }
            });
        }
    }

    /// Removes keys whose time has come, a little at a time, for ever. Reads never see such keys anyway; this frees
    /// their memory.
    pub async fn sweep_forever(&self) {
        let mut ticks = tokio::time::interval(SWEEP_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let start = Instant::now();
            // The lock is given back between steps.
            while self.lock().sweep(now(), SWEEP_STEP) && start.elapsed() < SWEEP_TIME {
                tokio::task::yield_now().await;
            }
        }
    }

    /// A command that panicked left its reply unsent and its data as it was between two changes: the others go on.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Keyspace> {
        self.keyspace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
