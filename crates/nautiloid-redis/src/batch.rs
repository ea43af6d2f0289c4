//! Several commands handed over at once: a pipeline. One write to each server concerned, and one wait for all replies.

use nautiloid_resp::{Request, Value};

use crate::RedisError;
use crate::commands::{Access, Spread};

/// One command of a batch.
#[derive(Debug)]
pub struct Batched {
    /// The command with its arguments.
    pub request: Request,
    /// Whether it changes data.
    pub access: Access,
    /// Where it goes in a cluster.
    pub spread: Spread,
}

/// What became of each command, in their order.
pub(crate) type Outcomes = Vec<Result<Value, RedisError>>;

/// The access that one server has to give for all of them.
pub(crate) fn access_of(items: &[Batched]) -> Access {
    let has = |access| items.iter().any(|item| item.access == access);
    if has(Access::Write) {
        Access::Write
    } else if has(Access::Master) {
        Access::Master
    } else {
        Access::Read
    }
}
