//! Opening a connection: connect, authenticate, select the database, and see that the server answers.
//!
//! The server is asked before the first command is sent, so that a wrong password or a server that only accepts
//! connections shows here, as a connection error, and not as the odd reply to somebody's command.

use std::io;

use bytes::BytesMut;
use nautiloid_resp::{ReplyDecoder, Request, Value};
use nautiloid_store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use super::stream::Stream;
use crate::config::{Address, Mode, PoolConfig, Secret};

/// Opens a connection as `config` says. The reason of a failure is for people and holds no secret.
pub(crate) async fn dial(config: &PoolConfig, store: &Store) -> Result<Stream, String> {
    match tokio::time::timeout(config.connect_timeout, connect(config, store)).await {
        Ok(result) => result,
        Err(_) => Err(format!("cannot connect: no answer within {:?} (connect_timeout)", config.connect_timeout)),
    }
}

async fn connect(config: &PoolConfig, store: &Store) -> Result<Stream, String> {
    let mut stream = match config.mode {
        Mode::Embedded => Stream::Memory(store.connect()),
        _ => {
            let address = config.address.as_deref().unwrap_or_default();
            let address: Address = address.parse().map_err(|error| format!("{error}"))?;
            open(&address).await.map_err(|error| format!("cannot connect: {error}"))?
        }
    };
    handshake(&mut stream, config).await?;
    Ok(stream)
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

/// Sends all of the set-up in one write and reads one reply each.
async fn handshake(stream: &mut Stream, config: &PoolConfig) -> Result<(), String> {
    let mut requests = Vec::with_capacity(3);
    if let Some(password) = config.password.as_ref().filter(|password| !password.is_empty()) {
        let mut auth = Request::new("AUTH");
        if let Some(user) = config.username.as_deref().filter(|user| !user.is_empty()) {
            auth.arg(user.as_bytes());
        }
        auth.arg(Secret::expose(password).as_bytes());
        requests.push(auth);
    }
    if config.db != 0 {
        let mut select = Request::new("SELECT");
        select.integer(i64::from(config.db));
        requests.push(select);
    }
    requests.push(Request::new("PING"));

    let mut wire = BytesMut::new();
    for request in &requests {
        request.write_to(&mut wire);
    }
    let lost = |error: io::Error| format!("cannot connect: {error}");
    stream.write_all(&wire).await.map_err(lost)?;
    let (mut decoder, mut buffer) = (ReplyDecoder::new(), BytesMut::with_capacity(512));
    let last = requests.len() - 1;
    for position in 0..=last {
        let reply = loop {
            if let Some(reply) = decoder.decode(&mut buffer).map_err(|error| format!("not a Redis server: {error}"))? {
                break reply;
            }
            if stream.read_buf(&mut buffer).await.map_err(lost)? == 0 {
                return Err("cannot connect: the server closed the connection".to_owned());
            }
        };
        if let Value::Error(text) = reply {
            let text = String::from_utf8_lossy(&text);
            // A user that may not PING is connected all the same; one that may not SELECT is in the wrong database.
            if position < last || !text.starts_with("NOPERM") {
                return Err(refused(&text));
            }
        }
    }
    Ok(())
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
