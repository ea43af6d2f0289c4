//! `nauthilus_redis`: every row of the table of commands as a Lua function, and as a method of handles.

mod any_command;
mod encryption;
mod fault;
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

use nautiloid_redis::commands::{self, Action, Command, RedisCommand, Special};
use nautiloid_redis::{Client, Request};

use crate::arguments::{Callee, Raise};
use crate::call::Call;
use crate::module::{Begin, Binder, Caller, Module};
use crate::stack::Results;
use fault::Fault;
use handle::Handles;
use reply::Answer;
use request::Built;

use super::REDIS;

pub(super) fn module(binder: &Binder, client: &Rc<Client>) -> mlua::Result<Module> {
    let handles = Handles::new(client);
    let module = binder.module(REDIS)?;
    let methods = binder.module("methods of handles")?;
    for command in commands::all() {
        bind(binder, &handles, &module, Callee::Function(command.name), command)?;
        if command.is_method() {
            bind(binder, &handles, &methods, Callee::Method(command.short_name()), command)?;
        }
    }
    methods::add(binder, &handles, methods)?;
    Ok(module)
}

/// Adds what a row says to a table of functions.
fn bind(
    binder: &Binder,
    handles: &Rc<Handles>,
    to: &Module,
    callee: Callee,
    command: &'static Command,
) -> mlua::Result<()> {
    let handles = Rc::clone(handles);
    // What waits for a server, and what has its answer here.
    let waiting = |begin: fn(&Rc<Handles>, &'static Command, Call<'_>) -> Result<Begin, Fault>| {
        let handles = Rc::clone(&handles);
        binder.waiting(to, callee, move |call| begin(&handles, command, call).or_else(refused))
    };
    let immediate = |answer: fn(&Handles, Call<'_>) -> Result<Answer, Fault>| {
        let handles = Rc::clone(&handles);
        let function = binder.immediate(callee, Caller::Script, move |call| match answer(&handles, call) {
            Ok(answer) => Ok(Box::new(answer) as Box<dyn Results>),
            Err(Fault::Refused(message)) => Ok(Box::new(Answer::failure(message))),
            Err(Fault::Raised(raise)) => Err(raise),
        })?;
        to.add(callee, function)
    };
    match command.action {
        Action::Send(send) => {
            binder.waiting(to, callee, move |call| begin(&handles, command, &send, call).or_else(refused))
        }
        Action::Special(special) => match special {
            Special::RegisterPool => {
                binder.direct(to, callee, move |lua, arguments| pools::register(lua, &handles.client, arguments))
            }
            Special::GetConnection => {
                binder.direct(to, callee, move |lua, arguments| pools::get_connection(lua, &handles, arguments))
            }
            Special::UploadScript => waiting(|handles, _, call| scripts::upload(handles, call)),
            Special::RunScript => waiting(|handles, command, call| scripts::run(handles, command, call)),
            Special::Scan => waiting(|handles, command, call| scan::begin(handles, command, call)),
            Special::Pipeline => waiting(|handles, _, call| pipeline::begin(handles, call)),
            Special::AnyCommand => waiting(|handles, _, call| any_command::begin(handles, call)),
            Special::Transaction => transaction::bind(binder, &handles, to, callee),
            Special::ScanIterator => scan::bind_iterator(binder, &handles, to, callee, command),
            Special::Encrypt => immediate(encryption::encrypt),
            Special::Decrypt => immediate(encryption::decrypt),
            Special::IsEncryptionEnabled => immediate(encryption::is_enabled),
        },
    }
}

/// A row that is one Redis command: arguments to a request, send, reply to results.
fn begin(handles: &Handles, command: &'static Command, send: &RedisCommand, call: Call<'_>) -> Result<Begin, Fault> {
    let target = handles.target(call)?;
    let built = request::build(command, Request::new(send.redis), call)?;
    let RedisCommand { reply, access, spread, .. } = *send;
    let Built { request, reply_type } = built;
    let call = target.pool.begin(request, target.access(access), spread);
    Ok(Begin::Wait(Box::pin(async move {
        let (outcome, request) = call.await;
        Box::new(Answer::new(outcome, reply, request, reply_type)) as Box<dyn Results>
    })))
}

/// What a call ends with whose arguments are refused.
fn refused(fault: Fault) -> Result<Begin, Raise> {
    match fault {
        Fault::Refused(message) => Ok(Begin::Done(Box::new(Answer::failure(message)))),
        Fault::Raised(raise) => Err(raise),
    }
}
