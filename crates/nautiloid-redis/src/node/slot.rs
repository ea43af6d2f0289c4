//! One place for a connection: dialled by one task at a time, failing fast in between.
//!
//! A connection that breaks is dropped as a whole and a new one is dialled; nothing is carried over, so a reply can
//! never meet the wrong command. While dialling fails, callers get the last reason at once instead of waiting, and a
//! task in the background goes on trying with growing, jittered pauses.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::target::{Opened, Target};
use crate::RedisError;
use crate::config::Address;
use crate::connection::{Connection, Limits};
use crate::pause::{LONGEST_PAUSE, Pauses, jittered};
use crate::spec::PoolSpec;

enum State {
    /// Nobody has asked yet, or the last connection broke.
    Idle,
    /// The first attempt is under way; callers wait for it, as long as `connect_timeout`.
    Dialling,
    /// Connected, to the server that was found where the target does not say it.
    Up(Rc<Connection>, Option<Address>),
    /// The last attempt failed; the background task tries again.
    Down(Arc<str>),
}

/// What a caller finds when it looks at a slot.
pub(super) enum Look {
    /// A connection with its number of commands in flight.
    Up(Rc<Connection>, usize),
    /// Not connected, not known to be unreachable.
    Free,
    /// Known to be unreachable.
    Down,
}

pub(super) struct Slot {
    spec: Arc<PoolSpec>,
    target: Target,
    /// What errors and the log call the server.
    label: Arc<str>,
    state: RefCell<State>,
    changed: Notify,
    /// Whether the log has been told that the server is not used any more: nobody would ever say that it is back.
    given_up: Cell<bool>,
    /// Tells the dialling task that the server may be found elsewhere now.
    dial_now: Rc<Notify>,
}

impl Slot {
    pub(super) fn new(spec: Arc<PoolSpec>, target: Target, label: Arc<str>) -> Rc<Self> {
        let state = RefCell::new(State::Idle);
        let given_up = Cell::new(false);
        Rc::new(Slot { spec, target, label, state, changed: Notify::new(), given_up, dial_now: Rc::default() })
    }

    pub(super) fn look(&self) -> Look {
        match &*self.state.borrow() {
            State::Up(connection, _) if !connection.is_closed() => {
                Look::Up(Rc::clone(connection), connection.in_flight())
            }
            State::Down(_) => Look::Down,
            State::Up(..) | State::Idle | State::Dialling => Look::Free,
        }
    }

    /// Starts dialling unless that is under way or done. Needs a `LocalSet`.
    pub(super) fn open(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let (next, pause) = match &*state {
            State::Dialling | State::Down(_) => return,
            State::Idle => (State::Dialling, Duration::ZERO),
            State::Up(connection, _) => match connection.closed() {
                None => return,
                // A server that greets and hangs up is as good as none; dialling it anew at once would never end.
                Some(reason) if connection.was_useless(LONGEST_PAUSE) => (State::Down(reason), LONGEST_PAUSE),
                Some(_) => (State::Dialling, Duration::ZERO),
            },
        };
        *state = next;
        tokio::task::spawn_local(keep_dialling(Rc::downgrade(self), pause));
    }

    /// The slot's connection, dialled if there is none.
    pub(super) async fn acquire(self: &Rc<Self>) -> Result<Rc<Connection>, RedisError> {
        loop {
            self.open();
            let changed = self.changed.notified();
            match &*self.state.borrow() {
                State::Up(connection, _) => return Ok(Rc::clone(connection)),
                State::Down(reason) => {
                    return Err(RedisError::Unavailable { pool: self.label.clone(), reason: reason.clone() });
                }
                State::Idle | State::Dialling => {}
            }
            changed.await;
        }
    }

    /// A connection that is not the slot's, opened now; fails at once while the server is known to be unreachable.
    pub(super) async fn open_another(&self) -> Result<Connection, RedisError> {
        let unavailable = |reason| RedisError::Unavailable { pool: self.label.clone(), reason };
        if let State::Down(reason) = &*self.state.borrow() {
            return Err(unavailable(Arc::clone(reason)));
        }
        match self.target.open(self.spec.servers()).await {
            Ok(opened) => Ok(self.spawn(opened).0),
            Err(reason) => Err(unavailable(reason.into())),
        }
    }

