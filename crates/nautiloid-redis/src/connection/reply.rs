//! The place where one caller waits for one reply, within one thread.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use nautiloid_resp::Value;
use tokio::time::Instant;

use crate::RedisError;

type Outcome = Result<Value, RedisError>;

enum State {
    Waiting(Option<Waker>),
    Ready(Outcome),
    Taken,
}

/// The connection's end: fulfilled once. What nobody waits for any more is dropped with it.
pub(super) struct Fulfil(Rc<RefCell<State>>);

/// The caller's end. Dropping it abandons the reply, not the command.
pub(crate) struct Reply {
    state: Rc<RefCell<State>>,
    since: Instant,
}

pub(super) fn channel(since: Instant) -> (Fulfil, Reply) {
    let state = Rc::new(RefCell::new(State::Waiting(None)));
    (Fulfil(Rc::clone(&state)), Reply { state, since })
}

impl Reply {
    /// When the command was handed over.
    pub(crate) fn since(&self) -> Instant {
        self.since
    }
}

impl Fulfil {
    /// Hands the outcome over. Only the first counts: a reply after the deadline finds its caller gone.
    pub(super) fn set(&self, outcome: Outcome) {
        let mut state = self.0.borrow_mut();
        if let State::Waiting(waker) = &mut *state {
            let waker = waker.take();
            *state = State::Ready(outcome);
            drop(state);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}

impl Future for Reply {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let mut state = self.state.borrow_mut();
        match std::mem::replace(&mut *state, State::Taken) {
            State::Ready(outcome) => Poll::Ready(outcome),
            State::Waiting(_) | State::Taken => {
                *state = State::Waiting(Some(cx.waker().clone()));
                Poll::Pending
            }
        }
    }
}
