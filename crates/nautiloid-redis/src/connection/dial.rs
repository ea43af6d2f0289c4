//! Opening a connection: connect, do the handshake of TLS, authenticate, select the database, and see that the server answers and is the one
//! that is wanted.
//!
//! The server is asked before the first command is sent, so that a wrong password or a server that only accepts
//! connections shows here, as a connection error, and not as the odd reply to somebody's command.

use std::cell::Cell;
use std::io::{self, ErrorKind};
use std::time::Duration;

use bytes::BytesMut;
use nautiloid_resp::{ReplyDecoder, Request, Value};
use nautiloid_store::Store;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use super::setup::Setup;
use super::stream::Stream;
use super::tls::Tls;
use crate::config::Address;

/// Where to connect to.
#[derive(Clone)]
pub(crate) enum Peer {
    /// The embedded store.
    Store(Store),
    /// A server.
    Server(Address),
}

/// What the server has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Whatever it is.
    Any,
    /// A master; a replica is refused.
    Master,
    /// One node of a cluster that is to answer reads as a replica.
    ClusterReplica,
}

/// Opens a connection. The reason of a failure is for people and holds no secret.
pub(crate) async fn dial(peer: &Peer, setup: &Setup, role: Role) -> Result<Stream, String> {
    // What is waited for when time is up.
    let waits_for = Cell::new("no answer");
    let connecting = async {
        let mut stream = match peer {
            Peer::Store(store) => Stream::Memory(store.connect()),
            Peer::Server(address) => open(address, setup, &waits_for).await?,
        };
        greet(&mut stream, setup, role).await?;
        Ok(stream)
    };
    match tokio::time::timeout(setup.connect_timeout.mul_f64(SHARE_OF_TIMEOUT), connecting).await {
        Ok(result) => result,
        Err(_) => {
            Err(format!("cannot connect: {} within {:?} (connect_timeout)", waits_for.get(), setup.connect_timeout))
        }
    }
}

/// Whoever waits for this connection waits as long as `connect_timeout`. An attempt ends a little earlier, so that he
/// is told the reason.
const SHARE_OF_TIMEOUT: f64 = 0.95;

async fn open(address: &Address, setup: &Setup, waits_for: &Cell<&str>) -> Result<Stream, String> {
    let failed = |error: io::Error| format!("cannot connect: {error}");
    match address {
        Address::Tcp { host, port } => {
            let stream = TcpStream::connect((host.as_str(), *port)).await.map_err(failed)?;
            stream.set_nodelay(true).map_err(failed)?;
            SockRef::from(&stream).set_tcp_keepalive(&KEEPALIVE).map_err(failed)?;
            let Some(tls) = &setup.tls else { return Ok(Stream::Tcp(stream)) };
            waits_for.set("no answer to the handshake of TLS (is this the server's TLS port?)");
            let stream = tls.connect(host, stream).await.map_err(|reason| format!("cannot connect: {reason}"))?;
            waits_for.set("no answer");
            Ok(Stream::Tls(Box::new(stream)))
        }
        Address::Unix(path) => Ok(Stream::Unix(UnixStream::connect(path).await.map_err(failed)?)),
    }
}

/// Finds out within a minute that the other machine is gone, also when nothing is asked of it.
const KEEPALIVE: TcpKeepalive =
    TcpKeepalive::new().with_time(Duration::from_secs(30)).with_interval(Duration::from_secs(10)).with_retries(3);

/// A command of the set-up, and what becomes of its reply.
struct Step {
    request: Request,
    /// Whether a server that answers with this error may be connected to all the same.
    goes_on: fn(&[u8]) -> bool,
}

impl Step {
    fn needed(request: Request) -> Self {
        Step { request, goes_on: |_| false }
    }

    fn asked(command: &str) -> Self {
        Step { request: Request::new(command), goes_on: leaves_connected }
    }

    /// A server that is too old for it, or whose user may not send it, goes on in RESP2. One that wants a password first
    /// says so to the next command, too.
    fn resp3() -> Self {
        Step { request: Request::new("HELLO 3"), goes_on: |_| true }
    }
}

