//! Finding a master and its replicas by asking the Sentinels that watch over it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use crate::config::Address;
use crate::connection::{Setup, Stream};
use crate::pool::Primary;
use crate::spec::PoolSpec;

/// One worker's knowledge of a pool's Sentinels.
pub(crate) struct Sentinels {
    spec: Arc<PoolSpec>,
    setup: Arc<Setup>,
    /// Those of the configuration, and those that they know of.
    known: RefCell<Vec<Address>>,
    watching: Cell<bool>,
}

impl Sentinels {
    pub(crate) fn new(spec: &Arc<PoolSpec>) -> Rc<Self> {
        let config = spec.config();
        Rc::new(Sentinels {
            spec: Arc::clone(spec),
            setup: Arc::clone(spec.sentinels()),
            known: RefCell::new(config.addresses.clone()),
            watching: Cell::new(false),
        })
    }

    /// Opens a connection to the master that the Sentinels name, within `connect_timeout`.
    pub(crate) async fn open_master(&self) -> Result<(Stream, Address), String> {
        Err(format!("cannot ask the Sentinels {:?} of {} yet ({:?})", self.known.borrow(), self.spec, self.setup))
    }

    /// Listens to the Sentinels and tells `primary` what they say, from the first call on. Needs a `LocalSet`.
    pub(crate) fn watch(&self, _primary: &Rc<Primary>) {
        self.watching.set(true);
    }
}
