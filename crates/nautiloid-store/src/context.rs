//! What a command works on: the data, the connection it came from, and the time.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use nautiloid_resp::{Value, Version};

use crate::keyspace::{Changed, Database, Key, Keyspace};

/// What a handler gives: a reply, or an error reply.
pub(crate) type Outcome = Result<Value, Value>;

/// What belongs to one connection.
#[derive(Debug, Default)]
pub(crate) struct Session {
    pub(crate) id: u64,
    pub(crate) db: usize,
    pub(crate) version: Version,
    pub(crate) name: Bytes,
    /// Answer what is there and close the connection.
    pub(crate) quit: bool,
    /// Between `MULTI` and `EXEC`.
    pub(crate) queue: Option<Queue>,
    /// After `WATCH`.
    pub(crate) watch: Option<Watch>,
}

/// The commands of a transaction that has not run yet.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    pub(crate) commands: Vec<Vec<Bytes>>,
    /// One could not be queued, so none will run.
    pub(crate) failed: bool,
}

/// What a session watches.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    changed: Changed,
    /// Databases and keys.
    keys: Vec<(usize, Key)>,
}

/// A script that is running: what it may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScriptAccess {
    /// `EVAL`, `EVALSHA`
    ReadWrite,
    /// `EVAL_RO`, `EVALSHA_RO`
    ReadOnly,
}

/// What a command works on. It is made with the store's lock held and lives no longer.
pub(crate) struct Context<'a> {
    pub(crate) keyspace: &'a mut Keyspace,
    pub(crate) session: &'a mut Session,
    /// Unix time in milliseconds; it stands still while a command or a script runs.
    pub(crate) now: u64,
    /// Set while the commands come from a script.
    pub(crate) script: Option<ScriptAccess>,
}

impl Context<'_> {
    /// The database that the connection has selected.
    pub(crate) fn db(&mut self) -> &mut Database {
        self.keyspace.database(self.session.db)
    }

    /// Watches a key of the selected database.
    pub(crate) fn watch(&mut self, key: &[u8]) {
        let (db, now) = (self.session.db, self.now);
        let watch = self.session.watch.get_or_insert_default();
        if watch.keys.iter().all(|(other, known)| (*other, &**known) != (db, key)) {
            watch.keys.push((db, key.into()));
            let database = self.keyspace.database(db);
            // What is due is gone already, and does not change by going.
            database.get(key, now);
            database.watch(key, &watch.changed);
        }
    }

    /// Watches nothing any more.
    pub(crate) fn unwatch(&mut self) {
        if let Some(watch) = self.session.watch.take() {
            for (db, key) in &watch.keys {
                self.keyspace.database(*db).unwatch(key, &watch.changed);
            }
        }
    }

    /// Whether something that is watched has changed.
    pub(crate) fn is_changed(&mut self) -> bool {
        let now = self.now;
        let Some(watch) = &self.session.watch else { return false };
        for (db, key) in &watch.keys {
            // What has become due since then has changed.
            self.keyspace.database(*db).get(key, now);
        }
        watch.changed.load(Ordering::Relaxed)
    }

    /// Whether replies go to a client as RESP3: scripts get those of RESP2, as in Redis.
    pub(crate) fn speaks_resp3(&self) -> bool {
        self.script.is_none() && self.session.version == Version::Resp3
    }
}

/// An error reply with text of a client or a script in it: made one line, without line ends behind it.
pub(crate) fn error_line(text: &[u8]) -> Value {
    let end = text.iter().rposition(|b| !matches!(b, b'\r' | b'\n')).map_or(0, |last| last + 1);
    Value::Error(text[..end].iter().map(|&b| if matches!(b, b'\r' | b'\n') { b' ' } else { b }).collect())
}
