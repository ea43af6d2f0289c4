//! Commands and replies in turn, on a connection to a Sentinel that nobody shares.
//!
//! It is not the multiplexed connection of the pool: that is made for many commands with a deadline each, and takes no
//! messages that come by themselves, which a subscription consists of.

use bytes::BytesMut;
use nautiloid_resp::{ReplyDecoder, Request, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::config::Address;
use crate::connection::{Peer, Role, Setup, Stream, dial};

/// An open connection to a Sentinel. Reasons of failures are for people.
pub(super) struct Conversation {
    stream: Stream,
    decoder: ReplyDecoder,
    incoming: BytesMut,
}

impl Conversation {
    /// Connects and authenticates.
    pub(super) async fn open(address: &Address, setup: &Setup) -> Result<Self, String> {
        let stream = dial(&Peer::Server(address.clone()), setup, Role::Any).await?;
        Ok(Conversation { stream, decoder: ReplyDecoder::new(), incoming: BytesMut::new() })
    }

    /// Sends commands in one write.
    pub(super) async fn send(&mut self, requests: &[Request]) -> Result<(), String> {
        let mut wire = BytesMut::new();
        for request in requests {
            request.write_to(&mut wire);
        }
        self.stream.write_all(&wire).await.map_err(|error| broke(&error))?;
        self.stream.flush().await.map_err(|error| broke(&error))
    }

    /// The next reply or message. Dropping the future loses nothing.
    pub(super) async fn receive(&mut self) -> Result<Value, String> {
        loop {
            let decoded = self.decoder.decode(&mut self.incoming);
            if let Some(value) = decoded.map_err(|error| format!("not a Sentinel: {error}"))? {
                return Ok(value);
            }
            if self.stream.read_buf(&mut self.incoming).await.map_err(|error| broke(&error))? == 0 {
                return Err("the Sentinel closed the connection".to_owned());
            }
        }
    }
}

fn broke(error: &std::io::Error) -> String {
    format!("the connection broke: {error}")
}
