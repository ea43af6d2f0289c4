//! `MULTI` … `EXEC`: what to send, and what the replies say.

use std::sync::Arc;

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
/// happened to `EXEC`: before it, nothing runs, unless `MULTI` was refused; then `pool` is what the error calls the
/// server.
pub(crate) fn executed(mut outcomes: Outcomes, pool: &Arc<str>) -> Result<Executed, RedisError> {
    let exec = outcomes.pop();
    if let Some((Err(RedisError::Server(text)), commands)) = outcomes.split_first()
        && commands.iter().any(Result::is_ok)
    {
        let text = String::from_utf8_lossy(text);
        let reason = format!("the server refused MULTI ({text}) and ran the commands one by one").into();
        return Err(RedisError::Unreadable { pool: Arc::clone(pool), reason });
    }
    match exec {
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

/// Whether the connection is still inside a transaction: `MULTI` was taken, and `EXEC` was not (a server on which it has
/// another name).
pub(crate) fn is_stuck(outcomes: &Outcomes) -> bool {
    let ended = |text: &Bytes| text.starts_with(b"EXECABORT");
    outcomes.first().is_some_and(Result::is_ok)
        && matches!(outcomes.last(), Some(Err(RedisError::Server(text))) if !ended(text))
}

/// What Redis puts before the reason when it is only `EXEC` that finds it: the server became a replica meanwhile.
const DISCARDED: &[u8] = b"EXECABORT Transaction discarded because of: ";

/// The first command that was refused; its number is 0 when it was `EXEC` itself.
fn not_run(outcomes: &Outcomes, exec: Bytes) -> RedisError {
    let refused = outcomes.iter().enumerate().find_map(|(number, outcome)| match outcome {
        Err(RedisError::Server(text)) => Some((number, text.clone())),
        _ => None,
    });
    let reason = if exec.starts_with(DISCARDED) { exec.slice(DISCARDED.len()..) } else { exec };
    let (command, text) = refused.unwrap_or((0, reason));
    RedisError::NotRun { command, text }
}

/// Why a transaction did not run, as far as it may be tried again.
pub(crate) fn refusal(outcome: &Result<Executed, RedisError>) -> Option<Refusal> {
    match outcome {
        Err(RedisError::NotRun { text, .. }) => Refusal::of(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::rc::Rc;

    use nautiloid_store::Store;
    use testkit::RedisServer;
    use tokio::task::LocalSet;

    use super::*;
    use crate::{Pool, PoolConfig, PoolSpec, Secret};

    fn set() -> Request {
        let mut request = Request::new("SET");
        request.key(b"k").arg(b"v");
        request
    }

    /// A pool whose user may do everything but begin a transaction.
    fn forbidden(redis: &RedisServer) -> Rc<Pool> {
        let mut direct = redis.connect().unwrap();
        direct.succeed(&["ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all", "-multi"]).unwrap();
        let config = PoolConfig {
            address: Some(redis.address().parse().unwrap()),
            username: Some("app".to_owned()),
            password: Some(Secret::new("secret")),
            ..PoolConfig::default()
        };
        Pool::new(Arc::new(PoolSpec::new("p", config, Path::new("")).unwrap()), &Store::default(), 1)
    }

    #[tokio::test]
    async fn nothing_runs_where_multi_is_refused() {
        let redis = RedisServer::start().unwrap();
        let pool = forbidden(&redis);
        let calls = async {
            let outcome = pool.transaction(&[set()]).await;
            assert!(matches!(&outcome, Err(RedisError::NotRun { command: 0, .. })), "{outcome:?}");
            let outcome = pool.watch(&[b"k"]).await.map(|_| ());
            assert!(matches!(&outcome, Err(RedisError::NotRun { command: 0, .. })), "{outcome:?}");
            assert_eq!(redis.connect().unwrap().command(&["EXISTS", "k"]).unwrap(), Value::Integer(0));
            // Whoever is allowed it later is not turned away.
            redis.connect().unwrap().succeed(&["ACL", "SETUSER", "app", "+multi"]).unwrap();
            assert_eq!(pool.transaction(&[set()]).await, Ok(Some(vec![Ok(Value::OK)])));
            // And whoever may not any more is told what has happened.
            redis.connect().unwrap().succeed(&["ACL", "SETUSER", "app", "-multi"]).unwrap();
            let outcome = pool.transaction(&[set()]).await.map_err(|error| error.to_string());
            let ran = |error: &String| error.ends_with("and ran the commands one by one; the command has run");
            assert!(matches!(&outcome, Err(error) if ran(error)), "{outcome:?}");
        };
        LocalSet::new().run_until(calls).await;
    }
}
