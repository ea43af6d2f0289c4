//! What can go wrong with a connection.

use std::time::Duration;

/// What becomes of connections.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing goes wrong.
    #[default]
    Pass,
    /// Each piece waits for so long before it goes on, in both directions: a round trip takes twice as long.
    Delay(Duration),
    /// The connection is closed on both sides at a point of one direction, counted from when the fault was set or the
    /// connection was opened.
    Cut(Way, At),
    /// Requests reach the server and run, replies are dropped. The connection stays open.
    SwallowReplies,
    /// Everything is accepted and nothing goes on, in both directions. The server is not dialled.
    BlackHole,
    /// The server's side is closed and the client is not told: its side stays open, and nobody reads from it. It stays
    /// so when the fault is lifted, until [`close_connections`](super::FaultProxy::close_connections).
    HalfOpen,
    /// Connections are closed, and the port does not listen: as with a server that has been killed.
    Refuse,
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the client to the server.
    Requests,
    /// From the server to the client.
    Replies,
}

/// A point in a direction of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// After so many bytes.
    Byte(usize),
    /// Before a piece (what one read finds), the first being 1. With a client that waits for its replies, of
    /// [`Way::Replies`]: after the requests have run, before any of their replies.
    Piece(usize),
    /// In the middle of a piece, the first being 1.
    InsidePiece(usize),
}

/// How far a direction of a connection has come under a fault.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Progress {
    bytes: usize,
    pieces: usize,
}

impl Progress {
    /// Counts a piece, and returns how many bytes of it go on before the cut; `None` if all of them do.
    pub(super) fn cut(&mut self, at: At, length: usize) -> Option<usize> {
        self.pieces += 1;
        let before = self.bytes;
        self.bytes += length;
        match at {
            At::Byte(last) => (self.bytes >= last).then(|| last.saturating_sub(before)),
            At::Piece(number) => (self.pieces >= number).then_some(0),
            At::InsidePiece(number) => (self.pieces >= number).then_some(length / 2),
        }
    }
}
