//! RESP, the Redis serialization protocol, in both directions: what a client writes ([`Request`]) and reads
//! ([`ReplyDecoder`]), and what a server reads ([`RequestDecoder`]) and writes ([`encode`]).
//!
//! The client and the embedded store share this crate, so that the two can never disagree about the wire.
//! It does no I/O: bytes in, values out. Both versions are read; which one is written is the caller's choice.
//!
//! Source: the protocol specification of Redis, "RESP protocol description".
#![deny(missing_docs)]

mod double;
mod encode;
mod error;
mod frame;
mod reply;
mod request;
mod request_decoder;
mod value;

pub use double::general;
pub use encode::{Version, encode};
pub use error::ProtocolError;
pub use reply::ReplyDecoder;
pub use request::Request;
pub use request_decoder::RequestDecoder;
pub use value::Value;
