//! The thread that accepts connections, and closes the port when they are to be refused.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::Duration;

use super::link::{Link, carry};
use super::{Fault, Shared};
use crate::ports;

/// Between two attempts to open the port again.
const AGAIN: Duration = Duration::from_millis(5);

/// A listener on a port that clients do not take while it is closed.
pub(super) fn listener() -> anyhow::Result<TcpListener> {
    loop {
        // Taken meanwhile: another one.
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", ports::free()?)) {
            return Ok(listener);
        }
    }
}

/// Makes the thread look at the state when it waits for a connection.
pub(super) fn wake(address: SocketAddr) {
    // If nobody listens, nobody waits.
    let _ = TcpStream::connect(address);
}

/// Accepts connections until the proxy ends.
pub(super) fn run(listener: TcpListener, shared: &Arc<Shared>) {
    let Ok(address) = listener.local_addr() else { return };
    let mut listener = Some(listener);
    loop {
        let mut state = shared.state();
        if state.ended {
            return;
        }
        if !state.listen {
            listener = None;
            state.listens = false;
            shared.changed.notify_all();
            while !state.listen && !state.ended {
                state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            continue;
        }
        let Some(open) = &listener else {
            listener = TcpListener::bind(address).ok();
            state.listens = listener.is_some();
            shared.changed.notify_all();
            drop(state);
            if listener.is_none() {
                thread::sleep(AGAIN);
            }
            continue;
        };
        drop(state);
        match open.accept() {
            Ok((client, _)) => take(client, shared),
            Err(_) => thread::sleep(AGAIN),
        }
    }
}

/// Dials the server, if the fault wants it to be dialled, and starts to carry.
fn take(client: TcpStream, shared: &Arc<Shared>) {
    let (number, fault) = {
        let state = shared.state();
        if state.ended || !state.listen {
            return;
        }
        let number = shared.connections.fetch_add(1, Ordering::Relaxed);
        (number, (state.fault)(number))
    };
    let server = match fault {
        Fault::BlackHole | Fault::HalfOpen => None,
        Fault::Refuse => return,
        // Without a server there is nothing to carry: hanging up is what a client sees then.
        _ => match TcpStream::connect(&shared.server) {
            Ok(server) => Some(server),
            Err(_) => return,
        },
    };
    let mut state = shared.state();
    let link = Arc::new(Link::new(number, client, server, fault));
    // The fault may have changed while the server was dialled.
    if link.enter((state.fault)(number)) {
        state.links.push(Arc::clone(&link));
        drop(state);
        carry(&link, shared);
    }
}
