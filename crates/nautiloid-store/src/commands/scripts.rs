//! Scripts: `EVAL` and its kin, and `SCRIPT`.

use std::sync::Arc;

use bytes::Bytes;
use nautiloid_resp::{Value, Version};

use super::parse::{integer, is};
use super::{Command, Kind, command, container, execute, nothing_alone};
use crate::context::{Context, Outcome, ScriptAccess, Session};
use crate::scripts::{Declared, Script, check, run};

pub(super) const COMMANDS: &[Command] = &[
    command("eval", -3, Kind::NoScript, eval),
    command("evalsha", -3, Kind::NoScript, evalsha),
    command("eval_ro", -3, Kind::NoScript, eval_ro),
    command("evalsha_ro", -3, Kind::NoScript, evalsha_ro),
    container("script", -2, SCRIPT, nothing_alone),
];

fn eval(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    by_source(context, args, ScriptAccess::ReadWrite)
}

fn eval_ro(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    by_source(context, args, ScriptAccess::ReadOnly)
}

fn evalsha(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    by_sha(context, args, ScriptAccess::ReadWrite)
}

fn evalsha_ro(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    by_sha(context, args, ScriptAccess::ReadOnly)
}

fn by_source(context: &mut Context<'_>, args: &[Bytes], access: ScriptAccess) -> Outcome {
    let keys = keys(args)?;
    let script = load(context, &args[1])?;
    perform(context, &script, args, keys, access)
}

fn by_sha(context: &mut Context<'_>, args: &[Bytes], access: ScriptAccess) -> Outcome {
    let unknown = || Value::error("NOSCRIPT No matching script. Please use EVAL.");
    // As in Redis: what cannot be a SHA-1 is refused before the rest is looked at.
    if args[1].len() != 40 {
        return Err(unknown());
    }
    let keys = keys(args)?;
    let script = context.keyspace.scripts.get(&args[1]).ok_or_else(unknown)?;
    perform(context, &script, args, keys, access)
}

/// The number of keys, which follow it.
fn keys(args: &[Bytes]) -> Result<usize, Value> {
    let Ok(keys) = usize::try_from(integer(&args[2])?) else {
        return Err(Value::error("ERR Number of keys can't be negative"));
    };
    if keys > args.len() - 3 {
        return Err(Value::error("ERR Number of keys can't be greater than number of args"));
    }
    Ok(keys)
}

/// The script of that source, compiled, from the cache or put into it.
fn load(context: &mut Context<'_>, source: &Bytes) -> Result<Arc<Script>, Value> {
    let script = Script::new(source)?;
    if let Some(known) = context.keyspace.scripts.get(script.sha.as_bytes()) {
        return Ok(known);
    }
    check(&script)?;
    let script = Arc::new(script);
    context.keyspace.scripts.insert(Arc::clone(&script));
    Ok(script)
}

fn perform(context: &mut Context<'_>, script: &Script, args: &[Bytes], keys: usize, access: ScriptAccess) -> Outcome {
    let access = match (script.declared, access) {
        (Declared::Writes, ScriptAccess::ReadOnly) => {
            return Err(Value::error("ERR Can not execute a script with write flag using *_ro command."));
        }
        (Declared::NoWrites, _) => ScriptAccess::ReadOnly,
        (_, access) => access,
    };
    // A session of the script's own: its SELECT ends with it, and it gets its replies in RESP2.
    let mut session = Session {
        id: context.session.id,
        db: context.session.db,
        version: Version::Resp2,
        name: context.session.name.clone(),
        ..Session::default()
    };
    let mut inner =
        Context { keyspace: &mut *context.keyspace, session: &mut session, now: context.now, script: Some(access) };
    let (keys, arguments) = args[3..].split_at(keys);
    Ok(run(script, keys, arguments, &mut |args| execute(&mut inner, args)))
}

const SCRIPT: &[Command] = &[
    command("script|load", 3, Kind::NoScript, |context, args| Ok(Value::bulk(load(context, &args[2])?.sha.clone()))),
    command("script|exists", -3, Kind::NoScript, |context, args| {
        let known = |sha: &Bytes| context.keyspace.scripts.get(sha).is_some();
        Ok(Value::Array(args[2..].iter().map(|sha| Value::Integer(known(sha).into())).collect()))
    }),
    command("script|flush", -2, Kind::NoScript, |context, args| match &args[2..] {
        [] => Ok(flush(context)),
        [how] if is(how, "sync") || is(how, "async") => Ok(flush(context)),
        _ => Err(Value::error("ERR SCRIPT FLUSH only support SYNC|ASYNC option")),
    }),
    // Nobody can ask while one runs: it holds the lock.
    command("script|kill", 2, Kind::NoScript, |_, _| Err(Value::error("NOTBUSY No scripts in execution right now."))),
];

fn flush(context: &mut Context<'_>) -> Value {
    context.keyspace.scripts.clear();
    Value::OK
}
