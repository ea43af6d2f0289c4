//! One place for a connection: dialled by one task at a time, failing fast in between.
//!
//! A connection that breaks is dropped as a whole and a new one is dialled; nothing is carried over, so a reply can
//! never meet the wrong command. While dialling fails, callers get the last reason at once instead of waiting, and a
//! task in the background goes on trying with growing, jittered pauses.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use nautiloid_store::Store;
use tokio::sync::Notify;

use super::PoolSpec;
use crate::RedisError;
use crate::connection::{Connection, Limits, dial};

/// First pause after a failed attempt.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
/// Longest pause: short, so that a server that is back is found soon; an attempt costs the other side little.
const LONGEST_PAUSE: Duration = Duration::from_millis(160);

enum State {
    /// Nobody has asked yet, or the last connection broke.
    Idle,
    /// The first attempt is under way; callers wait for it, as long as `connect_timeout`.
    Dialling,
    /// Connected.
    Up(Rc<Connection>),
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
    store: Store,
    state: RefCell<State>,
    changed: Notify,
}

impl Slot {
    pub(super) fn new(spec: Arc<PoolSpec>, store: Store) -> Rc<Self> {
        Rc::new(Slot { spec, store, state: RefCell::new(State::Idle), changed: Notify::new() })
    }

    pub(super) fn look(&self) -> Look {
        match &*self.state.borrow() {
            State::Up(connection) if !connection.is_closed() => Look::Up(Rc::clone(connection), connection.in_flight()),
            State::Down(_) => Look::Down,
            State::Up(_) | State::Idle | State::Dialling => Look::Free,
        }
    }

    /// Starts dialling unless that is under way or done. Needs a `LocalSet`.
    pub(super) fn open(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let (next, pause) = match &*state {
            State::Dialling | State::Down(_) => return,
            State::Idle => (State::Dialling, Duration::ZERO),
            State::Up(connection) => match connection.closed() {
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
                State::Up(connection) => return Ok(Rc::clone(connection)),
                State::Down(reason) => {
                    return Err(RedisError::Unavailable { pool: self.spec.label(), reason: reason.clone() });
                }
                State::Idle | State::Dialling => {}
            }
            changed.await;
        }
    }

    fn set(&self, state: State) {
        *self.state.borrow_mut() = state;
        self.changed.notify_waiters();
    }
}

/// Dials after a pause until there is a connection, or until the slot is gone.
async fn keep_dialling(slot: Weak<Slot>, first_pause: Duration) {
    if !first_pause.is_zero() {
        tokio::time::sleep(jittered(first_pause)).await;
    }
    let mut pause = SHORTEST_PAUSE;
    let mut failed = false;
    loop {
        let Some(slot) = slot.upgrade() else { return };
        let spec = &slot.spec;
        match dial(spec.config(), &slot.store).await {
            Ok(stream) => {
                spec.note_up();
                let limits = Limits {
                    pool: spec.label(),
                    read_timeout: spec.config().read_timeout,
                    write_timeout: spec.config().write_timeout,
                };
                slot.set(State::Up(Rc::new(Connection::spawn(stream, limits))));
                return;
            }
            Err(reason) => {
                // The worker that is the last to notice may do so when the first is connected again; what counts is
                // its own first failure.
                if !std::mem::replace(&mut failed, true) {
                    spec.note_down(&reason);
                }
                slot.set(State::Down(reason.into()));
            }
        }
        drop(slot);
        tokio::time::sleep(jittered(pause)).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Half of a pause to one and a half, so that workers do not dial in step.
fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(0.5 + fastrand::f64())
}
