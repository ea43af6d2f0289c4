//! `time`: the clock, waiting, and writing dates.

use std::time::{Duration, SystemTime};

use mlua::{IntoLuaMulti, MultiValue, Value};

use crate::module::{Begin, Binder, Module};
use crate::time_layout;

/// Longest `sleep`, in seconds: a day. Longer is a mistake, and would not fit a timer in the extreme.
const LONGEST_SLEEP: f64 = 86_400.0;

pub(super) fn module(binder: &Binder) -> mlua::Result<Module> {
    let module = binder.module("time")?;
    binder.direct(&module, "unix", |_, _| {
        Ok(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64())
    })?;
    binder.direct(&module, "format", |lua, arguments| {
        let seconds = arguments.number(0)?;
        let layout = arguments.name(1)?;
        let zone = if arguments.is_absent(2) { None } else { Some(arguments.name(2)?) };
        Ok(match time_layout::format(seconds, &layout, zone.as_deref()) {
            Ok(text) => text.into_lua_multi(lua)?,
            Err(error) => (Value::Nil, error.to_string()).into_lua_multi(lua)?,
        })
    })?;
    binder.waiting(&module, "sleep", |_, arguments| {
        let seconds = arguments.number(0)?;
        if !(0.0..=LONGEST_SLEEP).contains(&seconds) {
            return Err(arguments.bad(0, "seconds from 0 to 86400 expected"));
        }
        let duration = Duration::from_secs_f64(seconds);
        Ok(Begin::Wait(Box::pin(async move {
            tokio::time::sleep(duration).await;
            Ok(MultiValue::new())
        })))
    })?;
    Ok(module)
}
