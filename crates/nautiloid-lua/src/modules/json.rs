//! `json`: Lua values as text and back. Failures are `nil, err`.

use mlua::{IntoLuaMulti, Value};

use crate::json;
use crate::module::{Binder, Module};

pub(super) fn module(binder: &Binder) -> mlua::Result<Module> {
    let module = binder.module("json")?;
    binder.direct(&module, "encode", |lua, arguments| {
        let value = arguments.get(0).ok_or_else(|| arguments.expected(0, "value"))?;
        Ok(match json::encode(lua, value) {
            Ok(text) => lua.create_string(text)?.into_lua_multi(lua)?,
            Err(error) => (Value::Nil, error.to_string()).into_lua_multi(lua)?,
        })
    })?;
    binder.direct(&module, "decode", |lua, arguments| {
        let text = arguments.text(0)?;
        Ok(match json::decode(lua, text.as_bytes()) {
            Ok(value) => value.into_lua_multi(lua)?,
            Err(error) => (Value::Nil, error.to_string()).into_lua_multi(lua)?,
        })
    })?;
    Ok(module)
}
