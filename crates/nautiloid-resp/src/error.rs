//! What can be wrong with bytes that claim to be RESP.

/// The stream is not RESP; nothing after this point can be trusted, so the connection has to be closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProtocolError {
    /// The first byte of a frame is none that RESP defines.
    #[error("unknown RESP type byte {0:#04x}")]
    UnknownType(u8),
    /// A length or an integer is not a number, or is out of range.
    #[error("invalid {0}")]
    InvalidNumber(&'static str),
    /// A header line has no end within the bound (64 KiB).
    #[error("header line too long")]
    LineTooLong,
    /// Arrays nested deeper than any command answers with (64).
    #[error("reply nested too deeply")]
    TooDeep,
    /// An argument of a client's request does not begin as a bulk string does, but with this byte.
    #[error("expected '$', got '{}'", *.0 as char)]
    ExpectedBulk(u8),
    /// A request of a client breaks the rules; the text is the one Redis uses after `ERR Protocol error: `.
    #[error("{0}")]
    Request(&'static str),
}
