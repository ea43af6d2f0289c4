//! The modules that scripts can require, a file each; what they share is in `crate::module` and `crate::arguments`.

mod context;
mod http_request;
mod http_response;
mod json;
mod redis;
mod time;

use std::rc::Rc;

use nautiloid_redis::{Client, commands};

use crate::declarations::{self, DeclaredModule};
use crate::module::{Binder, Module};

/// What the modules declare, but for that of Redis, which is made of a table.
pub(crate) const DECLARED: &[DeclaredModule] =
    &[context::DECLARED, http_request::DECLARED, http_response::DECLARED, json::DECLARED, time::DECLARED];

/// What `require` calls the module of Redis.
pub(crate) const REDIS: &str = "nauthilus_redis";

/// Every module, for one VM.
pub(crate) fn all(binder: &Binder, client: &Rc<Client>) -> mlua::Result<Vec<Module>> {
    Ok(vec![
        context::module(binder)?,
        http_request::module(binder)?,
        http_response::module(binder)?,
        json::module(binder)?,
        redis::module(binder, client)?,
        time::module(binder)?,
    ])
}

/// The module of Redis alone.
pub(crate) fn redis(binder: &Binder, client: &Rc<Client>) -> mlua::Result<Module> {
    redis::module(binder, client)
}

/// Every built-in module, as scripts can call it.
pub fn built_in_modules() -> Vec<declarations::Module> {
    let mut modules: Vec<_> = DECLARED.iter().map(|declared| declared.module()).collect();
    modules.push(declarations::Module {
        name: REDIS,
        summary: "Redis: pools of connections, and a function a command.",
        functions: commands::all().map(declarations::of_command).collect(),
        constants: Vec::new(),
    });
    modules
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use mlua::{Function, Lua, Table, Value};
    use nautiloid_redis::{PoolConfig, Registry};
    use nautiloid_store::Store;

    use super::*;
    use crate::declarations::{BASE, LIBRARIES, REMOVED};
    use crate::exchange::Current;
    use crate::sandbox;
    use crate::settings::{Print, Settings};

    /// The globals that scripts find, the modules among them under `package.loaded`.
    fn globals(lua: &Lua) -> Table {
        let registry =
            Registry::new(PoolConfig::from_url("embedded").unwrap(), Store::new(), 1, Path::new(".")).unwrap();
        let client = Client::new(registry);
        let settings = Settings {
            package_path: Vec::new(),
            env: Vec::new(),
            log_format: String::new(),
            log_level: String::new(),
            print: Print::Log,
        };
        let entry = sandbox::set_up(lua, &settings, &Current::default(), |binder| all(binder, &client)).unwrap();
        let script: Function = lua.load("return function() return _G end").into_function().unwrap();
        let (ok, env): (bool, Table) = entry.main.call((script, lua.create_table().unwrap(), "")).unwrap();
        assert!(ok);
        env.metatable().unwrap().raw_get("__index").unwrap()
    }

    /// What is in a read-only view.
    fn members(view: &Table) -> BTreeSet<String> {
        let content: Table = view.metatable().unwrap().raw_get("__index").unwrap();
        names(&content)
    }

    fn names(table: &Table) -> BTreeSet<String> {
        table.pairs::<String, Value>().map(|pair| pair.unwrap().0).collect()
    }

    fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
        names.into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn what_is_declared_is_what_there_is() {
        let lua = sandbox::new_vm().unwrap();
        let base = globals(&lua);
        let loaded: Table = base.get::<Table>("package").unwrap().get("loaded").unwrap();
        let modules = crate::modules::built_in_modules();
        let libraries = LIBRARIES.iter().map(|library| library.name).filter(|name| *name != "package");
        assert_eq!(members(&loaded), set(modules.iter().map(|module| module.name).chain(libraries)));
        for module in &modules {
            let functions = module.functions.iter().map(|function| function.name);
            let declared = set(functions.chain(module.constants.iter().map(|(name, _)| name.as_str())));
            assert_eq!(declared, members(&loaded.get(module.name).unwrap()), "{}", module.name);
        }
        for library in LIBRARIES {
            assert_eq!(
                set(library.members.iter().copied()),
                members(&base.get(library.name).unwrap()),
                "{}",
                library.name
            );
        }
        let functions = declarations::global_functions();
        let libraries = LIBRARIES.iter().map(|library| library.name);
        // `_G` is each request's own.
        let of_lua = BASE.iter().copied().filter(|name| *name != "_G");
        let declared = set(functions.iter().map(|function| function.name).chain(of_lua).chain(libraries));
        assert_eq!(declared, names(&base));
    }

    #[test]
    fn what_is_removed_is_not_there() {
        let lua = sandbox::new_vm().unwrap();
        let base = globals(&lua);
        for removed in REMOVED {
            let value = match removed.name.split_once('.') {
                Some((library, name)) => base.get::<Table>(library).unwrap().get::<Value>(name).unwrap(),
                None => base.get(removed.name).unwrap(),
            };
            assert!(value.is_nil(), "{} is there", removed.name);
        }
    }
}
