//! A multiplexed connection with only what the benchmark needs: no errors to recover from, no deadlines.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use anyhow::{Result, bail};
use bytes::{Buf, Bytes, BytesMut};
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;

/// A reply of RESP2.
#[derive(Debug)]
pub(crate) enum Reply {
    /// A status, a string, or an error's text.
    Text(Bytes),
    Integer(i64),
    Array(Vec<Reply>),
}

/// A connection. It belongs to its thread.
pub(crate) struct Redis {
    outgoing: RefCell<BytesMut>,
    waiting: RefCell<VecDeque<Rc<Place>>>,
    /// Wakes the task that writes and reads.
    task: RefCell<Option<Waker>>,
}

/// Where a reply goes.
#[derive(Default)]
struct Place {
    reply: Cell<Option<Reply>>,
    waker: Cell<Option<Waker>>,
}

impl Place {
    async fn reply(&self) -> Reply {
        poll_fn(|context| match self.reply.take() {
            Some(reply) => Poll::Ready(reply),
            None => {
                self.waker.set(Some(context.waker().clone()));
                Poll::Pending
            }
        })
        .await
    }
}

impl Redis {
    pub(crate) async fn connect(port: u16) -> Result<Rc<Self>> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        stream.set_nodelay(true)?;
        let redis =
            Rc::new(Redis { outgoing: RefCell::default(), waiting: RefCell::default(), task: RefCell::default() });
        let task = Rc::clone(&redis);
        tokio::task::spawn_local(async move {
            if let Err(error) = task.run(stream).await {
                eprintln!("bench-limit: {error:#}");
                std::process::exit(1);
            }
        });
        Ok(redis)
    }

    /// Sends one encoded command and gives its reply.
    pub(crate) async fn send(&self, command: &[u8]) -> Reply {
        let place = Rc::new(Place::default());
        self.waiting.borrow_mut().push_back(Rc::clone(&place));
        self.hand_over(command);
        place.reply().await
    }

    /// Sends so many encoded commands at once and gives their replies.
    pub(crate) async fn send_all(&self, commands: &[u8], count: usize) -> Vec<Reply> {
        let places: Vec<Rc<Place>> = (0..count).map(|_| Rc::default()).collect();
        self.waiting.borrow_mut().extend(places.iter().cloned());
        self.hand_over(commands);
        let Some((last, others)) = places.split_last() else { return Vec::new() };
        // Replies come in order: with the last, all are there.
        let last = last.reply().await;
        others.iter().filter_map(|place| place.reply.take()).chain([last]).collect()
    }

    fn hand_over(&self, commands: &[u8]) {
        self.outgoing.borrow_mut().extend_from_slice(commands);
        if let Some(waker) = self.task.borrow_mut().take() {
            waker.wake();
        }
    }

    async fn run(&self, mut stream: TcpStream) -> Result<()> {
        let mut incoming = BytesMut::with_capacity(64 * 1024);
        poll_fn(|context| self.turn(&mut stream, &mut incoming, context)).await
    }

    /// Writes what there is to write and reads what there is to read.
    fn turn(&self, stream: &mut TcpStream, incoming: &mut BytesMut, context: &mut Context<'_>) -> Poll<Result<()>> {
        *self.task.borrow_mut() = Some(context.waker().clone());
        let mut outgoing = self.outgoing.borrow_mut();
        while !outgoing.is_empty() {
            match Pin::new(&mut *stream).poll_write(context, &outgoing) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::Error::from(io::ErrorKind::WriteZero).into())),
                Poll::Ready(Ok(written)) => outgoing.advance(written),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error.into())),
                Poll::Pending => break,
            }
        }
        drop(outgoing);
        loop {
            incoming.reserve(16 * 1024);
            let read = match stream.try_read_buf(incoming) {
                Ok(0) => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                Ok(_) => self.fulfil(incoming),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => match stream.poll_read_ready(context) {
                    Poll::Ready(Ok(())) => continue,
                    Poll::Ready(Err(error)) => Err(error.into()),
                    Poll::Pending => return Poll::Pending,
                },
                Err(error) => Err(error.into()),
            };
            if let Err(error) = read {
                return Poll::Ready(Err(error));
            }
        }
    }

    fn fulfil(&self, incoming: &mut BytesMut) -> Result<()> {
        let mut waiting = self.waiting.borrow_mut();
        loop {
            let mut at = 0;
            let Some(reply) = parse(incoming, &mut at)? else { return Ok(()) };
            incoming.advance(at);
            let Some(place) = waiting.pop_front() else { bail!("a reply to no command") };
            place.reply.set(Some(reply));
            if let Some(waker) = place.waker.take() {
                waker.wake();
            }
        }
    }
}

/// The reply at `at`, which moves behind it; `None` while it is incomplete.
fn parse(buffer: &[u8], at: &mut usize) -> Result<Option<Reply>> {
    let Some(rest) = buffer.get(*at..) else { return Ok(None) };
    let Some(end) = memchr::memchr(b'\n', rest) else { return Ok(None) };
    let (kind, line) = (rest[0], &rest[1..end - 1]);
    *at += end + 1;
    let number = || -> Result<i64> { Ok(std::str::from_utf8(line)?.parse()?) };
    Ok(Some(match kind {
        b'+' | b'-' => Reply::Text(Bytes::copy_from_slice(line)),
        b':' => Reply::Integer(number()?),
        b'$' => {
            let length = usize::try_from(number()?).unwrap_or(0);
            let Some(text) = buffer.get(*at..*at + length) else { return Ok(None) };
            if buffer.len() < *at + length + 2 {
                return Ok(None);
            }
            *at += length + 2;
            Reply::Text(Bytes::copy_from_slice(text))
        }
        b'*' => {
            let mut items = Vec::new();
            for _ in 0..number()? {
                let Some(item) = parse(buffer, at)? else { return Ok(None) };
                items.push(item);
            }
            Reply::Array(items)
        }
        other => bail!("a reply that begins with {other}"),
    }))
}
