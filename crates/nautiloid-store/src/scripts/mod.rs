//! Redis scripts: `EVAL` and its kin, in LuaJIT.
//!
//! A script runs while the caller holds the store's lock, so it is atomic as in Redis. Each thread has one Lua VM
//! (`engine`), which keeps compiled scripts and nothing else from one run to the next. What a script sees is made in
//! `api.lua`; `convert` has the rules between Lua's values and replies, `cjson` the JSON library.
//!
//! Where this differs from Redis 7.0, which embeds Lua 5.1 itself:
//!
//! - LuaJIT words some errors otherwise: messages of the parser, and of `string` and `table` functions given wrong
//!   arguments. The order in which `pairs` walks a table, and the numbers of `math.random`, are LuaJIT's.
//! - LuaJIT forgets who made a tail call. `tail_calls` keeps the common ones from being any, so that errors name their
//!   line; where the script calls through a local of its own as the last thing a function does, the error names the
//!   line that called that function.
//! - Replies nest up to 64 deep, the deepest that the client reads; in Redis it is some thousand.
//! - `getmetatable` shows no metatable of a protected table.
//! - Absent: `struct`, `cmsgpack`, cjson's settings (`cjson.encode_sparse_array` and the like), `redis.acl_check_cmd`,
//!   `redis.breakpoint`, `redis.debug`, and RESP3 (`redis.setresp(3)` is an error). A script that never ends is never
//!   stopped.
//! - `error({})` is an error reply; it crashes Redis 7.0.

mod cjson;
mod convert;
mod engine;
mod shebang;
mod tail_calls;

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use nautiloid_resp::Value;

pub(crate) use engine::{check, run};
pub(crate) use shebang::Declared;

/// A script as it came, and what it says about itself.
#[derive(Debug)]
pub(crate) struct Script {
    /// SHA-1 of the whole source, 40 digits in lower case.
    pub(crate) sha: String,
    /// The Lua in it.
    body: Bytes,
    pub(crate) declared: Declared,
}

impl Script {
    /// Reads a script's first line. The rest is not compiled yet.
    ///
    /// # Errors
    /// An error reply: its first line says what Redis does not know.
    pub(crate) fn new(source: &Bytes) -> Result<Self, Value> {
        let (declared, body) = shebang::split(source)?;
        // A copy: a slice would keep the whole buffer of the request alive with the cache.
        Ok(Script { sha: sha1(source), body: Bytes::copy_from_slice(&body), declared })
    }
}

/// SHA-1 as 40 digits in lower case.
pub(crate) fn sha1(bytes: &[u8]) -> String {
    sha1_smol::Sha1::from(bytes).digest().to_string()
}

/// The scripts that clients have sent, by their SHA-1.
#[derive(Debug, Default)]
pub(crate) struct ScriptCache {
    scripts: HashMap<String, Arc<Script>>,
}

impl ScriptCache {
    /// Finds a script by its SHA-1, in any case.
    pub(crate) fn get(&self, sha: &[u8]) -> Option<Arc<Script>> {
        let sha = std::str::from_utf8(sha).ok()?;
        if let Some(script) = self.scripts.get(sha) {
            return Some(Arc::clone(script));
        }
        self.scripts.get(&sha.to_ascii_lowercase()).cloned()
    }

    pub(crate) fn insert(&mut self, script: Arc<Script>) {
        self.scripts.insert(script.sha.clone(), script);
    }

    /// `SCRIPT FLUSH`. What a VM has compiled stays there: it is found by its SHA-1, so it is never out of date.
    pub(crate) fn clear(&mut self) {
        self.scripts.clear();
    }
}
