//! Lua values as JSON and back: for the `json` module, for the answers of hooks, and for what `nautiloid run` prints.
//!
//! Both directions work on the VM's values themselves, with no tree of `serde_json::Value` between. What one direction
//! gives, the other reads as the same, but for what one of the two languages cannot say: Lua has one empty table, which
//! is written as `[]`, and its tables hold no nil, so that a `null` leaves a hole.

mod decode;
mod encode;
mod encode_error;
#[cfg(test)]
mod round_trip;

pub(crate) use decode::decode;
pub(crate) use encode::{Encoder, encode};
pub(crate) use encode_error::EncodeError;
