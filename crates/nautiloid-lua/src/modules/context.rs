//! `nauthilus_context`: values that the scripts and modules of one request share.

use mlua::{Table, Value};

use crate::exchange::Exchange;
use crate::module::{Binder, Module};

pub(super) fn module(binder: &Binder) -> mlua::Result<Module> {
    let module = binder.module("nauthilus_context")?;
    binder.direct_in_request(&module, "context_set", |lua, exchange, arguments| {
        let key = arguments.text(0)?;
        let value = arguments.get(1).cloned().ok_or_else(|| arguments.expected(1, "value"))?;
        let table = match table(exchange) {
            Some(table) => table,
            None => exchange.context.borrow_mut().insert(lua.create_table()?).clone(),
        };
        table.raw_set(lua.create_string(key.as_bytes())?, value)?;
        Ok(())
    })?;
    binder.direct_in_request(&module, "context_get", |lua, exchange, arguments| {
        let key = arguments.text(0)?;
        match table(exchange) {
            Some(table) => Ok(table.raw_get(lua.create_string(key.as_bytes())?)?),
            None => Ok(Value::Nil),
        }
    })?;
    binder.direct_in_request(&module, "context_delete", |lua, exchange, arguments| {
        let key = arguments.text(0)?;
        if let Some(table) = table(exchange) {
            table.raw_set(lua.create_string(key.as_bytes())?, Value::Nil)?;
        }
        Ok(())
    })?;
    Ok(module)
}

fn table(exchange: &Exchange) -> Option<Table> {
    exchange.context.borrow().clone()
}
