//! The one socket that listens, and the hand-over of its connections to the workers.
//!
//! One acceptor rather than a socket for each worker: the kernel would spread connections over such sockets by a hash,
//! which with a few dozen keep-alive connections leaves one worker with twice the load of another. Round robin is even.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

use crate::ServeError;
use crate::worker::Worker;

/// Connections that the kernel keeps until they are accepted.
const BACKLOG: i32 = 1024;

/// Wait after a failed accept: most likely the process is out of file descriptors until some connection ends.
const RETRY: Duration = Duration::from_millis(100);

/// An address that is reserved for this process, while nobody can connect to it yet.
pub(crate) struct Reserved {
    socket: Socket,
    address: SocketAddr,
}

impl Reserved {
    /// Binds the address, so that a mistake in it shows before any script runs.
    pub(crate) fn new(address: SocketAddr) -> Result<Self, ServeError> {
        let bind = || -> io::Result<Socket> {
            let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
            socket.set_reuse_address(true)?;
            socket.set_nonblocking(true)?;
            socket.bind(&address.into())?;
            Ok(socket)
        };
        Ok(Reserved { socket: bind().map_err(|source| ServeError::Listen { address, source })?, address })
    }

    /// Opens the address to clients.
    pub(crate) fn listen(self) -> Result<TcpListener, ServeError> {
        let Reserved { socket, address } = self;
        socket
            .listen(BACKLOG)
            .and_then(|()| TcpListener::from_std(socket.into()))
            .map_err(|source| ServeError::Listen { address, source })
    }
}

/// Accepts connections and hands them to the workers in turn; returns only when a worker has died.
pub(crate) async fn accept(listener: &TcpListener, workers: &[Worker]) -> ServeError {
    let mut failing = false;
    for worker in workers.iter().cycle() {
        let (stream, peer) = loop {
            match listener.accept().await {
                Ok(connection) => break connection,
                Err(error) => {
                    if !std::mem::replace(&mut failing, true) {
                        tracing::error!(%error, "cannot accept connections; trying again");
                    }
                    tokio::time::sleep(RETRY).await;
                }
            }
        };
        failing = false;
        // Fails only for a connection that is gone already.
        let Ok(stream) = stream.set_nodelay(true).and_then(|()| stream.into_std()) else { continue };
        if worker.connections.send((stream, peer)).is_err() {
            return ServeError::WorkerDied;
        }
    }
    ServeError::WorkerDied
}
