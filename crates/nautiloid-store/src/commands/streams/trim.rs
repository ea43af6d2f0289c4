//! The options by which XADD and XTRIM say what may stay.

use bytes::Bytes;
use nautiloid_resp::Value;

use super::ids::stream_id;
use crate::commands::parse::{integer, is, syntax};
use crate::keyspace::{Bound, Trim};

/// Most entries that go at once when it need not be exact: a hundred nodes, as in Redis.
const USUAL_LIMIT: usize = 100 * 100;

/// Options of XADD and XTRIM, as far as they have been read.
#[derive(Debug, Default)]
pub(super) struct TrimOptions {
    bound: Option<Bound>,
    approximate: bool,
    limit: Option<usize>,
}

impl TrimOptions {
    /// Takes an option from the front of `args`; `false` when there is none.
    pub(super) fn take(&mut self, args: &mut &[Bytes]) -> Result<bool, Value> {
        match args {
            [name, value, rest @ ..] if is(name, "limit") => {
                let limit = usize::try_from(integer(value)?);
                self.limit = Some(limit.map_err(|_| Value::error("ERR The LIMIT argument must be >= 0."))?);
                *args = rest;
            }
            [name, how, value, rest @ ..] if is_bound(name) && (is(how, "~") || is(how, "=")) => {
                self.take_bound(name, value, is(how, "~"))?;
                *args = rest;
            }
            [name, value, rest @ ..] if is_bound(name) => {
                self.take_bound(name, value, false)?;
                *args = rest;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn take_bound(&mut self, name: &Bytes, value: &Bytes, approximate: bool) -> Result<(), Value> {
        if self.bound.is_some() {
            return Err(Value::error("ERR syntax error, MAXLEN and MINID options at the same time are not compatible"));
        }
        self.approximate = approximate;
        self.bound = Some(if is(name, "maxlen") {
            let most = usize::try_from(integer(value)?);
            Bound::Length(most.map_err(|_| Value::error("ERR The MAXLEN argument must be >= 0."))?)
        } else {
            Bound::From(stream_id(value, 0)?)
        });
        Ok(())
    }

    /// What they mean together.
    pub(super) fn finish(self, required: bool) -> Result<Option<Trim>, Value> {
        if self.bound.is_none() && self.limit.is_some_and(|limit| limit > 0) {
            return Err(Value::error("ERR syntax error, LIMIT cannot be used without specifying a trimming strategy"));
        }
        if self.bound.is_none() && required {
            return Err(Value::error("ERR syntax error, XTRIM must be called with a trimming strategy"));
        }
        if self.limit.is_some() && !self.approximate {
            return Err(Value::error("ERR syntax error, LIMIT cannot be used without the special ~ option"));
        }
        let usual = if self.approximate { USUAL_LIMIT } else { 0 };
        let limit = self.limit.unwrap_or(usual);
        Ok(self.bound.map(|bound| Trim { bound, approximate: self.approximate, limit }))
    }
}

fn is_bound(name: &Bytes) -> bool {
    is(name, "maxlen") || is(name, "minid")
}

/// The options of XTRIM, where one bound has to be.
pub(super) fn required(mut args: &[Bytes]) -> Result<Trim, Value> {
    let mut options = TrimOptions::default();
    while !args.is_empty() {
        if !options.take(&mut args)? {
            return Err(syntax());
        }
    }
    options.finish(true)?.ok_or_else(syntax)
}
