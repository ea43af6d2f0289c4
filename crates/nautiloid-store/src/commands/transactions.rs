//! `MULTI`, `EXEC`, `DISCARD`, and `WATCH`.
//!
//! Commands between `MULTI` and `EXEC` are kept in the session, checked as far as that can be done beforehand. `EXEC` runs
//! them under the one lock that it holds anyway.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::{Command, Kind, command, execute};
use crate::context::{Context, Outcome, Queue};

pub(super) const COMMANDS: &[Command] = &[
    command("multi", 1, Kind::NoScript, |context, _| {
        if context.session.queue.is_some() {
            return Err(Value::error("ERR MULTI calls can not be nested"));
        }
        context.session.queue = Some(Queue::default());
        Ok(Value::OK)
    }),
    command("exec", 1, Kind::NoScript, run),
    command("discard", 1, Kind::NoScript, |context, _| {
        if context.session.queue.take().is_none() {
            return Err(Value::error("ERR DISCARD without MULTI"));
        }
        context.unwatch();
        Ok(Value::OK)
    }),
    command("watch", -2, Kind::NoScript, |context, args| {
        if context.session.queue.is_some() {
            return Err(Value::error("ERR WATCH inside MULTI is not allowed"));
        }
        for key in &args[1..] {
            context.watch(key);
        }
        Ok(Value::OK)
    }),
    command("unwatch", 1, Kind::NoScript, |context, _| {
        context.unwatch();
        Ok(Value::OK)
    }),
];

/// What runs at once also between `MULTI` and `EXEC`.
const AT_ONCE: &[&str] = &["multi", "exec", "discard", "watch", "quit", "reset"];

/// Keeps a command for `EXEC` if a transaction has begun; `None` when it is to run now.
pub(super) fn keep(context: &mut Context<'_>, command: &Command, args: &[Bytes]) -> Option<Value> {
    let queue = context.session.queue.as_mut()?;
    if AT_ONCE.contains(&command.name) {
        return None;
    }
    queue.commands.push(args.to_vec());
    Some(Value::Status("QUEUED".into()))
}

/// A command was refused before it could run or be kept. One of `EXEC` itself ends the transaction.
pub(super) fn refused(context: &mut Context<'_>, name: &str) {
    if name == "exec" {
        context.session.queue = None;
        context.unwatch();
    } else if let Some(queue) = &mut context.session.queue {
        queue.failed = true;
    }
}

/// `EXEC` with arguments.
pub(super) fn malformed_exec() -> Value {
    Value::error("EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command")
}

fn run(context: &mut Context<'_>, _: &[Bytes]) -> Outcome {
    let Some(queue) = context.session.queue.take() else { return Err(Value::error("ERR EXEC without MULTI")) };
    let changed = context.is_changed();
    context.unwatch();
    if queue.failed {
        return Err(Value::error("EXECABORT Transaction discarded because of previous errors."));
    }
    if changed {
        return Ok(Value::NilArray);
    }
    Ok(Value::Array(queue.commands.iter().map(|args| execute(context, args)).collect()))
}
