//! Opening a connection: connect, authenticate, select the database, and see that the server answers and is the one
//! that is wanted.
//!
//! The server is asked before the first command is sent, so that a wrong password or a server that only accepts
//! connections shows here, as a connection error, and not as the odd reply to somebody's command.

use std::io;

use bytes::BytesMut;
use nautiloid_resp::{ReplyDecoder, Request, Value};
use nautiloid_store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use super::setup::Setup;
use super::stream::Stream;
use crate::config::{Address, Secret};

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
    let connecting = async {
        let mut stream = match peer {
            Peer::Store(store) => Stream::Memory(store.connect()),
            Peer::Server(address) => open(address).await.map_err(|error| format!("cannot connect: {error}"))?,
        };
        handshake(&mut stream, setup, role).await?;
        Ok(stream)
    };
    match tokio::time::timeout(setup.connect_timeout, connecting).await {
        Ok(result) => result,
        Err(_) => Err(format!("cannot connect: no answer within {:?} (connect_timeout)", setup.connect_timeout)),
    }
}

async fn open(address: &Address) -> io::Result<Stream> {
    match address {
        Address::Tcp { host, port } => {
            let stream = TcpStream::connect((host.as_str(), *port)).await?;
            stream.set_nodelay(true)?;
            Ok(Stream::Tcp(stream))
        }
        Address::Unix(path) => Ok(Stream::Unix(UnixStream::connect(path).await?)),
    }
}

/// A command of the set-up, and what becomes of its reply.
struct Step {
    request: Request,
    /// A user that may not run it is connected all the same.
    may_be_forbidden: bool,
}

impl Step {
    fn needed(request: Request) -> Self {
        Step { request, may_be_forbidden: false }
    }

    fn asked(command: &str) -> Self {
        Step { request: Request::new(command), may_be_forbidden: true }
    }
}

/// Sends all of the set-up in one write and reads one reply each.
async fn handshake(stream: &mut Stream, setup: &Setup, role: Role) -> Result<(), String> {
    let mut steps = Vec::with_capacity(4);
    if let Some(password) = setup.password.as_ref().filter(|password| !password.is_empty()) {
        let mut auth = Request::new("AUTH");
        if let Some(user) = setup.username.as_deref().filter(|user| !user.is_empty()) {
            auth.arg(user.as_bytes());
        }
        auth.arg(Secret::expose(password).as_bytes());
        steps.push(Step::needed(auth));
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
    let lost = |error: io::Error| format!("cannot connect: {error}");
    stream.write_all(&wire).await.map_err(lost)?;
    let (mut decoder, mut buffer) = (ReplyDecoder::new(), BytesMut::with_capacity(512));
    for step in &steps {
        let reply = loop {
            if let Some(reply) = decoder.decode(&mut buffer).map_err(|error| format!("not a Redis server: {error}"))? {
                break reply;
            }
            if stream.read_buf(&mut buffer).await.map_err(lost)? == 0 {
                return Err("cannot connect: the server closed the connection".to_owned());
            }
        };
        match reply {
            Value::Error(text) if step.may_be_forbidden && text.starts_with(b"NOPERM") => {}
            Value::Error(text) => return Err(refused(&String::from_utf8_lossy(&text))),
            Value::Array(role) => check_master(&role)?,
            _ => {}
        }
    }
    Ok(())
}

/// Only `ROLE` is answered by an array: `["master", …]`.
fn check_master(role: &[Value]) -> Result<(), String> {
    match role.first() {
        Some(Value::Bulk(role)) if role == "master" => Ok(()),
        Some(Value::Bulk(role)) => Err(format!("the server is no master but a {}", String::from_utf8_lossy(role))),
        _ => Err("the server does not tell its role".to_owned()),
    }
}

fn refused(text: &str) -> String {
    // A server that does not know a command repeats its arguments, and a password is one.
    let text = text.split(", with args").next().unwrap_or_default();
    let advice = match text.split(' ').next().unwrap_or_default() {
        "NOAUTH" => "; set the pool's password",
        "WRONGPASS" => "; check the pool's username and password",
        _ => "",
    };
    format!("the server refused the connection: {text}{advice}")
}