/// Sends all of the set-up in one write and reads one reply each.
async fn greet(stream: &mut Stream, setup: &Setup, role: Role) -> Result<(), String> {
    let mut steps = Vec::with_capacity(4);
    if let Some(password) = &setup.password {
        let mut auth = Request::new("AUTH");
        if let Some(user) = setup.username.as_deref().filter(|user| !user.is_empty()) {
            auth.arg(user.as_bytes());
        }
        auth.arg(password.current().await?.expose().as_bytes());
        steps.push(Step::needed(auth));
    }
    if setup.resp3 {
        steps.push(Step::resp3());
    }
    if setup.db != 0 {
        let mut select = Request::new("SELECT");
        select.integer(i64::from(setup.db));
        // One that may not select is in the wrong database.
        steps.push(Step::needed(select));
    }
    if role == Role::ClusterReplica {
        steps.push(Step::needed(Request::new("READONLY")));
    }
    steps.push(Step::asked(if role == Role::Master { "ROLE" } else { "PING" }));

    let mut wire = BytesMut::new();
    for step in &steps {
        step.request.write_to(&mut wire);
    }
    let plain_tcp = matches!(stream, Stream::Tcp(_));
    let lost = |error: io::Error| lost(&error, setup.tls.as_ref(), plain_tcp);
    let written = async {
        stream.write_all(&wire).await?;
        stream.flush().await
    };
    let mut written = written.await;
    let (mut decoder, mut buffer) = (ReplyDecoder::new(), BytesMut::with_capacity(512));
    for step in &steps {
        let reply = loop {
            if let Some(reply) = decoder.decode(&mut buffer).map_err(|error| format!("not a Redis server: {error}"))? {
                break reply;
            }
            // A server that hangs up may have said why before.
            match (stream.read_buf(&mut buffer).await, std::mem::replace(&mut written, Ok(()))) {
                (Ok(1..), _) => {}
                (Ok(0), Err(error)) | (Err(error), _) => return Err(lost(error)),
                (Ok(0), Ok(())) => return Err(lost(ErrorKind::UnexpectedEof.into())),
            }
        };
        match reply {
            Value::Error(text) if (step.goes_on)(&text) => {}
            Value::Error(text) => return Err(refused(&String::from_utf8_lossy(&text), setup.key_prefix)),
            Value::Array(role) => check_master(&role)?,
            _ => {}
        }
    }
    Ok(())
}

/// Whether a refused `PING` or `ROLE` is no reason to go without the server: a user may be forbidden them, and Redis
/// refuses `PING` as it does writes while it cannot save, and can be read.
fn leaves_connected(error: &[u8]) -> bool {
    error.starts_with(b"NOPERM") || error.starts_with(b"MISCONF ")
}

/// Why a connection broke before it was set up.
fn lost(error: &io::Error, tls: Option<&Tls>, plain_tcp: bool) -> String {
    let reason = match (tls.and_then(|tls| tls.explain_first_read(error)), error.kind()) {
        (Some(reason), _) => reason,
        // Redis says nothing to those who do not begin with a handshake.
        (None, ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) if plain_tcp => {
            "the server closed the connection; if it speaks TLS on this port, set tls_enabled = true".to_owned()
        }
        (None, ErrorKind::UnexpectedEof) => "the server closed the connection".to_owned(),
        (None, _) => error.to_string(),
    };
    format!("cannot connect: {reason}")
}

/// Only `ROLE` is answered by an array: `["master", …]`.
fn check_master(role: &[Value]) -> Result<(), String> {
    match role.first() {
        Some(Value::Bulk(role)) if role == "master" => Ok(()),
        Some(Value::Bulk(role)) => Err(format!("the server is no master but a {}", String::from_utf8_lossy(role))),
        _ => Err("the server does not tell its role".to_owned()),
    }
}

fn refused(text: &str, prefix: &str) -> String {
    // A server that does not know a command repeats its arguments, and a password is one.
    let text = text.split(", with args").next().unwrap_or_default();
    let advice = match text.split(' ').next().unwrap_or_default() {
        "NOAUTH" => format!("; set the pool's {prefix}password"),
        "WRONGPASS" => format!("; check the pool's {prefix}username and {prefix}password"),
        _ => String::new(),
    };
    format!("the server refused the connection: {text}{advice}")
}

#[cfg(test)]
mod tests {
    use testkit::RedisServer;

    use super::*;
    use crate::PoolConfig;

    #[tokio::test]
    async fn a_tcp_connection_notices_that_the_other_machine_is_gone() {
        let redis = RedisServer::start().unwrap();
        let (setup, _) = Setup::both(&PoolConfig::default()).unwrap();
        let peer = Peer::Server(redis.address().parse().unwrap());
        let Stream::Tcp(stream) = dial(&peer, &setup, Role::Master).await.unwrap() else { panic!("no TCP") };
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().unwrap() && socket.tcp_nodelay().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_secs(30));
        assert_eq!(socket.tcp_keepalive_interval().unwrap(), Duration::from_secs(10));
        assert_eq!(socket.tcp_keepalive_retries().unwrap(), 3);
    }
}