    /// Gives the connection up if `condition` holds for it and the server it was found at. Commands in flight on it are
    /// still answered. Whether it was given up.
    pub(super) fn retire(&self, condition: impl Fn(&Rc<Connection>, Option<&Address>) -> bool) -> bool {
        let mut state = self.state.borrow_mut();
        let retired = matches!(&*state, State::Up(connection, found) if condition(connection, found.as_ref()));
        if retired {
            *state = State::Idle;
        }
        retired
    }

    /// Only calls that are on their way use it from here on.
    pub(super) fn give_up(&self) {
        self.given_up.set(true);
    }

    /// Starts an attempt under way anew, and ends a pause between attempts.
    pub(super) fn dial_now(&self) {
        self.dial_now.notify_waiters();
    }

    /// Where the server was found; `None` without a connection.
    pub(super) fn found(&self) -> Option<Address> {
        match &*self.state.borrow() {
            State::Up(connection, found) if !connection.is_closed() => found.clone(),
            _ => None,
        }
    }

    fn set(&self, state: State) {
        *self.state.borrow_mut() = state;
        self.changed.notify_waiters();
    }

    fn connected(&self, opened: Opened) {
        self.spec.note_up(&self.label);
        let (connection, found) = self.spawn(opened);
        self.set(State::Up(Rc::new(connection), found));
    }

    fn spawn(&self, opened: Opened) -> (Connection, Option<Address>) {
        let label = opened.found.as_ref().map_or_else(|| self.label.clone(), |server| self.spec.label_of(server));
        let limits = Limits::new(label, self.spec.config());
        (Connection::spawn(opened.stream, limits), opened.found)
    }
}

/// Dials after a pause until there is a connection, or until the slot is gone.
async fn keep_dialling(slot: Weak<Slot>, first_pause: Duration) {
    if !first_pause.is_zero() {
        tokio::time::sleep(jittered(first_pause)).await;
    }
    let mut pauses = Pauses::new();
    let mut failed = false;
    loop {
        let Some(this) = slot.upgrade() else { return };
        let outcome = tokio::select! {
            outcome = this.target.open(this.spec.servers()) => outcome,
            () = this.dial_now.notified() => continue,
        };
        match outcome {
            Ok(opened) => return this.connected(opened),
            Err(reason) => {
                // The worker that is the last to notice may do so when the first is connected again; what counts is
                // its own first failure.
                if !std::mem::replace(&mut failed, true) && !this.given_up.get() {
                    this.spec.note_down(&this.label, &reason);
                }
                this.set(State::Down(reason.into()));
            }
        }
        // Nothing holds the slot while it waits, so that one nobody needs any more can go.
        let dial_now = Rc::clone(&this.dial_now);
        drop(this);
        tokio::select! {
            () = tokio::time::sleep(pauses.next()) => {}
            () = dial_now.notified() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tokio::task::{LocalSet, yield_now};

    use super::*;
    use crate::PoolConfig;
    use crate::connection::{Peer, Role};

    #[tokio::test(start_paused = true)]
    async fn a_server_that_is_given_up_while_it_is_dialled_does_not_stay_down() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address: Address = silent.local_addr().unwrap().to_string().parse().unwrap();
        let config = PoolConfig { address: Some(address.clone()), ..PoolConfig::default() };
        let patience = config.connect_timeout;
        let spec = Arc::new(PoolSpec::new("p", config, Path::new("")).unwrap());
        let dial = async {
            let slot = Slot::new(Arc::clone(&spec), Target::Peer(Peer::Server(address), Role::Any), spec.label());
            slot.open();
            yield_now().await;
            // A call that waits for it may still hold it.
            slot.give_up();
            tokio::time::sleep(patience * 2).await;
        };
        LocalSet::new().run_until(dial).await;
        assert_eq!(spec.down(), [] as [Arc<str>; 0]);
    }
}
