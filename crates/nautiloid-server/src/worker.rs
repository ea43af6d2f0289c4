//! A worker: one thread with a runtime, a Lua VM, Redis connections and its share of the clients.

use std::net::{SocketAddr, TcpStream};
use std::rc::Rc;
use std::sync::Arc;
use std::thread;

use nautiloid_redis::Client;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinSet;

use crate::ServeError;
use crate::connection;
use crate::runtime::{SCRIPT_STACK, runtime};
use crate::site::Site;
use crate::workbench::Workbench;

/// The handle of a worker. Dropping `connections` makes it finish its requests and end.
pub(crate) struct Worker {
    pub(crate) connections: UnboundedSender<(TcpStream, SocketAddr)>,
    stopped: oneshot::Receiver<()>,
}

impl Worker {
    /// Starts a worker and waits until it can serve.
    pub(crate) async fn start(index: usize, site: Arc<Site>) -> Result<Worker, ServeError> {
        let (connections, receiver) = unbounded_channel();
        let (ready, is_ready) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        thread::Builder::new()
            .name(format!("worker-{index}"))
            .stack_size(SCRIPT_STACK)
            .spawn(move || {
                work(site, receiver, ready);
                drop(stop);
            })
            .map_err(|error| ServeError::Worker(error.to_string()))?;
        is_ready.await.map_err(|_| ServeError::WorkerDied)??;
        Ok(Worker { connections, stopped })
    }

    /// Tells the worker to take no more connections and to finish its requests; the result is ready when it has ended.
    pub(crate) fn stop(self) -> oneshot::Receiver<()> {
        self.stopped
    }
}

type Ready = oneshot::Sender<Result<(), ServeError>>;

fn work(site: Arc<Site>, receiver: UnboundedReceiver<(TcpStream, SocketAddr)>, ready: Ready) {
    let outcome = runtime().map_err(|error| ServeError::Worker(error.to_string())).and_then(|runtime| {
        let client = Client::new(Arc::clone(&site.registry));
        let bench = Workbench::new(site, Rc::clone(&client))?;
        Ok((runtime, client, bench))
    });
    match outcome {
        Ok((runtime, client, bench)) => {
            // It fails when the start was given up; then `receiver` is closed, too.
            let _ = ready.send(Ok(()));
            runtime.block_on(async {
                client.open_ahead();
                serve(Rc::new(bench), receiver).await;
            });
        }
        Err(error) => {
            let _ = ready.send(Err(error));
        }
    }
}

/// Serves connections until no more come and those that came are done.
async fn serve(bench: Rc<Workbench>, mut receiver: UnboundedReceiver<(TcpStream, SocketAddr)>) {
    let stop = Arc::new(Notify::new());
    let mut open = JoinSet::new();
    loop {
        let received = tokio::select! {
            received = receiver.recv() => received,
            Some(ended) = open.join_next() => {
                note_panic(ended);
                continue;
            }
        };
        let Some((stream, peer)) = received else { break };
        // Made here and not by the task: a stop between the task's making and its first run must reach it.
        let stopped = Arc::clone(&stop).notified_owned();
        open.spawn_local(connection::serve(Rc::clone(&bench), stream, peer, stopped));
    }
    stop.notify_waiters();
    while let Some(ended) = open.join_next().await {
        note_panic(ended);
    }
}

/// A panic is a fault of this program. It costs one connection, and must not go unseen.
fn note_panic(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection's task panicked");
    }
}
