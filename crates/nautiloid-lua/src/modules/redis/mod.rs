//! `nauthilus_redis`: every row of the table of commands as a Lua function, and as a method of handles.

mod any_command;
mod encryption;
mod handle;
mod methods;
mod options;
mod pipeline;
mod plan;
mod pools;
mod reply;
mod request;
mod scan;
mod scores;
mod scripts;
mod transaction;
mod value;

use std::rc::Rc;

use mlua::{IntoLuaMulti, Lua, MultiValue, Value as LuaValue};
use nautiloid_redis::commands::{self, Action, Command, RedisCommand, Special};
use nautiloid_redis::{Client, RedisError, Request};

use crate::arguments::{Arguments, Callee, Raise};
use crate::module::{Begin, Binder, Module};
use handle::Handles;
use value::Refusal;

use super::REDIS;

pub(super) fn module(binder: &Binder, client: &Rc<Client>) -> mlua::Result<Module> {
    let module = binder.module(REDIS)?;
    let methods = binder.module("methods of handles")?;
    for command in commands::all() {
        bind(binder, client, &module, Callee::Function(command.name), command)?;
        if command.is_method() {
            bind(binder, client, &methods, Callee::Method(command.short_name()), command)?;
        }
    }
    methods::add(binder, methods)?;
    Ok(module)
}

/// Adds what a row says to a table of functions.
fn bind(
    binder: &Binder,
    client: &Rc<Client>,
    to: &Module,
    callee: Callee,
    command: &'static Command,
) -> mlua::Result<()> {
    let client = Rc::clone(client);
    match command.action {
        Action::Send(send) => {
            binder.waiting(to, callee, move |lua, arguments| begin(lua, &client, command, &send, arguments))
        }
        Action::Special(special) => match special {
            Special::RegisterPool => {
                binder.direct(to, callee, move |lua, arguments| pools::register(lua, &client, arguments))
            }
            Special::GetConnection => {
                let handles = Handles::default();
                binder
                    .direct(to, callee, move |lua, arguments| pools::get_connection(lua, &client, &handles, arguments))
            }
            Special::UploadScript => {
                binder.waiting(to, callee, move |lua, arguments| scripts::upload(lua, &client, arguments))
            }
            Special::RunScript => {
                binder.waiting(to, callee, move |lua, arguments| scripts::run(lua, &client, command, arguments))
            }
            Special::Scan => {
                binder.waiting(to, callee, move |lua, arguments| scan::begin(lua, &client, command, arguments))
            }
            Special::Pipeline => {
                binder.waiting(to, callee, move |lua, arguments| pipeline::begin(lua, &client, arguments))
            }
            Special::Transaction => transaction::bind(binder, &client, to, callee),
            Special::Encrypt => {
                binder.direct(to, callee, move |lua, arguments| encryption::encrypt(lua, &client, arguments))
            }
            Special::Decrypt => {
                binder.direct(to, callee, move |lua, arguments| encryption::decrypt(lua, &client, arguments))
            }
            Special::IsEncryptionEnabled => {
                binder.direct(to, callee, move |lua, arguments| encryption::is_enabled(lua, &client, arguments))
            }
            Special::AnyCommand => {
                binder.waiting(to, callee, move |lua, arguments| any_command::begin(lua, &client, arguments))
            }
            Special::ScanIterator => {
                binder.iterator(to, callee, move |arguments| scan::iterate(&client, command, arguments))
            }
        },
    }
}

/// A row that is one Redis command: arguments to a request, send, reply to results.
fn begin(
    lua: &Lua,
    client: &Rc<Client>,
    command: &'static Command,
    send: &RedisCommand,
    arguments: &Arguments<'_>,
) -> Result<Begin, Raise> {
    let target = handle::target(client, arguments)?;
    let built = match request::build(command, Request::new(send.redis), arguments)? {
        Ok(built) => built,
        Err(Refusal(message)) => return Ok(Begin::Done(failure(lua, &message)?)),
    };
    let (lua, RedisCommand { reply, access, spread, .. }) = (lua.clone(), *send);
    Ok(Begin::Wait(Box::pin(async move {
        let outcome = target.pool.call(&built.request, target.access(access), spread).await;
        reply::results(&lua, outcome, reply, &built.request, built.reply_type)
    })))
}

/// `nil, message`
fn failure(lua: &Lua, message: &str) -> mlua::Result<MultiValue> {
    (LuaValue::Nil, message).into_lua_multi(lua)
}

fn redis_failure(lua: &Lua, error: &RedisError) -> mlua::Result<MultiValue> {
    match error {
        // The server's own text, byte for byte.
        RedisError::Server(text) => (LuaValue::Nil, lua.create_string(text)?).into_lua_multi(lua),
        other => failure(lua, &other.to_string()),
    }
}
