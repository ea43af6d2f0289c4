//! The host of a worker: one VM, and every way to run a script in it.

use std::cell::Cell;
use std::fmt::Display;
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use mlua::{Lua, MultiValue, Value};
use nautiloid_redis::Client;

use crate::driver::Driver;
use crate::error::{HostError, ScriptError};
use crate::exchange::{ClientAddress, Current, Exchange, HookRequest};
use crate::sandbox::{self, Entry};
use crate::session::Session;
use crate::settings::Settings;
use crate::source::{Program, Source};
use crate::stack::{Results, Writer};
use crate::{json, modules};

/// One VM with everything scripts can require. It belongs to its thread.
pub struct Host {
    lua: Lua,
    driver: Driver,
    entry: Entry,
    /// Keys of this host, from the operating system, that turn the count of sessions into ids nobody can guess.
    session_keys: [RandomState; 2],
    sessions: Cell<u64>,
}

impl Host {
    /// A host whose scripts reach Redis through `redis`.
    ///
    /// # Errors
    /// The VM could not be set up.
    pub fn new(settings: &Settings, redis: Rc<Client>) -> Result<Self, HostError> {
        let lua = sandbox::new_vm()?;
        let current = Current::default();
        let entry = sandbox::set_up(&lua, settings, &current, |binder| modules::all(binder, &redis))?;
        let driver = Driver::new(&lua, current)?;
        let session_keys = [RandomState::new(), RandomState::new()];
        Ok(Host { lua, driver, entry, session_keys, sessions: Cell::new(0) })
    }

    /// Compiles a script for this VM.
    ///
    /// # Errors
    /// What is wrong with it, with name and line.
    pub fn compile(&self, source: &Source) -> Result<Program, ScriptError> {
        source.compile(&self.lua)
    }

    /// Runs a hook for one request: the script's top level, then `nauthilus_run_hook(request)`.
    ///
    /// What the script wrote with `nauthilus_http_response` is the response. A value that it returns is the answer as
    /// JSON; without either it is `204 No Content`.
    ///
    /// # Errors
    /// The script failed, defines no callback, or returned what JSON cannot hold.
    pub async fn run_hook(&self, program: &Program, request: HookRequest) -> Result<Response<Bytes>, ScriptError> {
        let arguments = HookArguments {
            session: self.session(),
            client: Rc::clone(&request.client),
            method: request.parts.method.clone(),
        };
        let exchange = Exchange::new(Some(request));
        self.driver.serve(&exchange, &self.entry.serve, program, &arguments).await?;
        respond(program, &exchange)
    }

    /// Runs an init script: its top level, then `nauthilus_run_hook(logging)` if it defines that.
    ///
    /// # Errors
    /// The script failed.
    pub async fn run_init(&self, program: &Program) -> Result<(), ScriptError> {
        let session = self.session();
        let arguments = (&program.factory, session.as_str());
        self.driver.run(&Exchange::new(None), &self.entry.init, arguments).await.map(drop)
    }

    /// Runs a script of the command line, with `arg` set. Its results, or those of `nauthilus_run_hook` if it defines
    /// that, are given as JSON, a line each; `None` when there are none.
    ///
    /// # Errors
    /// The script failed, or returned what JSON cannot hold.
    pub async fn run_main(&self, program: &Program, args: &[String]) -> Result<Option<String>, ScriptError> {
        let arg = self.lua.create_table()?;
        arg.raw_set(0, program.name())?;
        for (i, value) in args.iter().enumerate() {
            arg.raw_set(i + 1, value.as_str())?;
        }
        let mut arguments: MultiValue = args
            .iter()
            .map(|value| self.lua.create_string(value).map(Value::String))
            .collect::<mlua::Result<Vec<_>>>()?
            .into();
        for value in [
            Value::Table(arg),
            Value::String(self.lua.create_string(self.session().as_str())?),
            Value::Function(program.factory.clone()),
        ] {
            arguments.push_front(value);
        }
        let results = self.driver.run(&Exchange::new(None), &self.entry.main, arguments).await?;
        // A lone nil says as much as no result.
        if results.iter().all(Value::is_nil) && results.len() < 2 {
            return Ok(None);
        }
        let lines = results
            .iter()
            .map(|value| to_json(&self.lua, program, value).map(|json| String::from_utf8_lossy(&json).into_owned()));
        Ok(Some(lines.collect::<Result<Vec<_>, _>>()?.join("\n")))
    }

    pub(crate) fn lua(&self) -> &Lua {
        &self.lua
    }

    pub(crate) fn driver(&self) -> &Driver {
        &self.driver
    }

    pub(crate) fn entry(&self) -> &Entry {
        &self.entry
    }

    /// An id for one run of a script, unique over workers and restarts.
    fn session(&self) -> Session {
        let n = self.sessions.get();
        self.sessions.set(n + 1);
        Session::new(self.session_keys.each_ref().map(|key| key.hash_one(n)))
    }
}

/// What a hook is told of its request, for `serve` of `entry.lua`.
struct HookArguments {
    session: Session,
    method: Method,
    client: Rc<ClientAddress>,
}

impl Results for HookArguments {
    fn push(&self, out: &mut Writer) {
        out.string(self.session.as_str());
        out.string(self.method.as_str());
        out.string(&*self.client.ip);
        out.integer(self.client.port.into());
    }
}

fn to_json(lua: &Lua, program: &Program, value: &Value) -> Result<Vec<u8>, ScriptError> {
    json::encode(lua, value).map_err(|error| ScriptError::new(format!("{}: the result: {error}", program.name()), ""))
}

fn respond(program: &Program, exchange: &Exchange) -> Result<Response<Bytes>, ScriptError> {
    let failed = |what: &str, error: &dyn Display| ScriptError::new(format!("{}: {what}: {error}", program.name()), "");
    let mut draft = exchange.response.take();
    let (default_status, body) = match (draft.body.take(), exchange.result.take()) {
        (Some(body), _) => (StatusCode::OK, body),
        (None, None) if draft.status.is_some() => (StatusCode::OK, Bytes::new()),
        (None, None) => (StatusCode::NO_CONTENT, Bytes::new()),
        (None, Some(json)) => {
            let json = json.map_err(|error| failed("the result", &error))?;
            draft.content_type("application/json").map_err(|error| failed("the response", &error))?;
            (StatusCode::OK, json.into())
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = draft.status.unwrap_or(default_status);
    *response.headers_mut() = draft.headers;
    Ok(response)
}
