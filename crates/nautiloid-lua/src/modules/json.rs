//! `json`: Lua values as text and back. Failures are `nil, err`.

use mlua::{IntoLuaMulti, Value};

use crate::declarations::{Declaration, DeclaredModule, Type, required};
use crate::json;
use crate::module::{Binder, Module};

pub(super) const DECLARED: DeclaredModule = DeclaredModule {
    name: "json",
    summary: "Lua values as JSON text and back.",
    functions: &[ENCODE, DECODE],
    constants: Vec::new,
};

const ENCODE: Declaration = Declaration::new("encode", &[required("value", Type::Any)], "Writes a value as JSON.")
    .gives(&[Type::String], "the text")
    .or_nil_for_mistakes();

const DECODE: Declaration = Declaration::new("decode", &[required("text", Type::TEXT)], "Reads JSON.")
    .gives(&[Type::Any], "the value; `null` is nil")
    .or_nil_and_message();

pub(super) fn module(binder: &Binder) -> mlua::Result<Module> {
    let module = binder.module(DECLARED.name)?;
    binder.direct(&module, ENCODE, |lua, arguments| {
        let value = arguments.get(0).ok_or_else(|| arguments.expected(0, "value"))?;
        Ok(match json::encode(lua, value) {
            Ok(text) => lua.create_string(text)?.into_lua_multi(lua)?,
            Err(error) => (Value::Nil, error.to_string()).into_lua_multi(lua)?,
        })
    })?;
    binder.direct(&module, DECODE, |lua, arguments| {
        let text = arguments.text(0)?;
        Ok(match json::decode(lua, text.as_bytes()) {
            Ok(value) => value.into_lua_multi(lua)?,
            Err(error) => (Value::Nil, error.to_string()).into_lua_multi(lua)?,
        })
    })?;
    Ok(module)
}
