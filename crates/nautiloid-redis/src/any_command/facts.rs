//! What a server says of a command: whether it writes, and where its keys are.

use std::rc::Rc;

use nautiloid_resp::{Request, Value};

use crate::commands::{Access, Spread};
use crate::{Pool, RedisError};

/// What is known of a command.
#[derive(Debug)]
pub(crate) struct Facts {
    access: Access,
    keys: Keys,
}

/// Which arguments are keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keys {
    None,
    /// Every `step`th from `first` to `last`, which counts from the end when it is negative.
    Fixed {
        first: i64,
        last: i64,
        step: i64,
    },
    /// It depends on the call: the server has to be asked each time.
    Ask,
}

impl Pool {
    /// The facts of a command, asked once.
    pub(super) async fn facts(&self, name: &[u8]) -> Result<Rc<Facts>, RedisError> {
        let name = name.to_ascii_uppercase();
        if let Some(facts) = self.known_facts().borrow().get(&name) {
            return Ok(Rc::clone(facts));
        }
        let mut request = Request::new("COMMAND INFO");
        request.arg(&name);
        let reply = self.call(&request, Access::Read, Spread::OneSlot).await?;
        let facts = Rc::new(Facts::read(&reply));
        // A command that does not exist would otherwise be a way to fill the memory.
        if is_known(&reply) {
            self.known_facts().borrow_mut().insert(name, Rc::clone(&facts));
        }
        Ok(facts)
    }
}

/// Whether the server knows the command.
fn is_known(reply: &Value) -> bool {
    matches!(reply, Value::Array(commands) if matches!(commands.first(), Some(Value::Array(_))))
}

impl Facts {
    /// Of a command that the server does not know, too: that it says itself.
    fn read(reply: &Value) -> Self {
        let parts = match reply {
            Value::Array(commands) => match commands.first() {
                Some(Value::Array(parts)) => parts.as_slice(),
                _ => &[],
            },
            _ => &[],
        };
        let has = |flag: &str| match parts.get(2) {
            Some(Value::Array(flags) | Value::Set(flags)) => {
                flags.iter().any(|known| matches!(known, Value::Status(name) | Value::Bulk(name) if name == flag))
            }
            _ => false,
        };
        let number = |place: usize| match parts.get(place) {
            Some(Value::Integer(number)) => *number,
            _ => 0,
        };
        let access = match (has("write"), has("readonly")) {
            (true, _) => Access::Write,
            (false, true) if is_step(parts.first()) => Access::Step,
            (false, true) => Access::Read,
            (false, false) => Access::Master,
        };
        let has_subcommands = matches!(parts.get(9), Some(Value::Array(subcommands)) if !subcommands.is_empty());
        let keys = match (number(3), number(4), number(5)) {
            _ if has("movablekeys") || has_subcommands => Keys::Ask,
            (0, ..) => Keys::None,
            (first, last, step) => Keys::Fixed { first, last, step: step.max(1) },
        };
        Facts { access, keys }
    }

    pub(super) fn access(&self) -> Access {
        self.access
    }

    /// The places of the keys among the words of a call.
    pub(super) async fn keys(&self, pool: &Pool, words: &[&[u8]]) -> Result<Vec<usize>, RedisError> {
        match self.keys {
            Keys::None => Ok(Vec::new()),
            Keys::Fixed { first, last, step } => Ok(places(first, last, step, words.len())),
            Keys::Ask => {
                let mut request = Request::new("COMMAND GETKEYS");
                for word in words {
                    request.arg(word);
                }
                Ok(match pool.call(&request, Access::Read, Spread::OneSlot).await {
                    Ok(Value::Array(keys)) => places_of(&keys, words),
                    // It has none, or is wrong: the server that gets it will say so.
                    Ok(_) | Err(RedisError::Server(_)) => Vec::new(),
                    Err(error) => return Err(error),
                })
            }
        }
    }
}

/// Whether it is `SCAN` or one of its kind.
fn is_step(name: Option<&Value>) -> bool {
    matches!(name, Some(Value::Bulk(name) | Value::Status(name)) if name.to_ascii_lowercase().ends_with(b"scan"))
}

fn places(first: i64, last: i64, step: i64, words: usize) -> Vec<usize> {
    let count = i64::try_from(words).unwrap_or(i64::MAX);
    let last = if last < 0 { count + last } else { last };
    let places = (first..=last.min(count - 1)).step_by(usize::try_from(step).unwrap_or(1));
    places.filter_map(|place| usize::try_from(place).ok()).collect()
}

/// Where these keys are, each in its turn.
fn places_of(keys: &[Value], words: &[&[u8]]) -> Vec<usize> {
    let mut from = 1;
    let mut places = Vec::with_capacity(keys.len());
    for key in keys {
        let Value::Bulk(key) = key else { continue };
        let found = (from..words.len()).find(|&place| words.get(place).is_some_and(|word| *word == &**key));
        if let Some(place) = found {
            places.push(place);
            from = place + 1;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(flags: &[&'static str], places: [i64; 3]) -> Value {
        let flags = flags.iter().map(|flag| Value::Status((*flag).into())).collect();
        let mut parts = vec![Value::bulk("name"), Value::Integer(2), Value::Set(flags)];
        parts.extend(places.map(Value::Integer));
        Value::Array(vec![Value::Array(parts)])
    }

    #[test]
    fn facts_are_read_from_the_reply() {
        let facts = Facts::read(&described(&["readonly", "fast"], [1, 1, 1]));
        assert_eq!((facts.access, facts.keys), (Access::Read, Keys::Fixed { first: 1, last: 1, step: 1 }));
        let facts = Facts::read(&described(&["write", "movablekeys"], [1, 1, 1]));
        assert_eq!((facts.access, facts.keys), (Access::Write, Keys::Ask));
        let unknown = Facts::read(&Value::Array(vec![Value::Nil]));
        assert_eq!((unknown.access, unknown.keys), (Access::Master, Keys::None));
    }

    #[test]
    fn places_are_counted_from_both_ends() {
        assert_eq!(places(1, -1, 2, 5), [1, 3]);
        assert_eq!(places(1, 1, 1, 3), [1]);
        assert_eq!(places(1, -1, 1, 1), [0_usize; 0]);
        let keys = [Value::bulk("a"), Value::bulk("a")];
        assert_eq!(places_of(&keys, &[b"X", b"2", b"a", b"a", b"b"]), [2, 3]);
    }
}
