//! `redis_command`: any command of Redis.

use nautiloid_redis::commands::Reply;

use super::fault::Fault;
use super::handle::Handles;
use super::plan;
use super::reply::Answer;
use super::request::ReplyType;
use crate::call::Call;
use crate::module::Begin;
use crate::stack::Results;

pub(super) fn begin(handles: &Handles, call: Call<'_>) -> Result<Begin, Fault> {
    let target = handles.target(call)?;
    let words = plan::words(call)?;
    Ok(Begin::Wait(Box::pin(async move {
        let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
        let batched = match target.pool.plan(&words).await {
            Ok(batched) => batched,
            Err(error) => return Box::new(Answer::error(&error)) as Box<dyn Results>,
        };
        let outcome = target.pool.call(&batched.request, target.access(batched.access), batched.spread).await;
        Box::new(Answer::new(outcome, Reply::Plain, batched.request, ReplyType::String))
    })))
}
