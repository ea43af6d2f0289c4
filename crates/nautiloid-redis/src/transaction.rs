//! `MULTI` … `EXEC`: what to send, and what the replies say.

use bytes::Bytes;
use nautiloid_resp::{Request, Value};

use crate::RedisError;
use crate::batch::Outcomes;
use crate::refusal::Refusal;

/// What a transaction gave, command by command; `None` when a watched key was changed before it ran.
pub type Executed = Option<Vec<Result<Value, RedisError>>>;

/// What is put around the commands of a transaction.
pub(crate) struct Frame {
    multi: Request,
    exec: Request,
}

impl Frame {
    pub(crate) fn new() -> Self {
        Frame { multi: Request::new("MULTI"), exec: Request::new("EXEC") }
    }

    /// All requests of the transaction.
    pub(crate) fn around<'a>(&'a self, commands: &'a [Request]) -> Vec<&'a Request> {
        std::iter::once(&self.multi).chain(commands).chain([&self.exec]).collect()
    }
}

/// What the replies to the requests of a [`Frame`] say.
///
/// # Errors
/// [`RedisError::NotRun`] when the server refused a command as it was queued: then it runs none of them. Otherwise what
/// happened to `EXEC`: before it, nothing runs.
pub(crate) fn executed(mut outcomes: Outcomes) -> Result<Executed, RedisError> {
    match outcomes.pop() {
        Some(Ok(Value::Array(replies))) => {
            let outcome = |reply| match reply {
                Value::Error(text) => Err(RedisError::Server(text)),
                reply => Ok(reply),
            };
            Ok(Some(replies.into_iter().map(outcome).collect()))
        }
        Some(Ok(_)) => Ok(None),
        Some(Err(RedisError::Server(text))) => Err(not_run(&outcomes, text)),
        Some(Err(error)) => Err(error),
        None => Ok(None),
    }
}

/// The first command that was refused; its number is 0 for `MULTI` itself.
fn not_run(outcomes: &Outcomes, exec: Bytes) -> RedisError {
    let refused = outcomes.iter().enumerate().find_map(|(number, outcome)| match outcome {
        Err(RedisError::Server(text)) => Some((number, text.clone())),
        _ => None,
    });
    let (command, text) = refused.unwrap_or((0, exec));
    RedisError::NotRun { command, text }
}

/// Why a transaction did not run, as far as it may be tried again.
pub(crate) fn refusal(outcome: &Result<Executed, RedisError>) -> Option<Refusal> {
    match outcome {
        Err(RedisError::NotRun { text, .. }) => Refusal::of(text),
        _ => None,
    }
}
