//! What a row of the table says.

use super::{Param, Reply, Shape};

/// What the names of functions begin with when they are about Redis.
pub const NAME_PREFIX: &str = "redis_";

/// A function of the Lua module.
#[derive(Debug)]
pub struct Command {
    /// Its name in Lua: `redis_get`.
    pub name: &'static str,
    /// Its parameters, in order.
    pub params: &'static [Param],
    /// What it does.
    pub action: Action,
    /// What people are told about it.
    pub doc: Doc,
}

impl Command {
    /// Its name where there is no need to say that it is Redis': in pipelines, and as a method of a handle. `redis_get`
    /// is `get`.
    pub fn short_name(&self) -> &'static str {
        self.name.strip_prefix(NAME_PREFIX).unwrap_or(self.name)
    }

    /// Whether it can be one of the commands of a pipeline or a transaction: it is one command of Redis.
    pub fn is_listable(&self) -> bool {
        matches!(self.action, Action::Send(_) | Action::Special(Special::RunScript | Special::AnyCommand))
    }

    /// Whether it is a method of handles, too: its first parameter is one.
    pub fn is_method(&self) -> bool {
        self.params.first().is_some_and(|param| param.shape == Shape::Handle)
    }
}

/// What a function does with its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Sends one Redis command.
    Send(RedisCommand),
    /// Something that is more than one command and a conversion.
    Special(Special),
}

/// One Redis command, and how its reply becomes the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RedisCommand {
    /// `HGETALL`
    pub redis: &'static str,
    /// An argument that comes behind all others, `WITHSCORES`.
    pub last: Option<&'static str>,
    /// How the reply becomes the results.
    pub reply: Reply,
    /// Whether it changes data.
    pub access: Access,
    /// Where it goes in a cluster.
    pub spread: Spread,
}

/// Functions with code of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// `register_redis_pool`
    RegisterPool,
    /// `get_redis_connection`
    GetConnection,
    /// `redis_upload_script`: `SCRIPT LOAD`
    UploadScript,
    /// `redis_run_script`: `EVAL` or `EVALSHA`
    RunScript,
    /// `redis_scan`: `SCAN`, one step of it
    Scan,
    /// `redis_scan_iter`: `SCAN`, all steps of it
    ScanIterator,
    /// `redis_pipeline`
    Pipeline,
    /// `redis_transaction`: `MULTI`, `EXEC`, `WATCH`
    Transaction,
    /// `redis_command`
    AnyCommand,
    /// `redis_encrypt`
    Encrypt,
    /// `redis_decrypt`
    Decrypt,
    /// `redis_is_encryption_enabled`
    IsEncryptionEnabled,
}

impl Special {
    /// Whether it needs no server, and so never waits.
    pub fn is_local(self) -> bool {
        matches!(
            self,
            Special::RegisterPool
                | Special::GetConnection
                | Special::Encrypt
                | Special::Decrypt
                | Special::IsEncryptionEnabled
        )
    }
}

/// Whether a command changes data: which servers may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Changes nothing.
    Read,
    /// Changes nothing, and is a step of many with a cursor, which means something only to the server that gave it: for
    /// the master, whatever the pool reads from.
    Step,
    /// Changes something: only a master can do it.
    Write,
    /// For the master where the pool has one, though nobody knows that it changes anything: a script. A pool for
    /// reading leaves the judgement to its server.
    Master,
}

/// Which nodes of a cluster a command goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// The node that has the slot of its keys. Keys in several slots are refused before anything is sent.
    OneSlot,
    /// Each key by itself: the keys of one slot go to its node together, and the replies are joined.
    Keys(Join),
    /// All masters, whatever the command's arguments are; the replies are joined.
    Masters(Join),
}

/// How the replies of several nodes become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// Arrays with an element a key, in the order of the keys.
    ByKey,
    /// Arrays one after the other.
    Concat,
    /// Numbers are added.
    Sum,
    /// All say the same: `OK`.
    Same,
}

/// What people are told about a function; parameters, results and errors that follow from the row are derived.
#[derive(Debug)]
pub struct Doc {
    /// One sentence.
    pub summary: &'static str,
    /// What the first result is when all went well.
    pub returns: &'static str,
    /// Whatever else one has to know; may be empty.
    pub notes: &'static str,
    /// The time it takes, as Redis' documentation states it: `O(1)`, with what `n` is where there is one.
    pub complexity: &'static str,
    /// Calls with what they give, line by line, on a database that is empty before: a test runs them on every topology.
    ///
    /// `call --> results` says what a call gives: Lua expressions, several with commas. Behind them `(in any order)`
    /// compares an array as a set, and `(about)` takes a number that is a little less. Other lines are just run.
    pub example: &'static [&'static str],
}
