//! `register_redis_pool` and `get_redis_connection`.

use std::rc::Rc;

use mlua::{IntoLuaMulti, Lua, MultiValue};
use nautiloid_redis::{Client, Mode, PoolConfig};

use super::failure;
use super::handle::Handles;
use crate::arguments::{Arguments, Raise};

pub(super) fn register(lua: &Lua, client: &Rc<Client>, arguments: &Arguments<'_>) -> Result<MultiValue, Raise> {
    let name = arguments.name(0)?;
    let mode_name = arguments.name(1)?;
    let table = arguments.table(2)?;
    let Some(mode) = Mode::from_name(&mode_name) else {
        return Ok(failure(lua, &format!("Unknown mode: {mode_name}"))?);
    };
    let config = read(table)
        .and_then(|config| client.register(&name, PoolConfig { mode, ..config }).map_err(|error| error.to_string()));
    Ok(match config {
        Ok(_) => "OK".into_lua_multi(lua)?,
        Err(message) => failure(lua, &message)?,
    })
}

fn read(table: &mlua::Table) -> Result<PoolConfig, String> {
    let deserializer = mlua::serde::Deserializer::new(mlua::Value::Table(table.clone()));
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        let problem = error.into_inner().to_string();
        let problem = problem.strip_prefix("deserialize error: ").unwrap_or(&problem);
        // An unknown key is named by the problem itself.
        if path == "." || problem.starts_with("unknown field") {
            problem.to_owned()
        } else {
            format!("{path}: {problem}")
        }
    })
}

pub(super) fn get_connection(
    lua: &Lua,
    client: &Rc<Client>,
    handles: &Handles,
    arguments: &Arguments<'_>,
) -> Result<MultiValue, Raise> {
    let name = arguments.name(0)?;
    Ok(match handles.get(lua, client, &name)? {
        Some(handle) => handle.into_lua_multi(lua)?,
        None => {
            let names = client.pool_names().join(", ");
            failure(lua, &format!("no redis connection with name '{name}': register it first; there are: {names}"))?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_table_is_named() {
        let lua = Lua::new();
        let problem = |text: &str| {
            let table: mlua::Table = lua.load(text).eval().unwrap();
            read(&table).unwrap_err()
        };
        assert!(problem("{ adress = 'x' }").starts_with("unknown field `adress`, expected one of `mode`, `address`"));
        assert!(problem("{ db = 'x' }").starts_with("db: "), "{}", problem("{ db = 'x' }"));
        assert!(problem("{ addresses = { 1, {} } }").starts_with("addresses"), "{}", problem("{ addresses = { {} } }"));
        assert!(problem("{ read_timeout = '5' }").contains("read_timeout: \"5\" is not a duration"));
        let table: mlua::Table = lua.load("{ addresses = { 'a:1' }, db = 3, password = '' }").eval().unwrap();
        let config = read(&table).unwrap();
        assert_eq!((config.db, config.addresses), (3, vec!["a:1".parse().unwrap()]));
    }
}
