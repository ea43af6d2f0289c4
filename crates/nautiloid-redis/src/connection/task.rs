//! The task of a connection: reads replies, writes what callers left, keeps the deadlines.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use nautiloid_resp::{ProtocolError, ReplyDecoder, Value};
use tokio::io::{AsyncReadExt, AsyncWrite};
use tokio::time::{Instant, Sleep, sleep_until};

use super::{Shared, Stream};
use crate::RedisError;

/// Least room for a read, in bytes, and how much is made when there is less. Replies are slices of the buffer and keep
/// it from being used again, so room comes in large pieces that serve many reads.
const LEAST_ROOM: usize = 4 * 1024;
const READ_CHUNK: usize = 64 * 1024;
/// A buffer that held more bytes than this is not kept: one large value would stay in memory for ever.
const MOST_KEPT: usize = 1024 * 1024;

/// Serves the connection until it breaks or nobody needs it any more.
pub(super) async fn run(stream: Stream, shared: Rc<Shared>) {
    let mut task = Task {
        stream,
        sending: BytesMut::new(),
        sending_was_large: false,
        incoming: BytesMut::new(),
        incoming_was_large: false,
        decoder: ReplyDecoder::new(),
        expired: 0,
        blocked_since: None,
        timer: Box::pin(sleep_until(Instant::now())),
        armed: None,
    };
    let end = poll_fn(|cx| task.poll(cx, &shared)).await;
    close(&shared, end);
}

/// Why the task ends.
enum End {
    /// Every caller is gone.
    Detached,
    /// Nothing was asked for `max_idle_age`.
    Idle,
    /// The connection cannot be used any more.
    Broken(String),
    /// The server took or said nothing for too long.
    Silent,
}

struct Task {
    stream: Stream,
    /// What is being written; callers append to the other buffer meanwhile.
    sending: BytesMut,
    sending_was_large: bool,
    incoming: BytesMut,
    incoming_was_large: bool,
    decoder: ReplyDecoder,
    /// How many at the front of the queue have been told of their deadline; their replies are still to come.
    expired: usize,
    /// Since when the server takes no bytes.
    blocked_since: Option<Instant>,
    timer: Pin<Box<Sleep>>,
    /// The instant the timer is set to.
    armed: Option<Instant>,
}

impl Task {
    fn poll(&mut self, cx: &mut Context<'_>, shared: &Shared) -> Poll<End> {
        // Callers wake this task again for what they append from here on.
        *shared.waker.borrow_mut() = Some(cx.waker().clone());
        // Reading comes first: when the server has hung up, what is to be written can go to another connection.
        if let Err(end) = self.read(cx, shared).and_then(|()| self.write(cx, shared)) {
            return Poll::Ready(end);
        }
        if shared.detached.get() && shared.waiting.borrow().is_empty() {
            return Poll::Ready(End::Detached);
        }
        self.keep_deadlines(cx, shared)
    }

    fn write(&mut self, cx: &mut Context<'_>, shared: &Shared) -> Result<(), End> {
        loop {
            if self.sending.is_empty() {
                if std::mem::take(&mut self.sending_was_large) {
                    self.sending = BytesMut::new();
                }
                let mut outgoing = shared.outgoing.borrow_mut();
                if outgoing.is_empty() {
                    drop(outgoing);
                    return self.flush(cx);
                }
                std::mem::swap(&mut *outgoing, &mut self.sending);
                self.sending_was_large = self.sending.len() > MOST_KEPT;
                if shared.sent() == 0 {
                    shared.asked.set(Instant::now());
                }
                shared.unsent.set(0);
            }
            match Pin::new(&mut self.stream).poll_write(cx, &self.sending) {
                Poll::Ready(Ok(0)) => return Err(End::Broken("the server closed the connection".to_owned())),
                Poll::Ready(Ok(n)) => {
                    self.sending.advance(n);
                    self.blocked_since = None;
                }
                Poll::Ready(Err(error)) => return Err(broken(&error)),
                Poll::Pending => {
                    self.blocked_since.get_or_insert_with(Instant::now);
                    return Ok(());
                }
            }
        }
    }

    /// Sends what the stream itself keeps back, as TLS does when the socket takes no more.
    fn flush(&mut self, cx: &mut Context<'_>) -> Result<(), End> {
        match Pin::new(&mut self.stream).poll_flush(cx) {
            Poll::Ready(Ok(())) => self.blocked_since = None,
            Poll::Ready(Err(error)) => return Err(broken(&error)),
            Poll::Pending => {
                self.blocked_since.get_or_insert_with(Instant::now);
            }
        }
        Ok(())
    }

    fn read(&mut self, cx: &mut Context<'_>, shared: &Shared) -> Result<(), End> {
        loop {
            if self.incoming.capacity() - self.incoming.len() < LEAST_ROOM {
                self.incoming.reserve(READ_CHUNK);
            }
            match pin!(self.stream.read_buf(&mut self.incoming)).poll(cx) {
                Poll::Pending => return Ok(()),
                Poll::Ready(Ok(0)) => return Err(End::Broken("the server closed the connection".to_owned())),
                Poll::Ready(Err(error)) => return Err(broken(&error)),
                Poll::Ready(Ok(_)) => self.deliver(shared)?,
            }
        }
    }

