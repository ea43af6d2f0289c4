//! `redis_transaction`: commands that run with nothing between them, and, in its form with a function, only if nobody has
//! changed what the function read.
//!
//! The function is a script's, which Rust cannot wait for: `bind_transaction` of `waiting.lua` calls it, between `begin` and
//! `commit`. What is watched meanwhile belongs to the exchange, and ends with it.

use std::rc::Rc;

use nautiloid_redis::{Executed, Pool, RedisError, Request, Watch};

use super::fault::Fault;
use super::handle::Handles;
use super::plan::{self, Convert, List, Plan};
use super::refused;
use super::reply::{Answer, Answers};
use super::value::bytes;
use crate::arguments::{Callee, Raise};
use crate::call::Call;
use crate::exchange::Current;
use crate::module::{Begin, Binder, Caller, Module};
use crate::stack::{Results, Token, TokenType, Writer};

/// Adds the function: its plain form, and the steps of the other.
pub(super) fn bind(binder: &Binder, handles: &Rc<Handles>, to: &Module, callee: Callee) -> mlua::Result<()> {
    let current = binder.current.clone();
    let (plain, begin, commit) = (Rc::clone(handles), Rc::clone(handles), Rc::clone(handles));
    let (beginning, committing) = (current.clone(), current.clone());
    let plain = binder.step(callee, Caller::Script, move |call| run(&plain, call).or_else(refused))?;
    let begin = binder.step(callee, Caller::Waiting, move |call| watch(&begin, &beginning, call).or_else(refused))?;
    let commit = binder.step(callee, Caller::Waiting, move |call| self::commit(&commit, &committing, call))?;
    let abandon = binder.immediate(callee, Caller::Waiting, move |call| {
        if let Some((watched, _)) = take(&current, call)? {
            watched.abandon();
        }
        Ok(Box::new(()))
    })?;
    binder.transaction(to, callee, [plain, begin, commit, abandon])
}

/// `redis_transaction(handle, commands)`
fn run(handles: &Handles, call: Call<'_>) -> Result<Begin, Fault> {
    let target = handles.target(call)?;
    let commands = call.table(1)?;
    if !call.is_absent(2) {
        return Err(call.expected(2, "function").into());
    }
    let mut plan = plan::read(&handles.client, List::Transaction, call, commands)?;
    Ok(Begin::Wait(Box::pin(async move {
        if let Err(error) = plan.settle(&target.pool).await {
            return Box::new(Answer::error(&error)) as Box<dyn Results>;
        }
        let (requests, converts) = parts(plan);
        if requests.is_empty() {
            return Box::new(Answers(Vec::new()));
        }
        let executed = target.pool.transaction(&requests).await;
        Box::new(Outcome::new(executed, requests, converts))
    })))
}

/// What is watched, and for which pool.
type Watched = (Watch, Rc<Pool>);

/// The first step of the form with a function: `id, handle`, or `nil, message`.
fn watch(handles: &Rc<Handles>, current: &Current, call: Call<'_>) -> Result<Begin, Fault> {
    let target = handles.target(call)?;
    let list = call.table(1)?;
    let mut keys = Vec::with_capacity(list.len());
    list.elements(|key| -> Result<(), Fault> {
        keys.push(bytes(key)?.into_owned());
        Ok(())
    })?;
    if keys.is_empty() {
        return Err(call.bad(1, "a table of one or more keys to watch expected, got an empty one").into());
    }
    let Some(exchange) = current.get() else {
        return Err(Raise::Message("a transaction was begun outside a request".to_owned()).into());
    };
    let handles = Rc::clone(handles);
    Ok(Begin::Wait(Box::pin(async move {
        let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
        match target.pool.watch(&keys).await {
            Ok(watch) => {
                let watched: Watched = (watch, Rc::clone(&target.pool));
                let (tokens, token) = handles.of_master(&target);
                Box::new(Begun { id: exchange.hold(watched), tokens, token }) as Box<dyn Results>
            }
            Err(error) => Box::new(Answer::error(&error)),
        }
    })))
}

/// The number by which a transaction is held, and the handle for its function.
struct Begun {
    id: i64,
    tokens: TokenType,
    token: Token,
}

impl Results for Begun {
    fn push(&self, out: &mut Writer) {
        out.integer(self.id);
        out.token(&self.tokens, self.token);
    }
}

/// The last step: `true` and the results, or `false` when a watched key was changed.
fn commit(handles: &Handles, current: &Current, call: Call<'_>) -> Result<Begin, Raise> {
    let Some(commands) = call.table_at(1) else {
        return Err(Raise::Message(
            "the function of a transaction has to return a table of commands, or nil for none".to_owned(),
        ));
    };
    let mut plan = match plan::read(&handles.client, List::Transaction, call, commands) {
        Ok(plan) => plan,
        Err(Fault::Refused(message)) => {
            return Ok(Begin::Done(Box::new(Committed::Done(Outcome::Failed(Answer::failure(message))))));
        }
        Err(Fault::Raised(raise)) => return Err(raise),
    };
    let Some((watch, pool)) = take(current, call)? else {
        return Err(Raise::Message("the transaction has ended already".to_owned()));
    };
    Ok(Begin::Wait(Box::pin(async move {
        if let Err(error) = plan.settle(&pool).await {
            return Box::new(Committed::Done(Outcome::Failed(Answer::error(&error)))) as Box<dyn Results>;
        }
        let (requests, converts) = parts(plan);
        Box::new(match watch.commit(&requests).await {
            Ok(None) => Committed::Changed,
            executed => Committed::Done(Outcome::new(executed, requests, converts)),
        })
    })))
}

/// What the last step gives.
enum Committed {
    Changed,
    Done(Outcome),
}

impl Results for Committed {
    fn push(&self, out: &mut Writer) {
        match self {
            Committed::Changed => out.boolean(false),
            Committed::Done(outcome) => {
                out.boolean(true);
                outcome.push(out);
            }
        }
    }
}

/// Takes what the id in the first argument stands for.
fn take(current: &Current, call: Call<'_>) -> Result<Option<Watched>, Raise> {
    let id = call.integer(0)?;
    Ok(current.get().and_then(|exchange| exchange.release::<Watched>(id)))
}

fn parts(plan: Plan) -> (Vec<Request>, Vec<Convert>) {
    (plan.items.into_iter().map(|item| item.request).collect(), plan.converts)
}

/// What became of a transaction.
enum Outcome {
    Ran(Answers),
    Failed(Answer),
}

impl Outcome {
    fn new(executed: Result<Executed, RedisError>, requests: Vec<Request>, converts: Vec<Convert>) -> Self {
        match executed {
            Ok(Some(outcomes)) => {
                let parts = outcomes.into_iter().zip(requests).zip(converts);
                Outcome::Ran(Answers(
                    parts.map(|((outcome, request), convert)| convert.answer(outcome, request)).collect(),
                ))
            }
            Ok(None) => Outcome::Failed(Answer::failure("redis: transaction failed: a watched key was changed")),
            Err(error) => Outcome::Failed(Answer::error(&error)),
        }
    }
}

impl Results for Outcome {
    fn push(&self, out: &mut Writer) {
        match self {
            Outcome::Ran(answers) => answers.push(out),
            Outcome::Failed(failure) => failure.push(out),
        }
    }
}
