//! The first argument of every function: which pool.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use mlua::{AnyUserData, Function, Lua, LuaString, MetaMethod, Table, UserDataFields, UserDataMethods, Value};
use nautiloid_redis::commands::Access;
use nautiloid_redis::{Client, DEFAULT_POOL, Pool, PoolId, PoolSpec};

use crate::arguments::{Arguments, Raise, type_name};

/// What `get_redis_connection` gives: prints as `redis_pool("name", mode)`, has the functions that take a handle as its
/// methods, and tells a script nothing else.
pub(super) struct Handle {
    id: PoolId,
    spec: Arc<PoolSpec>,
    /// Inside a transaction that watches keys: what it reads has to come from where they are watched.
    of_master: bool,
}

/// Where a command goes.
pub(super) struct Target {
    pub(super) pool: Rc<Pool>,
    id: PoolId,
    of_master: bool,
}

impl Target {
    /// The access that a command gets which needs this.
    pub(super) fn access(&self, needed: Access) -> Access {
        if self.of_master && needed == Access::Read { Access::Master } else { needed }
    }

    /// A handle of the same pool that reads from the master alone.
    pub(super) fn of_master(&self, lua: &Lua) -> mlua::Result<AnyUserData> {
        lua.create_any_userdata(Handle { id: self.id, spec: Arc::clone(self.pool.spec()), of_master: true })
    }
}

/// Says what handles have in this VM.
pub(super) fn define(lua: &Lua, methods: Table, new_index: Function) -> mlua::Result<()> {
    lua.register_userdata_type::<Handle>(|handle| {
        handle.add_meta_method(MetaMethod::ToString, |_, this, ()| {
            Ok(format!("redis_pool(\"{}\", {})", this.spec.name(), this.spec.mode()))
        });
        handle.add_meta_field(MetaMethod::Index, methods);
        handle.add_meta_field(MetaMethod::NewIndex, new_index);
    })
}

/// The handles that this VM has given out: a pool stays registered, so a name is looked up in the registry, which all
/// workers share, only once.
#[derive(Default)]
pub(super) struct Handles(RefCell<HashMap<String, AnyUserData>>);

impl Handles {
    /// The handle of a pool; `None` when the name is unknown.
    pub(super) fn get(&self, lua: &Lua, client: &Client, name: &str) -> mlua::Result<Option<AnyUserData>> {
        if let Some(handle) = self.0.borrow().get(name) {
            return Ok(Some(handle.clone()));
        }
        let Some((id, spec)) = client.find(name) else { return Ok(None) };
        let handle = lua.create_any_userdata(Handle { id, spec, of_master: false })?;
        self.0.borrow_mut().insert(name.to_owned(), handle.clone());
        Ok(Some(handle))
    }
}

/// The pool that the first argument names.
pub(super) fn pool(client: &Rc<Client>, arguments: &Arguments<'_>) -> Result<Rc<Pool>, Raise> {
    target(client, arguments).map(|target| target.pool)
}

/// The pool that the first argument names, and how it is to be used.
pub(super) fn target(client: &Rc<Client>, arguments: &Arguments<'_>) -> Result<Target, Raise> {
    let named = match arguments.get(0) {
        Some(Value::String(name)) if is_default(name) => Some((PoolId::DEFAULT, false)),
        Some(Value::UserData(data)) => data.borrow::<Handle>().ok().map(|handle| (handle.id, handle.of_master)),
        _ => None,
    };
    // Anything else is refused: to mean the default pool silently would put data where nobody looks for it.
    let found = named.and_then(|(id, of_master)| Some(Target { pool: client.pool(id)?, id, of_master }));
    found.ok_or_else(|| {
        let got = match arguments.get(0) {
            None => "no value".to_owned(),
            Some(Value::Nil) => "nil: get_redis_connection failed, its second result says why".to_owned(),
            Some(Value::String(name)) => {
                format!("string \"{}\": get its handle from get_redis_connection", name.to_string_lossy())
            }
            Some(other) => type_name(other).to_owned(),
        };
        arguments.bad(0, &format!("\"{DEFAULT_POOL}\" or a handle of get_redis_connection expected, got {got}"))
    })
}

fn is_default(name: &LuaString) -> bool {
    *name.as_bytes() == *DEFAULT_POOL.as_bytes()
}
