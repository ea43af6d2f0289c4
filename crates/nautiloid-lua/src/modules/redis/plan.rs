//! The commands of a pipeline or a transaction: `{ "set", key, value, 60 }` to what is sent, before anything is.

use std::sync::Arc;

use nautiloid_redis::commands::{Access, Action, Command, NAME_PREFIX, Reply, Special, Spread, find_short};
use nautiloid_redis::{Batched, Client, Pool, RedisError, Request, Script, Value, unshared};

use super::fault::Fault;
use super::reply::Answer;
use super::request::{self, ReplyType};
use super::scripts::{self, Runnable};
use super::value::bytes;
use crate::arguments::{Callee, Raise};
use crate::call::{Call, shown, text};
use crate::stack::{Seen, Table};

/// Commands, ready to be sent.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) items: Vec<Batched>,
    pub(super) converts: Vec<Convert>,
    /// Any commands of Redis, by their places: what to send for them has to be found out first.
    unsettled: Vec<(usize, Vec<Vec<u8>>)>,
}

/// What becomes of the reply to a command.
pub(super) struct Convert {
    reply: Reply,
    reply_type: ReplyType,
    /// The script that a server may not know (any more), and the arguments behind it.
    pub(super) uploaded: Option<Box<(Arc<Script>, Request)>>,
}

impl Convert {
    fn new(reply: Reply) -> Self {
        Convert { reply, reply_type: ReplyType::String, uploaded: None }
    }

    /// The answer to the command that `request` was.
    pub(super) fn answer(&self, outcome: Result<Value, RedisError>, request: Request) -> Answer {
        Answer::new(outcome, self.reply, request, self.reply_type)
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

/// Most elements of one command: they are laid out as the arguments of a call, of which there can be no more either. Those
/// of a table among them do not count.
const MOST_WORDS: usize = 7_000;

/// The commands of a list, or what is wrong with it, before anything is sent.
pub(super) fn read(client: &Client, list: List, call: Call<'_>, commands: Table<'_>) -> Result<Plan, Fault> {
    let count = commands.len();
    let mut plan =
        Plan { items: Vec::with_capacity(count), converts: Vec::with_capacity(count), unsettled: Vec::new() };
    for number in 1..=count {
        commands.element(number, |slot, _| read_one(&mut plan, client, list, number, call, slot))??;
    }
    Ok(plan)
}

fn read_one(
    plan: &mut Plan,
    client: &Client,
    list: List,
    number: usize,
    call: Call<'_>,
    slot: usize,
) -> Result<(), Fault> {
    let place = || format!("command {number} of the {}", list.name());
    let raised = |problem: &str| Fault::Raised(Raise::Message(format!("{}{problem}", place())));
    let Some(item) = call.table_in(slot) else {
        return Err(raised(": a table expected, such as { \"get\", key }"));
    };
    if item.len() > MOST_WORDS {
        return Err(raised(&format!(
            ": it has {} elements, {MOST_WORDS} at most: put the values into a table of their own, \
             {{ \"sadd\", key, {{ … }} }}",
            item.len()
        )));
    }
    // As in a call of the function, what comes first is the handle, that of the whole list: the name is in its place.
    item.spread(|first| {
        let words = call.of_slots(Callee::Method(""), first, item.len());
        let Some(name) = words.get(0).and_then(text) else {
            return Err(raised(": its first element is not the name of a command"));
        };
        let short = name.strip_prefix(NAME_PREFIX.as_bytes()).unwrap_or(&name);
        let command = std::str::from_utf8(short).ok().and_then(find_short).filter(|command| command.is_listable());
        let Some(command) = command else {
            return Err(Fault::Refused(format!("unsupported {} command: {}", list.name(), shown(&name))));
        };
        let words = call.of_slots(Callee::Method(command.short_name()), first, item.len());
        add(plan, client, list, command, words).map_err(|fault| match fault {
            Fault::Refused(message) => Fault::Refused(format!("{} ('{}'): {message}", place(), shown(short))),
            Fault::Raised(Raise::Message(message)) => raised(&format!(": {message}")),
            raised => raised,
        })
    })?
}

fn add(plan: &mut Plan, client: &Client, list: List, command: &Command, call: Call<'_>) -> Result<(), Fault> {
    let (request, access, spread, convert) = match command.action {
        Action::Send(send) => {
            let built = request::build(command, Request::new(send.redis), call)?;
            let convert = Convert { reply_type: built.reply_type, ..Convert::new(send.reply) };
            (built.request, send.access, send.spread, convert)
        }
        Action::Special(Special::AnyCommand) => {
            plan.unsettled.push((plan.items.len(), words(call)?));
            (Request::default(), Access::Write, Spread::OneSlot, Convert::new(Reply::Plain))
        }
        Action::Special(_) => {
            let (request, uploaded) = match (scripts::plan(client, command, call)?, list) {
                (Runnable::Source(request), _) => (request, None),
                // A server that does not know the script would only say so when the others run.
                (Runnable::Uploaded(script, rest), List::Transaction) => (script.eval(&rest), None),
                (Runnable::Uploaded(script, rest), List::Pipeline) => {
                    (script.evalsha(&rest), Some(Box::new((script, rest))))
                }
            };
            (request, Access::Master, Spread::OneSlot, Convert { uploaded, ..Convert::new(scripts::REPLY) })
        }
    };
    plan.items.push(Batched { request, access, spread });
    plan.converts.push(convert);
    Ok(())
}

/// The words of `redis_command(handle, name, …)`, unless it is a command that cannot be sent.
pub(super) fn words(call: Call<'_>) -> Result<Vec<Vec<u8>>, Fault> {
    call.text(1)?;
    let mut words = Vec::with_capacity(call.len());
    for index in 1..call.len() {
        words.push(bytes(call.get(index).unwrap_or(Seen::Nil))?.into_owned());
    }
    // `CLIENT INFO` in one string would be one word.
    let borrowed: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
    match unshared(&borrowed) {
        Some(problem) => Err(Fault::Refused(problem)),
        None => Ok(words),
    }
}

impl Plan {
    /// Finds out what to send for any commands of Redis; a pool of many servers may have to be asked for that.
    pub(super) async fn settle(&mut self, pool: &Pool) -> Result<(), RedisError> {
        for (place, words) in std::mem::take(&mut self.unsettled) {
            let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
            let batched = pool.plan(&words).await?;
            if let Some(item) = self.items.get_mut(place) {
                *item = batched;
            }
        }
        Ok(())
    }
}
