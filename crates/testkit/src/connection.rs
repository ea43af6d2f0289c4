//! A blocking connection that sends a command and reads its reply.

use std::io::{Read, Write};
use std::net::TcpStream;

use anyhow::{Context, bail};
use bytes::BytesMut;
use nautiloid_resp::{ReplyDecoder, Request, Value};

use crate::Credentials;
use crate::patience::PATIENCE;

/// A connection to anything that speaks RESP.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    decoder: ReplyDecoder,
    incoming: BytesMut,
}

impl Connection {
    /// Connects to `host:port`.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Connection { stream, decoder: ReplyDecoder::new(), incoming: BytesMut::new() })
    }

    /// Sends one command and reads its reply; an error reply is a [`Value::Error`].
    ///
    /// # Errors
    /// The connection broke, or no reply came.
    pub fn command<A: AsRef<[u8]>>(&mut self, arguments: &[A]) -> anyhow::Result<Value> {
        Ok(self.pipeline(&[arguments])?.remove(0))
    }

    /// [`command`](Self::command) for what is expected to succeed.
    ///
    /// # Errors
    /// The reply is an error, or none came.
    pub fn succeed<A: AsRef<[u8]>>(&mut self, arguments: &[A]) -> anyhow::Result<Value> {
        match self.command(arguments)? {
            Value::Error(text) => {
                let name = arguments.first().map(|name| String::from_utf8_lossy(name.as_ref()));
                bail!("{}: {}", name.unwrap_or_default(), String::from_utf8_lossy(&text))
            }
            value => Ok(value),
        }
    }

    /// [`succeed`](Self::succeed) for what has text as its reply: `INFO`, `CLUSTER MYID`.
    ///
    /// # Errors
    /// The reply is an error or no text, or none came.
    pub fn text<A: AsRef<[u8]>>(&mut self, arguments: &[A]) -> anyhow::Result<String> {
        match self.succeed(arguments)? {
            Value::Bulk(text) | Value::Status(text) => Ok(String::from_utf8_lossy(&text).into_owned()),
            other => bail!("text was expected, not {other:?}"),
        }
    }

    /// `AUTH`
    ///
    /// # Errors
    /// The server knows no such user, or the password is wrong.
    pub fn authenticate(&mut self, credentials: &Credentials) -> anyhow::Result<()> {
        self.succeed(&credentials.auth())?;
        Ok(())
    }

    /// Sends several commands in one write and reads their replies.
    ///
    /// # Errors
    /// The connection broke, or a reply is missing.
    pub fn pipeline<A: AsRef<[u8]>, C: AsRef<[A]>>(&mut self, commands: &[C]) -> anyhow::Result<Vec<Value>> {
        let mut wire = BytesMut::new();
        for arguments in commands {
            let mut request = Request::default();
            for argument in arguments.as_ref() {
                request.arg(argument.as_ref());
            }
            request.write_to(&mut wire);
        }
        self.stream.write_all(&wire)?;
        commands.iter().map(|_| self.reply()).collect()
    }

    fn reply(&mut self) -> anyhow::Result<Value> {
        let mut chunk = [0; 16 * 1024];
        loop {
            if let Some(value) = self.decoder.decode(&mut self.incoming)? {
                return Ok(value);
            }
            match self.stream.read(&mut chunk).context("no reply")? {
                0 => bail!("the server closed the connection"),
                n => self.incoming.extend_from_slice(&chunk[..n]),
            }
        }
    }
}
