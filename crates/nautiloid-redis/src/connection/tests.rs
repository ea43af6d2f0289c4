//! What a connection does on a server that is slow, silent, or in pieces, on a clock that stands still until all wait.

use std::future::Future;
use std::time::Duration;

use nautiloid_resp::{RequestDecoder, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::{LocalSet, spawn_local, yield_now};
use tokio::time::{Instant, advance, sleep};

use super::*;

const READ: Duration = Duration::from_millis(500);
const WRITE: Duration = Duration::from_millis(200);
const IDLE: Duration = Duration::from_secs(60);

/// A connection with its server, between which this many bytes fit.
fn connected(room: usize) -> (Connection, Server) {
    let (ours, stream) = tokio::io::duplex(room);
    let limits = Limits { pool: "pool".into(), read_timeout: READ, write_timeout: WRITE, max_idle_age: IDLE };
    let server = Server { stream, decoder: RequestDecoder::new(), buffer: BytesMut::new() };
    (Connection::spawn(Stream::Memory(ours), limits), server)
}

/// Runs a test where tasks may be spawned.
async fn local(test: impl Future<Output = ()>) {
    LocalSet::new().run_until(test).await;
}

struct Server {
    stream: DuplexStream,
    decoder: RequestDecoder,
    buffer: BytesMut,
}

impl Server {
    /// The argument of the next `ECHO`; `None` when the connection was closed.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(request) = self.decoder.decode(&mut self.buffer).unwrap() {
                return Some(String::from_utf8(request.last().unwrap().to_vec()).unwrap());
            }
            if self.stream.read_buf(&mut self.buffer).await.unwrap() == 0 {
                return None;
            }
        }
    }

    async fn answer(&mut self, text: &str) {
        self.stream.write_all(format!("+{text}\r\n").as_bytes()).await.unwrap();
    }

    /// Answers until the connection is closed, and gives the number of requests.
    async fn answer_all(mut self) -> usize {
        let mut number = 0;
        while let Some(text) = self.next().await {
            self.answer(&text).await;
            number += 1;
        }
        number
    }
}

fn echo(connection: &Connection, text: &str) -> Reply {
    let mut request = Request::new("ECHO");
    request.arg(text.as_bytes());
    connection.send(&request).unwrap()
}

fn status(text: &str) -> Result<Value, RedisError> {
    Ok(Value::Status(text.to_owned().into()))
}

fn timeout() -> Result<Value, RedisError> {
    Err(RedisError::Timeout { pool: "pool".into(), after: READ })
}

fn lost(reason: &str) -> Result<Value, RedisError> {
    Err(RedisError::Lost { pool: "pool".into(), reason: reason.into() })
}

fn unavailable(reason: &str) -> Result<Value, RedisError> {
    Err(RedisError::Unavailable { pool: "pool".into(), reason: reason.into() })
}

