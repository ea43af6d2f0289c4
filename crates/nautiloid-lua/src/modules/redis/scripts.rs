//! `redis_upload_script` and `redis_run_script`.

use std::rc::Rc;
use std::sync::Arc;

use nautiloid_redis::commands::{Access, Command, Reply, Spread};
use nautiloid_redis::{Client, RedisError, Request, Script, Value, run_script};

use super::fault::Fault;
use super::handle::Handles;
use super::reply::Answer;
use super::request::{self, ReplyType};
use crate::arguments::Raise;
use crate::call::{Call, Text, shown};
use crate::exchange::Pending;
use crate::module::Begin;
use crate::stack::{Results, Seen, Writer};

/// What an upload gives: the SHA-1.
struct Sha1(Arc<Script>);

impl Results for Sha1 {
    fn push(&self, out: &mut Writer) {
        out.string(self.0.sha1());
    }
}

pub(super) fn upload(handles: &Handles, call: Call<'_>) -> Result<Begin, Fault> {
    let target = handles.target(call)?;
    let source = call.text(1)?.into_owned();
    let name = call.name(2)?;
    if name.is_empty() {
        return Err(call.bad(2, "a name expected, got an empty string").into());
    }
    let client = Rc::clone(&handles.client);
    Ok(Begin::Wait(Box::pin(async move {
        match client.upload_script(&target.pool, &name, &source).await {
            Ok(script) => Box::new(Sha1(script)) as Box<dyn Results>,
            Err(error) => Box::new(Answer::error(&error)),
        }
    })))
}

pub(super) fn run(handles: &Handles, command: &Command, call: Call<'_>) -> Result<Begin, Fault> {
    let target = handles.target(call)?;
    let runnable = build(&handles.client, command, call, optional(call, 1)?, optional(call, 2)?)?;
    Ok(Begin::Wait(match runnable {
        Runnable::Source(request) => answered(target.pool.begin(request, Access::Master, Spread::OneSlot)),
        Runnable::Uploaded(script, arguments) => answered(run_script(&target.pool, script, arguments)),
    }))
}

fn answered(call: impl Future<Output = (Result<Value, RedisError>, Request)> + 'static) -> Pending {
    Box::pin(async move {
        let (outcome, request) = call.await;
        Box::new(Answer::new(outcome, REPLY, request, ReplyType::String)) as Box<dyn Results>
    })
}

/// A script's reply is given as it is.
pub(super) const REPLY: Reply = Reply::Plain;

/// A script to be run.
pub(super) enum Runnable {
    /// What runs it, with its source.
    Source(Request),
    /// What was uploaded, and the arguments behind the script: the number of keys, the keys, and the others.
    Uploaded(Arc<Script>, Request),
}

/// In a list of commands: `{ "run_script", script, name, keys, args }` as in a call, or without the script.
pub(super) fn plan(client: &Client, command: &Command, call: Call<'_>) -> Result<Runnable, Fault> {
    // With a table in the place of the name, the name is where the script would be.
    if !matches!(call.get(2), None | Some(Seen::Table(_))) {
        return build(client, command, call, optional(call, 1)?, optional(call, 2)?);
    }
    let named = call.with_one_before();
    build(client, command, named, None, optional(named, 2)?)
}

fn build(
    client: &Client,
    command: &Command,
    call: Call<'_>,
    source: Option<Text<'_>>,
    name: Option<Text<'_>>,
) -> Result<Runnable, Fault> {
    let refused = |message: &str| Err(Fault::Refused(message.to_owned()));
    let built = |request| request::build(command, request, call).map(|built| built.request);
    match (source, name) {
        (None, None) => refused("set either the script or the name of an uploaded one: both are empty"),
        (Some(_), Some(_)) => {
            refused("set either the script or the name of an uploaded one, and \"\" for the other: both are set")
        }
        (None, Some(name)) => match client.script(&shown(&name)) {
            Ok(script) => Ok(Runnable::Uploaded(script, built(Request::default())?)),
            Err(error) => refused(&error.to_string()),
        },
        (Some(source), None) => {
            let mut request = Request::new("EVAL");
            request.arg(&source);
            Ok(Runnable::Source(built(request)?))
        }
    }
}

/// A string, or nothing: nil and `""` are the same.
fn optional(call: Call<'_>, index: usize) -> Result<Option<Text<'_>>, Raise> {
    if call.is_absent(index) {
        return Ok(None);
    }
    Ok(Some(call.text(index)?).filter(|text| !text.is_empty()))
}
