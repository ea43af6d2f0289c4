//! One worker's way to Redis: its connections to every pool, and the scripts it has met.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use nautiloid_resp::{Request, Value};

use crate::commands::{Access, Join, Spread};
use crate::inspection::{self, Inspection};
use crate::pool::{Pool, PoolId};
use crate::registry::Registry;
use crate::script::Script;
use crate::spec::PoolSpec;
use crate::{PoolConfig, RedisError, RegisterError};

/// A worker thread's client. It belongs to its thread: nothing in it is shared but the [`Registry`].
pub struct Client {
    registry: Arc<Registry>,
    pools: RefCell<Vec<Option<Rc<Pool>>>>,
    scripts: RefCell<KnownScripts>,
}

#[derive(Default)]
struct KnownScripts {
    version: u64,
    by_name: HashMap<String, Arc<Script>>,
}

impl Client {
    /// A client with no connections yet.
    pub fn new(registry: Arc<Registry>) -> Rc<Self> {
        Rc::new(Client { registry, pools: RefCell::default(), scripts: RefCell::default() })
    }

    /// Opens the connections that `min_idle_conns` asks for, of every pool registered so far. Needs a `LocalSet`.
    pub fn open_ahead(&self) {
        for index in 0.. {
            let Some(pool) = self.pool(PoolId(index)) else { return };
            pool.open_ahead(self.registry.workers());
        }
    }

    /// The pool of that id; `None` only for an id of another registry.
    pub fn pool(&self, id: PoolId) -> Option<Rc<Pool>> {
        if let Some(Some(pool)) = self.pools.borrow().get(id.0) {
            return Some(Rc::clone(pool));
        }
        let pool = Pool::new(self.registry.spec(id)?, self.registry.store(), self.registry.workers());
        let mut pools = self.pools.borrow_mut();
        if pools.len() <= id.0 {
            pools.resize(id.0 + 1, None);
        }
        pools[id.0] = Some(Rc::clone(&pool));
        Some(pool)
    }

    /// Registers a pool for the whole process; does not wait for its server.
    ///
    /// # Errors
    /// The name is taken, or the configuration cannot be used.
    pub fn register(&self, name: &str, config: PoolConfig) -> Result<PoolId, RegisterError> {
        self.registry.register(name, config)
    }

    /// The pool registered under `name`.
    pub fn find(&self, name: &str) -> Option<(PoolId, Arc<PoolSpec>)> {
        let id = self.registry.find(name)?;
        Some((id, self.registry.spec(id)?))
    }

    /// The pools registered so far.
    pub fn pool_ids(&self) -> impl Iterator<Item = PoolId> + use<> {
        (0..self.registry.names().len()).map(PoolId)
    }

    /// Looks at every server of a pool, each on a connection of its own.
    pub async fn inspect(&self, pool: &Pool) -> Inspection {
        inspection::inspect(pool.spec(), self.registry.store()).await
    }

    /// The names of all pools, for error messages.
    pub fn pool_names(&self) -> Vec<String> {
        self.registry.names()
    }

    /// Loads a script into the pool's server and remembers it under `name` for the whole process.
    ///
    /// It is remembered even when the server cannot be reached, or is busy or loading: it is loaded when it is first
    /// run. It is not when it does not compile.
    ///
    /// # Errors
    /// As [`Pool::call`].
    pub async fn upload_script(&self, pool: &Pool, name: &str, source: &[u8]) -> Result<Arc<Script>, RedisError> {
        let script = Script::new(source);
        let loaded = load(pool, &script).await;
        if !loaded.as_ref().is_err_and(RedisError::is_about_the_command) {
            self.registry.remember_script(name, Arc::clone(&script));
        }
        loaded.map(|()| script)
    }

    /// The script remembered under `name`.
    ///
    /// # Errors
    /// [`RedisError::UnknownScript`]
    pub fn script(&self, name: &str) -> Result<Arc<Script>, RedisError> {
        let mut known = self.scripts.borrow_mut();
        let version = self.registry.scripts_version();
        if known.version != version {
            *known = KnownScripts { version, ..KnownScripts::default() };
        }
        if let Some(script) = known.by_name.get(name) {
            return Ok(Arc::clone(script));
        }
        let script = self.registry.script(name).ok_or_else(|| RedisError::UnknownScript(name.to_owned()))?;
        known.by_name.insert(name.to_owned(), Arc::clone(&script));
        Ok(script)
    }
}

/// Runs an uploaded script: `EVALSHA`, and when the server does not know it (any more), `EVAL`, after which it does.
/// `arguments` are those after the script: the number of keys, the keys, and the others; they are given back with the
/// outcome.
///
/// # Errors
/// As [`Pool::begin`], which this is.
pub fn run_script(
    pool: &Rc<Pool>,
    script: Arc<Script>,
    arguments: Request,
) -> impl Future<Output = (Result<Value, RedisError>, Request)> + use<> {
    let first = pool.begin(script.evalsha(&arguments), Access::Master, Spread::OneSlot);
    let pool = Rc::clone(pool);
    async move {
        let outcome = match first.await.0 {
            // The server refused before running anything, so this is no second run. Not `SCRIPT LOAD` and `EVALSHA`: the
            // script could be gone again between the two.
            Err(error) if error.is_unknown_script() => {
                Box::pin(pool.call(&script.eval(&arguments), Access::Master, Spread::OneSlot)).await
            }
            outcome => outcome,
        };
        (outcome, arguments)
    }
}

async fn load(pool: &Pool, script: &Script) -> Result<(), RedisError> {
    let mut request = Request::new("SCRIPT LOAD");
    request.arg(script.source());
    pool.call(&request, Access::Master, Spread::Masters(Join::Same)).await.map(|_| ())
}