#[tokio::test(start_paused = true)]
async fn a_reply_after_its_deadline_meets_no_other_command() {
    local(async {
        let (connection, mut server) = connected(1024);
        let start = Instant::now();
        let a = echo(&connection, "a");
        assert_eq!(server.next().await.unwrap(), "a");
        sleep(READ / 2).await;
        let (b, c) = (echo(&connection, "b"), echo(&connection, "c"));
        // The server is heard after `b` and `c` were sent: it is slow, and not gone.
        sleep(READ / 4).await;
        server.answer("a").await;
        assert_eq!(a.await, status("a"));
        assert_eq!((b.await, c.await), (timeout(), timeout()));
        assert!(start.elapsed() >= READ + READ / 2 && start.elapsed() < READ * 2, "{:?}", start.elapsed());
        assert_eq!(connection.in_flight(), 2);

        let d = echo(&connection, "d");
        for text in ["b", "c", "d"] {
            assert_eq!(server.next().await.unwrap(), text);
            server.answer(text).await;
        }
        assert_eq!(d.await, status("d"));
        assert_eq!(connection.in_flight(), 0);
        // The next deadlines count from the right place.
        let e = echo(&connection, "e");
        let asked = Instant::now();
        sleep(READ / 2).await;
        let f = echo(&connection, "f");
        sleep(READ / 4).await;
        server.answer("e").await;
        assert_eq!((e.await, asked.elapsed()), (status("e"), READ * 3 / 4));
        server.answer("f").await;
        assert_eq!(f.await, status("f"));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_given_up_at_the_first_deadline() {
    local(async {
        let (connection, _server) = connected(1024);
        let a = echo(&connection, "a");
        sleep(READ / 2).await;
        let b = echo(&connection, "b");
        assert_eq!(a.await, timeout());
        assert_eq!(b.await, lost("the server stopped answering"));
        assert!(connection.is_closed());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_command_that_comes_when_the_server_has_hung_up_is_not_sent() {
    local(async {
        let (connection, server) = connected(1024);
        yield_now().await;
        // As when a script keeps the worker busy while the server is restarted: both are seen in the same turn.
        drop(server);
        let reply = echo(&connection, "late");
        assert_eq!(reply.await, unavailable("the server closed the connection"));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_after_a_deadline_is_given_up_without_being_asked_again() {
    local(async {
        let (connection, mut server) = connected(1024);
        let start = Instant::now();
        let a = echo(&connection, "a");
        sleep(READ / 2).await;
        let b = echo(&connection, "b");
        sleep(READ / 4).await;
        server.answer("a").await;
        assert_eq!((a.await, b.await), (status("a"), timeout()));
        assert!(!connection.is_closed(), "it was heard less than a timeout ago");
        // Also when nobody holds the connection any more.
        drop(connection);
        assert_eq!(server.next().await.unwrap(), "a");
        assert_eq!(server.next().await.unwrap(), "b");
        assert_eq!(tokio::time::timeout(READ, server.next()).await, Ok(None));
        assert!(start.elapsed() >= READ * 7 / 4 && start.elapsed() < READ * 2, "{:?}", start.elapsed());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_nothing_is_given_up_after_the_write_timeout() {
    local(async {
        let (connection, mut server) = connected(64);
        let start = Instant::now();
        let written = echo(&connection, &"x".repeat(100));
        yield_now().await;
        let kept = echo(&connection, "kept");
        assert_eq!(written.await, lost("the server stopped answering"));
        // Not a byte of it has left, and whoever asked may ask elsewhere.
        assert_eq!(kept.await, unavailable("the server stopped answering"));
        assert!(start.elapsed() >= WRITE && start.elapsed() < READ, "{:?}", start.elapsed());
        // The half of a request, and then the end.
        assert_eq!(server.next().await, None);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_little_at_a_time_is_not_given_up() {
    local(async {
        let (connection, mut server) = connected(64);
        let text = "x".repeat(500);
        let reply = echo(&connection, &text);
        let mut taken = [0; 64];
        while connection.in_flight() > 0 && server.buffer.len() < text.len() {
            sleep(WRITE / 10).await;
            let n = server.stream.read(&mut taken).await.unwrap();
            server.buffer.extend_from_slice(&taken[..n]);
        }
        assert_eq!(server.next().await.unwrap(), text);
        server.answer("done").await;
        assert_eq!(reply.await, status("done"));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_busy_worker_does_not_give_up_a_server_that_it_has_not_asked() {
    local(async {
        let (connection, mut server) = connected(1024);
        sleep(READ * 3).await;
        // A script that computes for too long: the command leaves after its deadline.
        let a = echo(&connection, "a");
        advance(READ * 2).await;
        assert_eq!(a.await, timeout());
        assert!(!connection.is_closed(), "the server had no time to answer");
        let b = echo(&connection, "b");
        for text in ["a", "b"] {
            assert_eq!(server.next().await.unwrap(), text);
            server.answer(text).await;
        }
        assert_eq!(b.await, status("b"));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn every_one_of_many_gets_its_own_reply_however_small_the_pieces() {
    const MANY: usize = 10_000;
    local(async {
        let (connection, server) = connected(7);
        let server = spawn_local(server.answer_all());
        let mut replies: Vec<_> = (0..MANY).map(|n| Some(echo(&connection, &n.to_string()))).collect();
        // Some callers go away; what they have asked is done all the same, and nobody else gets it.
        for reply in replies.iter_mut().step_by(3) {
            *reply = None;
        }
        for (n, reply) in replies.into_iter().enumerate() {
            if let Some(reply) = reply {
                assert_eq!(reply.await, status(&n.to_string()));
            }
        }
        drop(connection);
        assert_eq!(server.await.unwrap(), MANY);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_dropped_connection_answers_what_was_asked() {
    local(async {
        let (connection, server) = connected(1024);
        let reply = echo(&connection, "last");
        drop(connection);
        let server = spawn_local(server.answer_all());
        assert_eq!(reply.await, status("last"));
        assert_eq!(server.await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_reply_to_nothing_ends_the_connection() {
    local(async {
        let (connection, mut server) = connected(64);
        server.answer("unasked").await;
        while !connection.is_closed() {
            yield_now().await;
        }
        assert_eq!(
            connection.send(&Request::new("PING")).err().map(Err),
            Some(unavailable("the server sent a reply that nobody asked for"))
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_reply_is_never_that_of_a_command_which_was_not_sent() {
    local(async {
        let (connection, mut server) = connected(64);
        let long = echo(&connection, &"x".repeat(100));
        yield_now().await;
        let kept = echo(&connection, "kept");
        server.stream.write_all(b"+one\r\n+two\r\n").await.unwrap();
        assert_eq!(long.await, status("one"));
        assert_eq!(kept.await, unavailable("the server sent a reply that nobody asked for"));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_memory_of_a_large_reply_goes_with_it() {
    const LARGE: usize = 8 * 1024 * 1024;
    local(async {
        let (connection, mut server) = connected(64 * 1024);
        let reply = echo(&connection, "large");
        assert_eq!(server.next().await.unwrap(), "large");
        server.answer(&"x".repeat(16)).await;
        reply.await.unwrap();

        let reply = echo(&connection, "large");
        assert_eq!(server.next().await.unwrap(), "large");
        let bulk = format!("${LARGE}\r\n{}\r\n", "x".repeat(LARGE));
        server.stream.write_all(bulk.as_bytes()).await.unwrap();
        let Value::Bulk(bytes) = reply.await.unwrap() else { panic!("no string") };
        assert_eq!(bytes.len(), LARGE);
        assert!(bytes.is_unique(), "the connection holds the memory, too");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_reply_nested_too_deeply_costs_nobody_else_his_reply() {
    local(async {
        let (connection, mut server) = connected(1024);
        let (deep, other) = (echo(&connection, "deep"), echo(&connection, "other"));
        for text in ["deep", "other"] {
            assert_eq!(server.next().await.unwrap(), text);
        }
        server.stream.write_all(&[&b"*1\r\n".repeat(80)[..], b":1\r\n"].concat()).await.unwrap();
        server.answer("other").await;
        let reason = "reply nested too deeply".into();
        assert_eq!(deep.await, Err(RedisError::Unreadable { pool: "pool".into(), reason }));
        assert_eq!(other.await, status("other"));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_nobody_uses_is_closed_and_one_in_use_is_not() {
    local(async {
        let (connection, mut server) = connected(1024);
        for text in ["a", "b", "c"] {
            sleep(IDLE - READ).await;
            let reply = echo(&connection, text);
            assert_eq!(server.next().await.unwrap(), text);
            server.answer(text).await;
            assert_eq!(reply.await, status(text));
        }
        let idle_since = Instant::now();
        assert_eq!(server.next().await, None);
        assert!(idle_since.elapsed() >= IDLE && idle_since.elapsed() < IDLE + READ, "{:?}", idle_since.elapsed());
        assert!(connection.is_closed());
        // Whoever comes now is told that nothing was sent, and goes elsewhere.
        let late = connection.send(&Request::new("PING")).err().map(Err);
        assert_eq!(late, Some(unavailable("the connection was closed after max_idle_age")));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_was_never_used_is_closed_too() {
    local(async {
        let (connection, mut server) = connected(1024);
        let opened = Instant::now();
        assert_eq!(server.next().await, None);
        assert!(connection.is_closed() && opened.elapsed() >= IDLE, "{:?}", opened.elapsed());
    })
    .await;
}