    fn deliver(&mut self, shared: &Shared) -> Result<(), End> {
        shared.heard.set(Instant::now());
        self.incoming_was_large |= self.incoming.len() > MOST_KEPT;
        loop {
            match self.decoder.decode(&mut self.incoming) {
                Ok(None) => {
                    if self.incoming.is_empty() && std::mem::take(&mut self.incoming_was_large) {
                        self.incoming = BytesMut::new();
                    }
                    return Ok(());
                }
                Ok(Some(Value::Push(_))) => {}
                Ok(Some(Value::Error(text))) => self.fulfil(shared, Err(RedisError::Server(text)))?,
                Ok(Some(value)) => self.fulfil(shared, Ok(value))?,
                // A script may answer so; that is no reason to lose the replies of others.
                Err(error @ ProtocolError::TooDeep) => {
                    let (pool, reason) = (shared.limits.pool.clone(), error.to_string().into());
                    self.fulfil(shared, Err(RedisError::Unreadable { pool, reason }))?;
                }
                Err(error) => return Err(End::Broken(format!("the server does not speak Redis' protocol: {error}"))),
            }
        }
    }

    /// Gives a reply to the command that is the next to be answered.
    fn fulfil(&mut self, shared: &Shared, outcome: Result<Value, RedisError>) -> Result<(), End> {
        // Not the reply to a command that is still here: every later one would meet the wrong command, too.
        let waiting = if shared.sent() == 0 { None } else { shared.waiting.borrow_mut().pop_front() };
        let Some(waiting) = waiting else {
            return Err(End::Broken("the server sent a reply that nobody asked for".to_owned()));
        };
        shared.answered.set(true);
        self.expired = self.expired.saturating_sub(1);
        waiting.fulfil.set(outcome);
        Ok(())
    }

    /// Tells callers whose deadline has passed; ready when the connection is to be given up.
    fn keep_deadlines(&mut self, cx: &mut Context<'_>, shared: &Shared) -> Poll<End> {
        loop {
            let reply = shared.waiting.borrow().get(self.expired).map(|waiting| waiting.deadline);
            let write = self.blocked_since.map(|since| since + shared.limits.write_timeout);
            let idle = shared.waiting.borrow().is_empty().then(|| {
                // What was last: a command, or a reply to one.
                shared.heard.get().max(shared.asked.get()) + shared.limits.max_idle_age
            });
            // Those that have been told are still to be answered, and nobody else may come to notice the silence.
            let silence =
                (self.expired > 0).then(|| shared.heard.get().max(shared.asked.get()) + shared.limits.read_timeout);
            let Some(next) = [reply, write, idle, silence].into_iter().flatten().min() else { return Poll::Pending };
            // A timer that is set too early costs one wake-up in a timeout's time; setting it anew costs every command.
            if self.armed.is_none_or(|armed| armed > next) {
                self.timer.as_mut().reset(next);
                self.armed = Some(next);
            }
            ready!(self.timer.as_mut().poll(cx));
            self.armed = None;
            let now = Instant::now();
            if [write, silence].into_iter().flatten().any(|deadline| deadline <= now) {
                return Poll::Ready(End::Silent);
            }
            if idle.is_some_and(|deadline| deadline <= now) {
                return Poll::Ready(End::Idle);
            }
            // A server that has been silent since before the oldest command was sent is not just slow; unless this
            // worker was so busy that the command left late, and the server had little time to answer.
            let timeout_passed = shared.heard.get() + shared.limits.read_timeout <= now;
            let had_time = shared.asked.get() + shared.limits.read_timeout / 2 <= now;
            if reply.is_some_and(|deadline| deadline <= now) && timeout_passed && had_time {
                return Poll::Ready(End::Silent);
            }
            let waiting = shared.waiting.borrow();
            while let Some(late) = waiting.get(self.expired).filter(|waiting| waiting.deadline <= now) {
                late.fulfil.set(Err(timeout(shared)));
                self.expired += 1;
            }
        }
    }
}

fn broken(error: &std::io::Error) -> End {
    End::Broken(format!("the connection broke: {error}"))
}

fn timeout(shared: &Shared) -> RedisError {
    RedisError::Timeout { pool: shared.limits.pool.clone(), after: shared.limits.read_timeout }
}

/// Marks the connection closed and tells everybody who waits, each according to what is known of its command.
fn close(shared: &Shared, end: End) {
    let (reason, silent): (Arc<str>, bool) = match end {
        End::Detached => ("the connection was closed".into(), false),
        End::Idle => ("the connection was closed after max_idle_age".into(), false),
        End::Broken(reason) => (reason.into(), false),
        End::Silent => ("the server stopped answering".into(), true),
    };
    *shared.closed.borrow_mut() = Some(reason.clone());
    let now = Instant::now();
    let pool = &shared.limits.pool;
    let sent = shared.sent();
    let waiting = std::mem::take(&mut *shared.waiting.borrow_mut());
    for (position, waiting) in waiting.into_iter().enumerate() {
        waiting.fulfil.set(Err(if position >= sent {
            RedisError::Unavailable { pool: pool.clone(), reason: reason.clone() }
        } else if silent && waiting.deadline <= now {
            timeout(shared)
        } else {
            RedisError::Lost { pool: pool.clone(), reason: reason.clone() }
        }));
    }
}
