//! `register_redis_pool` and `get_redis_connection`.

use std::rc::Rc;

use mlua::{IntoLuaMulti, Lua, MultiValue};
use nautiloid_redis::{Client, Mode, PoolConfig};
use serde_path_to_error::Segment;

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
        let path = lua_path(error.path());
        let problem = error.into_inner().to_string();
        let problem = problem.strip_prefix("deserialize error: ").unwrap_or(&problem);
        // An unknown key is named by the problem itself.
        if path.is_empty() || problem.starts_with("unknown field") {
            problem.to_owned()
        } else {
            format!("{path}: {problem}")
        }
    })
}

/// The place of a value as a script writes it: lists begin with 1. Empty for the table itself.
fn lua_path(path: &serde_path_to_error::Path) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{}]", index + 1)),
            Segment::Map { key } if text.is_empty() => text.push_str(key),
            Segment::Map { key } => text.push_str(&format!(".{key}")),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    text
}

pub(super) fn get_connection(lua: &Lua, handles: &Handles, arguments: &Arguments<'_>) -> Result<MultiValue, Raise> {
    let name = arguments.name(0)?;
    Ok(match handles.get(lua, &name)? {
        Some(handle) => handle.into_lua_multi(lua)?,
        None => {
            let names = handles.client.pool_names().join(", ");
            failure(lua, &format!("no redis connection with name '{name}': register it first; there are: {names}"))?
        }
    })
}

/// `nil, message`
fn failure(lua: &Lua, message: &str) -> mlua::Result<MultiValue> {
    (mlua::Value::Nil, message).into_lua_multi(lua)
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
        let second = problem("{ addresses = { 'a:1', 'b:0' } }");
        assert_eq!(second, "addresses[2]: the port of address \"b:0\" is not a number from 1 to 65535");
        assert!(
            problem("{ addresses = { {} } }").starts_with("addresses[1]: "),
            "{}",
            problem("{ addresses = { {} } }")
        );
        assert_eq!(problem("{ pool_size = -1 }"), "pool_size: -1 is negative: write a whole number, 0 or more");
        assert_eq!(problem("{ min_idle_conns = 1.5 }"), "min_idle_conns: 1.5 is not a whole number");
        assert_eq!(problem("{ db = 65536 }"), "db: 65536 is too large");
        assert!(problem("{ read_timeout = '5' }").contains("read_timeout: \"5\" is not a duration"));
        let table: mlua::Table = lua.load("{ addresses = { 'a:1' }, db = 3, password = '' }").eval().unwrap();
        let config = read(&table).unwrap();
        assert_eq!((config.db, config.addresses), (3, vec!["a:1".parse().unwrap()]));
    }
}
