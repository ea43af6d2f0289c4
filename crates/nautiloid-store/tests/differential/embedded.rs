//! The embedded store, served over TCP by a thread of its own.

use std::net::SocketAddr;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use nautiloid_store::Store;
use testkit::Connection;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::LocalSet;

/// A store that listens on a free port until it is dropped.
pub(crate) struct Embedded {
    address: SocketAddr,
    shutdown: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Embedded {
    pub(crate) fn start() -> Self {
        Self::serve(true)
    }

    /// One that removes a key whose time has come only when a command looks at it.
    pub(crate) fn start_without_sweep() -> Self {
        Self::serve(false)
    }

    fn serve(swept: bool) -> Self {
        let (shutdown, told) = oneshot::channel::<()>();
        let (address_to, address_from) = mpsc::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            LocalSet::new().block_on(&runtime, async move {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
                address_to.send(listener.local_addr().unwrap()).unwrap();
                let store = Store::new();
                if swept {
                    let sweeper = store.clone();
                    tokio::task::spawn_local(async move { sweeper.sweep_forever().await });
                }
                let dropped = async {
                    // It ends one way only: the sender goes.
                    let _ = told.await;
                };
                store.listen(listener, dropped).await.unwrap();
            });
        });
        let address = address_from.recv().unwrap();
        Embedded { address, shutdown: Some(shutdown), thread: Some(thread) }
    }

    pub(crate) fn address(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection::open(&self.address()).unwrap()
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        drop(self.shutdown.take());
        let ended = self.thread.take().map(JoinHandle::join);
        if !thread::panicking() {
            assert!(matches!(ended, Some(Ok(()))), "the thread of the store panicked");
        }
    }
}
