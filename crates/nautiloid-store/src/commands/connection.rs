//! Commands about the connection itself.

use bytes::Bytes;
use nautiloid_resp::{Value, Version};

use super::parse::{bulk, error_about, integer_within, is, syntax};
use super::{Command, Kind, command, container, nothing_alone, wrong_number};
use crate::VERSION;
use crate::context::{Context, Outcome, Session};
use crate::keyspace::DATABASES;

pub(super) const COMMANDS: &[Command] = &[
    command("ping", -1, Kind::Other, ping),
    command("echo", 2, Kind::Other, |_, args| Ok(Value::Bulk(args[1].clone()))),
    command("select", 2, Kind::Other, select),
    command("auth", -2, Kind::NoScript, auth),
    command("hello", -1, Kind::NoScript, hello),
    container("client", -2, CLIENT, nothing_alone),
    command("quit", -1, Kind::NoScript, quit),
    command("reset", 1, Kind::NoScript, reset),
];

fn ping(_: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    match args {
        [_] => Ok(Value::Status("PONG".into())),
        [_, message] => Ok(Value::Bulk(message.clone())),
        _ => Err(wrong_number("ping")),
    }
}

fn select(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let number = integer_within(&args[1], i32::MIN.into(), i32::MAX.into())?;
    let db = usize::try_from(number).ok().filter(|db| *db < DATABASES);
    context.session.db = db.ok_or_else(|| Value::error("ERR DB index is out of range"))?;
    Ok(Value::OK)
}

/// There is one user, `default`, and no password.
fn auth(_: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    match args {
        [_, _] => Err(Value::error(
            "ERR AUTH <password> called without any password configured for the default user. \
             Are you sure your configuration is correct?",
        )),
        [_, user, _] => check_user(user).map(|()| Value::OK),
        _ => Err(syntax()),
    }
}

fn check_user(user: &Bytes) -> Result<(), Value> {
    if user == "default" {
        Ok(())
    } else {
        Err(Value::error("WRONGPASS invalid username-password pair or user is disabled."))
    }
}

fn hello(context: &mut Context<'_>, args: &[Bytes]) -> Outcome {
    let mut version = context.session.version;
    if let Some(number) = args.get(1) {
        version = match super::parse::strict_integer(number) {
            Some(2) => Version::Resp2,
            Some(3) => Version::Resp3,
            Some(_) => return Err(Value::error("NOPROTO unsupported protocol version")),
            None => return Err(Value::error("ERR Protocol version is not an integer or out of range")),
        };
    }
    let mut rest = args.get(2..).unwrap_or_default();
    while let Some(option) = rest.first() {
        rest = match rest {
            [_, user, _, rest @ ..] if is(option, "auth") => {
                check_user(user)?;
                rest
            }
            [_, new, rest @ ..] if is(option, "setname") => {
                // As in Redis, it stays even if a later option is wrong.
                context.session.name = check_name(new)?;
                rest
            }
            _ => {
                return Err(error_about("ERR Syntax error in HELLO option '", option, usize::MAX, "'"));
            }
        };
    }
    context.session.version = version;
    let text = |text: &'static str| Value::Bulk(Bytes::from_static(text.as_bytes()));
    let protocol = if version == Version::Resp3 { 3 } else { 2 };
    Ok(Value::Map(vec![
        (text("server"), text("redis")),
        (text("version"), text(VERSION)),
        (text("proto"), Value::Integer(protocol)),
        (text("id"), Value::Integer(i64::try_from(context.session.id).unwrap_or(i64::MAX))),
        (text("mode"), text("standalone")),
        (text("role"), text("master")),
        (text("modules"), Value::Array(Vec::new())),
    ]))
}

const CLIENT: &[Command] = &[
    command("client|id", 2, Kind::NoScript, |context, _| {
        Ok(Value::Integer(i64::try_from(context.session.id).unwrap_or(i64::MAX)))
    }),
    command("client|getname", 2, Kind::NoScript, |context, _| {
        let name = &context.session.name;
        Ok(if name.is_empty() { Value::Nil } else { Value::Bulk(name.clone()) })
    }),
    command("client|setname", 3, Kind::NoScript, |context, args| {
        context.session.name = check_name(&args[2])?;
        Ok(Value::OK)
    }),
    command("client|info", 2, Kind::NoScript, |context, _| Ok(bulk(describe(context.session).as_bytes()))),
    command("client|list", -2, Kind::NoScript, |context, _| Ok(bulk(describe(context.session).as_bytes()))),
    command("client|no-evict", 3, Kind::NoScript, |_, args| {
        if is(&args[2], "on") || is(&args[2], "off") { Ok(Value::OK) } else { Err(syntax()) }
    }),
];

fn describe(session: &Session) -> String {
    format!("id={} name={} db={}\n", session.id, String::from_utf8_lossy(&session.name), session.db)
}

fn check_name(name: &Bytes) -> Result<Bytes, Value> {
    if name.iter().all(|b| (b'!'..=b'~').contains(b)) {
        Ok(Bytes::copy_from_slice(name))
    } else {
        Err(Value::error("ERR Client names cannot contain spaces, newlines or special characters."))
    }
}

fn quit(context: &mut Context<'_>, _: &[Bytes]) -> Outcome {
    context.session.quit = true;
    Ok(Value::OK)
}

fn reset(context: &mut Context<'_>, _: &[Bytes]) -> Outcome {
    context.unwatch();
    *context.session = Session { id: context.session.id, ..Session::default() };
    Ok(Value::Status("RESET".into()))
}
