//! `nauthilus_context`: values that the scripts and modules of one request share.

use mlua::{Table, Value};

use crate::declarations::{Declaration, DeclaredModule, Type, required};
use crate::exchange::Exchange;
use crate::module::{Binder, Module};

pub(super) const DECLARED: DeclaredModule = DeclaredModule {
    name: "nauthilus_context",
    summary: "Values of one request, shared by the script and the modules it requires.",
    functions: &[CONTEXT_SET, CONTEXT_GET, CONTEXT_DELETE],
    constants: Vec::new,
};

const CONTEXT_SET: Declaration = Declaration::new(
    "context_set",
    &[required("key", Type::TEXT), required("value", Type::Any)],
    "Keeps a value under a key until the request ends; nil removes it.",
);

const CONTEXT_GET: Declaration =
    Declaration::new("context_get", &[required("key", Type::TEXT)], "Gives the value kept under a key.")
        .gives(&[Type::Any], "the value, nil when there is none");

const CONTEXT_DELETE: Declaration =
    Declaration::new("context_delete", &[required("key", Type::TEXT)], "Removes the value kept under a key.");

pub(super) fn module(binder: &Binder) -> mlua::Result<Module> {
    let module = binder.module(DECLARED.name)?;
    binder.direct_in_request(&module, CONTEXT_SET, |lua, exchange, arguments| {
        let key = arguments.text(0)?;
        let value = arguments.get(1).cloned().ok_or_else(|| arguments.expected(1, "value"))?;
        let table = match table(exchange) {
            Some(table) => table,
            None => exchange.context.borrow_mut().insert(lua.create_table()?).clone(),
        };
        table.raw_set(lua.create_string(key.as_bytes())?, value)?;
        Ok(())
    })?;
    binder.direct_in_request(&module, CONTEXT_GET, |lua, exchange, arguments| {
        let key = arguments.text(0)?;
        match table(exchange) {
            Some(table) => Ok(table.raw_get(lua.create_string(key.as_bytes())?)?),
            None => Ok(Value::Nil),
        }
    })?;
    binder.direct_in_request(&module, CONTEXT_DELETE, |lua, exchange, arguments| {
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
