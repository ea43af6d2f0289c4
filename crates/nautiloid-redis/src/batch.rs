//! Several commands handed over at once: a pipeline. One write to each server concerned, and one wait for all replies.

use std::collections::HashSet;

use nautiloid_resp::{Request, Value};

use crate::RedisError;
use crate::commands::{Access, Spread};
use crate::refusal::Refusal;

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

/// Whether a command has run or may have.
fn has_run(outcome: &Result<Value, RedisError>) -> bool {
    match outcome {
        Err(RedisError::Server(text)) => Refusal::of(text).is_none(),
        Err(RedisError::Unavailable { .. }) => false,
        _ => true,
    }
}

/// Of each command of a batch on one server, whether a later one that writes to one of its keys has run: then the
/// command cannot be sent any more, since it would come after that.
pub(crate) fn overtaken<'a>(
    commands: impl ExactSizeIterator<Item = (&'a Batched, &'a Result<Value, RedisError>)> + DoubleEndedIterator + Clone,
) -> Vec<bool> {
    // Nearly always: then nothing is sent again anyway.
    if commands.clone().all(|(_, outcome)| outcome.is_ok()) {
        return vec![false; commands.len()];
    }
    let mut written = HashSet::new();
    let mut overtaken: Vec<bool> = commands
        .rev()
        .map(|(command, outcome)| {
            let is_overtaken = command.request.keys().any(|key| written.contains(key));
            if !matches!(command.access, Access::Read | Access::Step) && has_run(outcome) {
                written.extend(command.request.keys());
            }
            is_overtaken
        })
        .collect();
    overtaken.reverse();
    overtaken
}

/// The access that one server has to give for all of them.
pub(crate) fn access_of(items: &[Batched]) -> Access {
    let has = |access| items.iter().any(|item| item.access == access);
    if has(Access::Write) {
        Access::Write
    } else if has(Access::Master) {
        Access::Master
    } else if has(Access::Step) {
        Access::Step
    } else {
        Access::Read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_later_command_has_written_to_is_not_written_to_again() {
        let server = |text: &'static str| Err(RedisError::Server(text.into()));
        let refused = || server("LOADING Redis is loading the dataset in memory");
        let unsent = || Err(RedisError::Unavailable { pool: "p".into(), reason: "r".into() });
        let ran = || Ok(Value::OK);
        let failed = || server("WRONGTYPE Operation against a key holding the wrong kind of value");
        let (read, write) = (Access::Read, Access::Write);
        let batch = [
            (&["a"][..], write, refused(), true),
            (&["b"], write, refused(), false),
            (&["b", "c"], write, refused(), true),
            (&["a"], write, failed(), true),
            (&["b"], read, ran(), false),
            (&["a"], Access::Master, ran(), false),
            (&[], write, refused(), false),
            (&["c"], write, failed(), false),
            (&["b"], write, refused(), false),
            (&["b"], write, unsent(), false),
        ];
        let commands: Vec<_> = batch
            .into_iter()
            .map(|(keys, access, outcome, expected)| {
                let mut request = Request::new("ANY");
                for key in keys {
                    request.key(key.as_bytes());
                }
                (Batched { request, access, spread: Spread::OneSlot }, outcome, expected)
            })
            .collect();
        let expected: Vec<bool> = commands.iter().map(|(_, _, expected)| *expected).collect();
        assert_eq!(overtaken(commands.iter().map(|(command, outcome, _)| (command, outcome))), expected);
    }
}
