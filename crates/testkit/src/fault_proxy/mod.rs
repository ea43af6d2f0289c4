//! A network between a client and a server that fails as it is told.
//!
//! ```no_run
//! # fn main() -> anyhow::Result<()> {
//! use std::time::Duration;
//! use testkit::{At, Fault, FaultProxy, RedisServer, Way};
//!
//! let redis = RedisServer::start()?;
//! let proxy = FaultProxy::start(&redis.address())?; // passes everything
//! // … the client is given proxy.address() …
//! proxy.set(Fault::Delay(Duration::from_millis(20)));
//! proxy.set(Fault::Cut(Way::Replies, At::Byte(100))); // each connection, 100 bytes from now
//! proxy.set(Fault::SwallowReplies);
//! proxy.set(Fault::Pass);
//! // Another fault for each connection, by its number.
//! proxy.set_each(|number| if number == 0 { Fault::BlackHole } else { Fault::Pass });
//! # Ok(()) }
//! ```
//!
//! A fault holds from [`set`](FaultProxy::set) to the next, for the connections there are and for new ones. What TCP
//! would never do does not happen: a connection that has lost bytes carries none later; it is closed when the fault is
//! lifted.

mod fault;
mod link;
mod listening;

pub use self::fault::{At, Fault, Way};

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use self::link::Link;

/// A running proxy; it hangs up when dropped.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

/// What the threads of a proxy share.
#[derive(Debug)]
struct Shared {
    /// Where connections are carried to.
    server: String,
    state: Mutex<State>,
    /// Signalled when the state changes.
    changed: Condvar,
    connections: AtomicUsize,
    cuts: AtomicUsize,
    dropped: AtomicUsize,
}

struct State {
    /// How often the fault has been set.
    generation: usize,
    fault: Arc<dyn Fn(usize) -> Fault + Send + Sync>,
    links: Vec<Arc<Link>>,
    /// Whether connections shall be accepted, and whether they are.
    listen: bool,
    listens: bool,
    ended: bool,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("generation", &self.generation)
            .field("links", &self.links)
            .finish_non_exhaustive()
    }
}

impl FaultProxy {
    /// Starts one on a free port that carries everything to `server`, `host:port`. The server need not run yet: until
    /// it does, clients are hung up on.
    ///
    /// # Errors
    /// No port is free.
    pub fn start(server: &str) -> anyhow::Result<Self> {
        let listener = listening::listener()?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            server: server.to_owned(),
            state: Mutex::new(State {
                generation: 0,
                fault: Arc::new(|_| Fault::Pass),
                links: Vec::new(),
                listen: true,
                listens: true,
                ended: false,
            }),
            changed: Condvar::new(),
            connections: AtomicUsize::new(0),
            cuts: AtomicUsize::new(0),
            dropped: AtomicUsize::new(0),
        });
        let of_thread = Arc::clone(&shared);
        let listening = Some(thread::spawn(move || listening::run(listener, &of_thread)));
        Ok(FaultProxy { address, shared, listening })
    }

    /// `127.0.0.1:port`, for the client.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// The port of [`address`](Self::address).
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Treats all connections alike from now on.
    pub fn set(&self, fault: Fault) {
        self.change(Arc::new(move |_| fault), fault != Fault::Refuse);
    }

    /// Treats each connection by its number, the first being 0, from now on. [`Fault::Refuse`] hangs up here.
    pub fn set_each(&self, fault: impl Fn(usize) -> Fault + Send + Sync + 'static) {
        self.change(Arc::new(fault), true);
    }

    fn change(&self, fault: Arc<dyn Fn(usize) -> Fault + Send + Sync>, listen: bool) {
        let mut state = self.shared.state();
        state.generation += 1;
        state.fault = fault;
        state.listen = listen;
        let links = std::mem::take(&mut state.links);
        state.links = links.into_iter().filter(|link| link.enter((state.fault)(link.number))).collect();
        // A test goes on when the port is closed or open, not when it is about to be.
        if state.listens != listen {
            self.shared.changed.notify_all();
            if !listen {
                listening::wake(self.address);
            }
            while state.listens != listen {
                state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    /// Hangs up on all connections there are; new ones are treated as before.
    pub fn close_connections(&self) {
        for link in std::mem::take(&mut self.shared.state().links) {
            link.hang_up();
        }
    }

    /// How many connections it has accepted.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// How many connections a [`Fault::Cut`] has ended.
    pub fn cuts(&self) -> usize {
        self.shared.cuts.load(Ordering::Relaxed)
    }

    /// How many bytes [`Fault::SwallowReplies`] and [`Fault::BlackHole`] have dropped.
    pub fn dropped(&self) -> usize {
        self.shared.dropped.load(Ordering::Relaxed)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.shared.state().ended = true;
        self.shared.changed.notify_all();
        listening::wake(self.address);
        self.close_connections();
        if let Some(listening) = self.listening.take() {
            // It has nothing to return, and a panic of it has been printed.
            let _ = listening.join();
        }
        // The last one may have been accepted meanwhile.
        self.close_connections();
    }
}

impl Shared {
    /// A test that fails while it holds the lock must still be able to end.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
