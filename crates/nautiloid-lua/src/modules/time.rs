//! `time`: the clock, waiting, and writing dates.

use std::time::{Duration, SystemTime};

use mlua::{IntoLuaMulti, Value};

use crate::declarations::{Declaration, DeclaredModule, Type, optional, required};
use crate::module::{Begin, Binder, Module};
use crate::stack::Results;
use crate::time_layout;

/// Longest `sleep`, in seconds: a day. Longer is a mistake, and would not fit a timer in the extreme.
const LONGEST_SLEEP: f64 = 86_400.0;

pub(super) const DECLARED: DeclaredModule = DeclaredModule {
    name: "time",
    summary: "The clock, waiting, and writing dates.",
    functions: &[UNIX, FORMAT, SLEEP],
    constants: Vec::new,
};

const UNIX: Declaration = Declaration::new("unix", &[], "Gives the time.")
    .gives(&[Type::Number], "seconds since 1970-01-01 UTC, with fractions");

const FORMAT: Declaration = Declaration::new(
    "format",
    &[required("seconds", Type::Number), required("layout", Type::TEXT), optional("zone", Type::TEXT)],
    "Writes a time as text, as a layout in Go's manner shows it.",
)
.gives(&[Type::String], "the text")
.or_nil_for_mistakes();

const SLEEP: Declaration = Declaration::new(
    "sleep",
    &[required("seconds", Type::Number)],
    "Waits so many seconds, a day at most; other requests go on meanwhile.",
)
.that_waits();

pub(super) fn module(binder: &Binder) -> mlua::Result<Module> {
    let module = binder.module(DECLARED.name)?;
    binder.direct(&module, UNIX, |_, _| {
        Ok(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64())
    })?;
    binder.direct(&module, FORMAT, |lua, arguments| {
        let seconds = arguments.number(0)?;
        let layout = arguments.name(1)?;
        let zone = if arguments.is_absent(2) { None } else { Some(arguments.name(2)?) };
        Ok(match time_layout::format(seconds, &layout, zone.as_deref()) {
            Ok(text) => text.into_lua_multi(lua)?,
            Err(error) => (Value::Nil, error.to_string()).into_lua_multi(lua)?,
        })
    })?;
    binder.waiting(&module, SLEEP, |arguments| {
        let seconds = arguments.number(0)?;
        if !(0.0..=LONGEST_SLEEP).contains(&seconds) {
            return Err(arguments.bad(0, "seconds from 0 to 86400 expected"));
        }
        let duration = Duration::from_secs_f64(seconds);
        Ok(Begin::Wait(Box::pin(async move {
            tokio::time::sleep(duration).await;
            Box::new(()) as Box<dyn Results>
        })))
    })?;
    Ok(module)
}
