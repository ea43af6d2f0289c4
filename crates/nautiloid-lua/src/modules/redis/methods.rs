//! Functions as methods of handles: `handle:get(key)` is `redis_get(handle, key)`.
//!
//! The methods are a plain table, so that calling one costs no more than calling the function. Only a name that is not
//! there comes here, and gets an error that says which one may have been meant.

use std::rc::Rc;

use mlua::Value;
use nautiloid_redis::commands::nearest::nearest;
use nautiloid_redis::commands::{self, Command, NAME_PREFIX};

use super::handle::Handles;
use crate::arguments::{Arguments, Raise, Text, type_name};
use crate::module::{Binder, Module};

/// Gives handles these methods.
pub(super) fn add(binder: &Binder, handles: &Rc<Handles>, methods: Module) -> mlua::Result<()> {
    let other_names = binder.module("names that are no methods")?;
    binder.direct(&other_names, "__index", |_, arguments| Err::<(), _>(unknown(arguments)))?;
    let methods = methods.into_table();
    methods.set_metatable(Some(other_names.into_table()))?;

    let metatable = binder.module("handles")?;
    binder.direct(&metatable, "__newindex", |_, arguments| Err::<(), _>(not_set(arguments)))?;
    handles.define(&binder.lua, methods, metatable.into_table())
}

fn unknown(arguments: &Arguments<'_>) -> Raise {
    let name = key(arguments);
    let wanted = name.strip_prefix(NAME_PREFIX).unwrap_or(&name);
    let names = commands::all().filter(|command| command.is_method()).map(Command::short_name);
    Raise::Message(match nearest(wanted, names) {
        Some(near) => format!("a handle has no method '{name}': did you mean '{near}'?"),
        None => {
            format!("a handle has no method '{name}': it has the functions that take a handle, 'get' for redis_get")
        }
    })
}

fn not_set(arguments: &Arguments<'_>) -> Raise {
    Raise::Message(format!("a handle is no table: cannot set '{}', keep it in a table of your own", key(arguments)))
}

/// The key that is indexed.
fn key(arguments: &Arguments<'_>) -> String {
    let key = arguments.get(1).unwrap_or(&Value::Nil);
    Text::from_value(key)
        .map_or_else(|| type_name(key).to_owned(), |text| String::from_utf8_lossy(text.as_bytes()).into_owned())
}
