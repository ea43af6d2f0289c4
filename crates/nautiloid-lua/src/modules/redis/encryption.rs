//! `redis_encrypt`, `redis_decrypt` and `redis_is_encryption_enabled`: what needs the pool's secret and no server.

use std::rc::Rc;

use mlua::{IntoLuaMulti, Lua, MultiValue};
use nautiloid_redis::Client;

use super::{failure, handle};
use crate::arguments::{Arguments, Raise};

pub(super) fn encrypt(lua: &Lua, client: &Rc<Client>, arguments: &Arguments<'_>) -> Result<MultiValue, Raise> {
    let pool = handle::pool(client, arguments)?;
    let text = arguments.text(1)?;
    Ok(match pool.spec().encryption().map(|encryption| encryption.encrypt(text.as_bytes())) {
        None => lua.create_string(text.as_bytes())?.into_lua_multi(lua)?,
        Some(Ok(encrypted)) => encrypted.into_lua_multi(lua)?,
        Some(Err(error)) => failure(lua, &error.to_string())?,
    })
}

pub(super) fn decrypt(lua: &Lua, client: &Rc<Client>, arguments: &Arguments<'_>) -> Result<MultiValue, Raise> {
    let pool = handle::pool(client, arguments)?;
    let text = arguments.text(1)?;
    Ok(match pool.spec().encryption().map(|encryption| encryption.decrypt(text.as_bytes())) {
        None => lua.create_string(text.as_bytes())?.into_lua_multi(lua)?,
        Some(Ok(decrypted)) => lua.create_string(decrypted)?.into_lua_multi(lua)?,
        Some(Err(error)) => failure(lua, &error.to_string())?,
    })
}

pub(super) fn is_enabled(lua: &Lua, client: &Rc<Client>, arguments: &Arguments<'_>) -> Result<MultiValue, Raise> {
    Ok(handle::pool(client, arguments)?.spec().encryption().is_some().into_lua_multi(lua)?)
}
