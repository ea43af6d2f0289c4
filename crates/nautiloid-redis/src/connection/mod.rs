//! One multiplexed connection: commands of concurrent requests share writes and reads, in order.
//!
//! It lives in one thread and is built from `Rc` and `RefCell`: no channel, no lock and no boxed future a command. A
//! caller appends its command to the outgoing buffer and wakes the connection's task once; the task runs after the
//! other tasks that are ready, so all they ask in this turn leaves in one write.
//!
//! One timer serves all deadlines, since replies come in the order of the commands and all wait equally long: the
//! first in the queue is the first to expire.

mod dial;
mod reply;
mod setup;
mod stream;
mod task;
#[cfg(test)]
mod tests;
mod tls;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use bytes::BytesMut;
use nautiloid_resp::Request;
use tokio::time::Instant;

pub(crate) use dial::{Peer, Role, dial};
use reply::Fulfil;
pub(crate) use reply::Reply;
pub(crate) use setup::Setup;
pub(crate) use stream::Stream;

use crate::{PoolConfig, RedisError};

/// What a connection needs to know of its pool.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    pub(crate) pool: Arc<str>,
    pub(crate) read_timeout: Duration,
    pub(crate) write_timeout: Duration,
    /// How long the connection may go unused.
    pub(crate) max_idle_age: Duration,
}

impl Limits {
    /// Those of a pool; `label` is what errors call the connection.
    pub(crate) fn new(label: Arc<str>, config: &PoolConfig) -> Self {
        Limits {
            pool: label,
            read_timeout: config.read_timeout,
            write_timeout: config.write_timeout,
            max_idle_age: config.max_idle_age,
        }
    }
}

/// A command that was handed to the connection and not answered yet.
struct Waiting {
    fulfil: Fulfil,
    deadline: Instant,
}

/// What the callers and the connection's task share.
struct Shared {
    limits: Limits,
    outgoing: RefCell<BytesMut>,
    waiting: RefCell<VecDeque<Waiting>>,
    /// How many at the back of the queue are still in `outgoing`: no byte of them can have reached the server.
    unsent: Cell<usize>,
    /// Wakes the task; taken by the first command of a turn, so that the others do not wake it again.
    waker: RefCell<Option<Waker>>,
    /// The task has ended, and why.
    closed: RefCell<Option<Arc<str>>>,
    opened: Instant,
    /// When the server was last heard.
    heard: Cell<Instant>,
    /// When the server was given something to answer, after it had answered all.
    asked: Cell<Instant>,
    /// Whether there was a reply, to any command.
    answered: Cell<bool>,
    /// No caller will come any more: end when the last reply is in.
    detached: Cell<bool>,
}

impl Shared {
    /// How many commands without a reply the server may have seen.
    fn sent(&self) -> usize {
        self.waiting.borrow().len().saturating_sub(self.unsent.get())
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }
}

/// A live connection. Dropping it lets the commands in flight finish.
pub(crate) struct Connection(Rc<Shared>);

impl Connection {
    /// Takes a stream that is set up, and spawns the task that serves it on the current `LocalSet`.
    pub(crate) fn spawn(stream: Stream, limits: Limits) -> Self {
        let now = Instant::now();
        let shared = Rc::new(Shared {
            limits,
            outgoing: RefCell::default(),
            waiting: RefCell::default(),
            unsent: Cell::new(0),
            waker: RefCell::default(),
            closed: RefCell::default(),
            opened: now,
            heard: Cell::new(now),
            asked: Cell::new(now),
            answered: Cell::new(false),
            detached: Cell::new(false),
        });
        tokio::task::spawn_local(task::run(stream, Rc::clone(&shared)));
        Connection(shared)
    }

    /// Hands a command over: it is sent exactly once. The deadline starts now.
    ///
    /// # Errors
    /// The connection is closed, and nothing was sent.
    pub(crate) fn send(&self, request: &Request) -> Result<Reply, RedisError> {
        self.hand_over(request, Instant::now())
    }

    /// Hands several commands over, with nothing in between.
    pub(crate) fn send_all<'r>(&self, requests: impl Iterator<Item = &'r Request>) -> Vec<Result<Reply, RedisError>> {
        let now = Instant::now();
        requests.map(|request| self.hand_over(request, now)).collect()
    }

    /// The same with `ASKING` before it, with nothing in between.
    ///
    /// # Errors
    /// The connection is closed, and nothing was sent.
    pub(crate) fn send_asking(&self, request: &Request) -> Result<Reply, RedisError> {
        // Nobody waits for its reply: only that of the command counts.
        let now = Instant::now();
        drop(self.hand_over(&Request::new("ASKING"), now)?);
        self.hand_over(request, now)
    }

    fn hand_over(&self, request: &Request, now: Instant) -> Result<Reply, RedisError> {
        if let Some(reason) = &*self.0.closed.borrow() {
            return Err(RedisError::Unavailable { pool: self.0.limits.pool.clone(), reason: reason.clone() });
        }
        let (fulfil, reply) = reply::channel(now);
        request.write_to(&mut self.0.outgoing.borrow_mut());
        let deadline = now + self.0.limits.read_timeout;
        self.0.waiting.borrow_mut().push_back(Waiting { fulfil, deadline });
        self.0.unsent.set(self.0.unsent.get() + 1);
        self.0.wake();
        Ok(reply)
    }

    /// Whether the connection can take no more commands.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.closed.borrow().is_some()
    }

    /// Why the connection can take no more commands; `None` while it can.
    pub(crate) fn closed(&self) -> Option<Arc<str>> {
        self.0.closed.borrow().clone()
    }

    /// Whether it has answered nothing and was opened less than `age` ago.
    pub(crate) fn was_useless(&self, age: Duration) -> bool {
        !self.0.answered.get() && self.0.opened.elapsed() < age
    }

    /// Since when it is open.
    pub(crate) fn opened(&self) -> Instant {
        self.0.opened
    }

    /// How long the server has said nothing although it has commands to answer; zero when it has none.
    pub(crate) fn silent_for(&self) -> Duration {
        if self.0.sent() == 0 {
            return Duration::ZERO;
        }
        self.0.heard.get().max(self.0.asked.get()).elapsed()
    }

    /// Number of commands without a reply yet.
    pub(crate) fn in_flight(&self) -> usize {
        self.0.waiting.borrow().len()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.detached.set(true);
        self.0.wake();
    }
}
