//! The commands of a pipeline or a transaction: `{ "set", key, value, 60 }` to what is sent, before anything is.

use std::sync::Arc;

use mlua::{Lua, MultiValue, Table, Value as LuaValue};
use nautiloid_redis::commands::{Access, Action, Command, NAME_PREFIX, Reply, Special, Spread, find_short};
use nautiloid_redis::{Batched, Client, Pool, RedisError, Request, Script, Value, unshared};

use super::reply;
use super::request::{self, ReplyType};
use super::scripts::{self, Runnable};
use super::value::{Refusal, with_bytes};
use crate::arguments::{Arguments, Callee, Raise, Text};

/// One command, ready to be sent.
pub(super) struct Planned {
    pub(super) batched: Batched,
    pub(super) convert: Convert,
}

/// What becomes of its reply.
pub(super) struct Convert {
    reply: Reply,
    reply_type: ReplyType,
    /// The script that a server may not know (any more), and the arguments behind it.
    pub(super) uploaded: Option<(Arc<Script>, Request)>,
}

impl Convert {
    fn new(reply: Reply) -> Self {
        Convert { reply, reply_type: ReplyType::String, uploaded: None }
    }
}

/// Where the commands are listed, as errors name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Pipeline,
    Transaction,
}

impl List {
    fn name(self) -> &'static str {
        match self {
            List::Pipeline => "pipeline",
            List::Transaction => "transaction",
        }
    }
}

/// A command as it is listed.
pub(super) enum Listed {
    /// Of the table.
    Planned(Box<Planned>),
    /// Any of Redis': what to send has to be found out first.
    Any(Vec<Vec<u8>>),
}

/// The commands of a list, or what is wrong with it, before anything is sent.
pub(super) fn read(client: &Client, list: List, commands: &Table) -> Result<Result<Vec<Listed>, Refusal>, Raise> {
    let mut all = Vec::with_capacity(commands.raw_len());
    for number in 1..=commands.raw_len() {
        match read_one(client, list, number, &commands.raw_get::<LuaValue>(number)?)? {
            Ok(listed) => all.push(listed),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    Ok(Ok(all))
}

fn read_one(client: &Client, list: List, number: usize, item: &LuaValue) -> Result<Result<Listed, Refusal>, Raise> {
    let place = || format!("command {number} of the {}", list.name());
    let LuaValue::Table(item) = item else {
        return Err(Raise::Message(format!("{}: a table expected, such as {{ \"get\", key }}", place())));
    };
    let name = match Text::from_value(&item.raw_get::<LuaValue>(1)?) {
        Some(name) => String::from_utf8_lossy(name.as_bytes()).into_owned(),
        None => return Err(Raise::Message(format!("{}: its first element is not the name of a command", place()))),
    };
    let short = name.strip_prefix(NAME_PREFIX).unwrap_or(&name);
    let Some(command) = find_short(short).filter(|command| command.is_listable()) else {
        return Ok(Err(Refusal(format!("unsupported {} command: {name}", list.name()))));
    };
    // As in a call of the function, the handle comes first; it is that of the whole list.
    let mut values = vec![LuaValue::Nil];
    for place in 2..=item.raw_len() {
        values.push(item.raw_get(place)?);
    }
    let values = MultiValue::from_vec(values);
    let arguments = Arguments::new(Callee::Method(command.short_name()), &values);
    match one(client, list, command, &arguments) {
        Ok(Ok(listed)) => Ok(Ok(listed)),
        Ok(Err(Refusal(message))) => Ok(Err(Refusal(format!("{} ('{short}'): {message}", place())))),
        Err(Raise::Message(message)) => Err(Raise::Message(format!("{}: {message}", place()))),
        Err(raise) => Err(raise),
    }
}

fn one(
    client: &Client,
    list: List,
    command: &Command,
    arguments: &Arguments<'_>,
) -> Result<Result<Listed, Refusal>, Raise> {
    let planned = |request, access, spread, convert| {
        Listed::Planned(Box::new(Planned { batched: Batched { request, access, spread }, convert }))
    };
    match command.action {
        Action::Send(send) => Ok(request::build(command, Request::new(send.redis), arguments)?.map(|built| {
            let convert = Convert { reply_type: built.reply_type, ..Convert::new(send.reply) };
            planned(built.request, send.access, send.spread, convert)
        })),
        Action::Special(Special::AnyCommand) => Ok(words(arguments)?.map(Listed::Any)),
        Action::Special(_) => Ok(scripts::plan(client, command, arguments)?.map(|runnable| {
            let (request, uploaded) = match (runnable, list) {
                (Runnable::Source(request), _) => (request, None),
                // A server that does not know the script would only say so when the others run.
                (Runnable::Uploaded(script, rest), List::Transaction) => (script.eval(&rest), None),
                (Runnable::Uploaded(script, rest), List::Pipeline) => (script.evalsha(&rest), Some((script, rest))),
            };
            planned(request, Access::Master, Spread::OneSlot, Convert { uploaded, ..Convert::new(scripts::REPLY) })
        })),
    }
}

/// The words of `redis_command(handle, name, …)`, unless it is a command that cannot be sent.
pub(super) fn words(arguments: &Arguments<'_>) -> Result<Result<Vec<Vec<u8>>, Refusal>, Raise> {
    arguments.text(1)?;
    let mut words = Vec::with_capacity(arguments.len());
    for index in 1..arguments.len() {
        let value = arguments.get(index).unwrap_or(&LuaValue::Nil);
        if let Err(refusal) = with_bytes(value, |bytes| words.push(bytes.to_vec())) {
            return Ok(Err(refusal));
        }
    }
    // `CLIENT INFO` in one string would be one word.
    let borrowed: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
    Ok(match unshared(&borrowed) {
        Some(problem) => Err(Refusal(problem)),
        None => Ok(words),
    })
}

/// What to send for each command; a pool of many servers may have to be asked for that.
pub(super) async fn settle(pool: &Pool, listed: Vec<Listed>) -> Result<Vec<Planned>, RedisError> {
    let mut all = Vec::with_capacity(listed.len());
    for listed in listed {
        all.push(match listed {
            Listed::Planned(planned) => *planned,
            Listed::Any(words) => {
                let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
                Planned { batched: pool.plan(&words).await?, convert: Convert::new(Reply::Plain) }
            }
        });
    }
    Ok(all)
}

/// `{ ok = true, value = … }` or `{ ok = false, err = … }`
pub(super) fn entry(
    lua: &Lua,
    outcome: Result<Value, RedisError>,
    request: &Request,
    convert: &Convert,
) -> mlua::Result<Table> {
    let entry = lua.create_table_with_capacity(0, 2)?;
    // Nothing there is an answer here, and no error.
    if !matches!(outcome, Ok(Value::Nil)) {
        let results = reply::results(lua, outcome, convert.reply, request, convert.reply_type)?;
        match results.get(1) {
            None | Some(LuaValue::Nil) => entry.raw_set("value", results.front())?,
            Some(problem) => {
                entry.raw_set("ok", false)?;
                entry.raw_set("err", problem)?;
                return Ok(entry);
            }
        }
    }
    entry.raw_set("ok", true)?;
    Ok(entry)
}
