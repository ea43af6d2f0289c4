//! The first argument of every function: which pool.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use mlua::{AnyUserData, Lua, Table};
use nautiloid_redis::commands::Access;
use nautiloid_redis::{Client, DEFAULT_POOL, Pool, PoolId};

use crate::arguments::{Raise, type_name};
use crate::call::{Call, shown};
use crate::stack::{self, Seen, Token, TokenType};

/// A handle inside a transaction that watches keys: what it reads has to come from where they are watched.
const OF_MASTER: u64 = 1;

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
}

/// The handles of one VM. One prints as `redis_pool("name", mode)`, has the functions that take a handle as its methods,
/// and tells a script nothing else.
pub(super) struct Handles {
    pub(super) client: Rc<Client>,
    tokens: TokenType,
    /// Those that were given out: a pool stays registered, so a name is looked up in the registry, which all workers
    /// share, only once.
    given: RefCell<HashMap<String, AnyUserData>>,
}

impl Handles {
    pub(super) fn new(client: &Rc<Client>) -> Rc<Self> {
        Rc::new(Handles { client: Rc::clone(client), tokens: TokenType::new(), given: RefCell::default() })
    }

    /// Says what handles have in this VM, besides what `metatable` says already.
    pub(super) fn define(self: &Rc<Self>, lua: &Lua, methods: Table, metatable: Table) -> mlua::Result<()> {
        metatable.raw_set("__index", methods)?;
        metatable.raw_set("__metatable", false)?;
        let handles = Rc::clone(self);
        let to_string = move |lua: &Lua, handle: mlua::Value| {
            let seen = stack::read(lua, &handle, |stack| match stack.top() {
                Seen::Token(token) => handles.pool(token),
                _ => None,
            })?;
            Ok(match seen {
                Some(pool) => format!("redis_pool(\"{}\", {})", pool.spec().name(), pool.spec().mode()),
                None => type_name(&handle).to_owned(),
            })
        };
        metatable.raw_set("__tostring", lua.create_function(to_string)?)?;
        self.tokens.define(lua, metatable)
    }

    /// The handle of a pool; `None` when the name is unknown.
    pub(super) fn get(&self, lua: &Lua, name: &str) -> mlua::Result<Option<AnyUserData>> {
        if let Some(handle) = self.given.borrow().get(name) {
            return Ok(Some(handle.clone()));
        }
        let Some((id, _)) = self.client.find(name) else { return Ok(None) };
        let handle = self.tokens.make(lua, self.tokens.token(id.number(), 0))?;
        self.given.borrow_mut().insert(name.to_owned(), handle.clone());
        Ok(Some(handle))
    }

    /// What a handle of the same pool is made of that reads from the master alone.
    pub(super) fn of_master(&self, target: &Target) -> (TokenType, Token) {
        (self.tokens.clone(), self.tokens.token(target.id.number(), OF_MASTER))
    }

    /// The pool that the first argument names.
    pub(super) fn target(&self, call: Call<'_>) -> Result<Target, Raise> {
        let named = match call.get(0) {
            Some(Seen::String(name)) if name == DEFAULT_POOL.as_bytes() => Some((PoolId::DEFAULT, false)),
            Some(Seen::Token(token)) if self.tokens.is(token) => {
                Some((PoolId::of_number(token.number), token.flags & OF_MASTER != 0))
            }
            _ => None,
        };
        // Anything else is refused: to mean the default pool silently would put data where nobody looks for it.
        let found = named.and_then(|(id, of_master)| Some(Target { pool: self.client.pool(id)?, id, of_master }));
        found.ok_or_else(|| {
            let got = match call.get(0) {
                None => "no value".to_owned(),
                Some(Seen::Nil) => "nil: get_redis_connection failed, its second result says why".to_owned(),
                Some(Seen::String(name)) => {
                    format!("string \"{}\": get its handle from get_redis_connection", shown(name))
                }
                Some(other) => other.type_name().to_owned(),
            };
            call.bad(0, &format!("\"{DEFAULT_POOL}\" or a handle of get_redis_connection expected, got {got}"))
        })
    }

    fn pool(&self, token: Token) -> Option<Rc<Pool>> {
        if self.tokens.is(token) { self.client.pool(PoolId::of_number(token.number)) } else { None }
    }
}
