//! Tables of options: `{ nx = true, ex = 60 }`.

use nautiloid_redis::Request;
use nautiloid_redis::commands::{Choice, LIMIT, Takes};

use crate::arguments::Raise;
use crate::call::{Call, integer, shown, text};
use crate::stack::{Seen, Table};

/// Adds what the options at `index` become, in the order of the row, so that equal calls are equal commands.
pub(super) fn add(
    request: &mut Request,
    index: usize,
    table: Table<'_>,
    choices: &'static [Choice],
    call: Call<'_>,
) -> Result<(), Raise> {
    // A negative count is all that are left.
    let (mut limited, mut offset, mut count) = (false, 0, -1);
    for (choice, value) in chosen(index, table, choices, call)? {
        let option = Chosen { index, choice, value, call };
        match choice.takes {
            Takes::LimitOffset => (limited, offset) = (true, option.integer("an integer", |_| true)?),
            Takes::LimitCount => (limited, count) = (true, option.integer("an integer", |_| true)?),
            _ => {
                request.arg(choice.redis.as_bytes());
                option.add_value(request)?;
            }
        }
    }
    if limited {
        request.arg(b"LIMIT").integer(offset).integer(count);
    }
    Ok(())
}

/// Adds which entries of a stream stay: `MAXLEN ~ 1000`, the flag between the name and the value of the other option.
pub(super) fn trim(
    request: &mut Request,
    index: usize,
    choices: &'static [Choice],
    call: Call<'_>,
) -> Result<(), Raise> {
    let chosen = chosen(index, call.table(index)?, choices, call)?;
    let is_flag = |choice: &Choice| choice.takes == Takes::Flag;
    let Some((choice, value)) = chosen.iter().find(|(choice, _)| !is_flag(choice)) else {
        let names = choices.iter().filter(|choice| !is_flag(choice)).map(|choice| format!("'{}'", choice.name));
        let names: Vec<String> = names.collect();
        return Err(call.bad(index, &format!("the option {} expected", names.join(" or "))));
    };
    request.arg(choice.redis.as_bytes());
    for (flag, value) in chosen.iter().filter(|(choice, _)| is_flag(choice)) {
        request.arg(flag.redis.as_bytes());
        Chosen { index, choice: flag, value: *value, call }.add_value(request)?;
    }
    Chosen { index, choice, value: *value, call }.add_value(request)
}

/// Adds `LIMIT offset count`: from a table, or from the two arguments at `index`.
pub(super) fn limit(request: &mut Request, index: usize, call: Call<'_>) -> Result<(), Raise> {
    if let Some(table) = call.table_at(index) {
        return add(request, index, table, LIMIT, call);
    }
    let (offset, count) = (call.integer(index)?, call.integer(index + 1)?);
    request.arg(b"LIMIT").integer(offset).integer(count);
    Ok(())
}

/// The choices that were made, in the order of the row.
fn chosen<'s>(
    index: usize,
    table: Table<'s>,
    choices: &'static [Choice],
    call: Call<'s>,
) -> Result<Vec<(&'static Choice, Seen<'s>)>, Raise> {
    let mut values = vec![Seen::Nil; choices.len()];
    table.pairs(|key, value| {
        let known = match key {
            Seen::String(key) => choices.iter().position(|choice| key == choice.name.as_bytes()),
            _ => None,
        };
        match known.and_then(|place| values.get_mut(place)) {
            Some(place) => {
                *place = value;
                Ok(())
            }
            None => {
                let names: Vec<&str> = choices.iter().map(|choice| choice.name).collect();
                let key = text(key).map_or_else(|| key.type_name().to_owned(), |key| shown(&key));
                Err(call.bad(index, &format!("unknown option '{key}': there are {}", names.join(", "))))
            }
        }
    })?;
    let mut chosen: Vec<(&Choice, Seen<'s>)> = Vec::new();
    for (choice, value) in choices.iter().zip(values) {
        if matches!(value, Seen::Nil | Seen::Boolean(false)) {
            continue;
        }
        if let Some((other, _)) =
            chosen.iter().find(|(other, _)| !choice.group.is_empty() && other.group == choice.group)
        {
            let problem = format!("the options '{}' and '{}' exclude each other", other.name, choice.name);
            return Err(call.bad(index, &problem));
        }
        chosen.push((choice, value));
    }
    Ok(chosen)
}

/// An option with its value.
struct Chosen<'s> {
    index: usize,
    choice: &'static Choice,
    value: Seen<'s>,
    call: Call<'s>,
}

impl Chosen<'_> {
    fn add_value(&self, request: &mut Request) -> Result<(), Raise> {
        match self.choice.takes {
            Takes::Flag => {
                if self.value != Seen::Boolean(true) {
                    return Err(self.expected("true or false"));
                }
            }
            Takes::Positive => {
                request.integer(self.integer("an integer more than 0", |n| n > 0)?);
            }
            Takes::Count => {
                request.integer(self.integer("an integer of 0 or more", |n| n >= 0)?);
            }
            Takes::Integer | Takes::LimitOffset | Takes::LimitCount => {
                request.integer(self.integer("an integer", |_| true)?);
            }
            Takes::Text => {
                request.arg(&text(self.value).ok_or_else(|| self.expected("string"))?);
            }
        }
        Ok(())
    }

    fn integer(&self, what: &str, fits: impl Fn(i64) -> bool) -> Result<i64, Raise> {
        let number = match self.value {
            Seen::Number(n) => integer(n),
            _ => None,
        };
        number.filter(|n| fits(*n)).ok_or_else(|| self.expected(what))
    }

    fn expected(&self, what: &str) -> Raise {
        let got = match self.value {
            Seen::Number(_) => text(self.value).map(|digits| shown(&digits)),
            _ => None,
        };
        let got = got.unwrap_or_else(|| self.value.type_name().to_owned());
        self.call.bad(self.index, &format!("option '{}': {what} expected, got {got}", self.choice.name))
    }
}
