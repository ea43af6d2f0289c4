//! What the slots of a node dial: a server that is known, or one that has to be found anew each time.

use std::rc::Rc;

use crate::config::Address;
use crate::connection::{Peer, Role, Setup, Stream, dial};
use crate::sentinel::Sentinels;

/// What to dial.
#[derive(Clone)]
pub(crate) enum Target {
    /// The embedded store, or a server at a known address.
    Peer(Peer, Role),
    /// The master that the Sentinels name at that moment.
    Master(Rc<Sentinels>),
}

/// A connection that is set up.
pub(crate) struct Opened {
    pub(crate) stream: Stream,
    /// The server that was found; `None` when the target itself says it.
    pub(crate) found: Option<Address>,
}

impl Target {
    /// Opens a connection, within the set-up's `connect_timeout`. The reason of a failure is for people.
    pub(super) async fn open(&self, setup: &Setup) -> Result<Opened, String> {
        match self {
            Target::Peer(peer, role) => Ok(Opened { stream: dial(peer, setup, *role).await?, found: None }),
            Target::Master(sentinels) => {
                let (stream, address) = sentinels.open_master().await?;
                Ok(Opened { stream, found: Some(address) })
            }
        }
    }
}
