//! A console: chunks of Lua, one after the other, in globals that stay.
//!
//! It is what an interactive prompt is made of. A chunk runs as any script does, in a coroutine that the driver resumes,
//! so that functions may wait; what is its own is that the globals outlive it, that it can be interrupted, that its
//! results are written for people, and that names can be completed.

mod interrupt;
mod names;
mod pretty;
mod watch;

use std::rc::Rc;

use mlua::{Function, Table, Value};

use crate::error::{HostError, ScriptError};
use crate::exchange::Exchange;
use crate::host::Host;
use crate::modules::REDIS;
use crate::source::Source;
use interrupt::INTERRUPTED;
pub use interrupt::Interrupt;
use watch::Watch;

/// What chunks are called in messages.
const NAME: &str = "repl";

/// What Lua says of a text that ends too early.
const ENDS_TOO_EARLY: &str = "'<eof>'";

/// Chunks in one lasting set of globals.
///
/// `redis` is the module `nauthilus_redis` there, and `h` the handle of the default pool.
pub struct Console<'h> {
    host: &'h Host,
    globals: Table,
    exchange: Rc<Exchange>,
    interrupt: Interrupt,
    watch: Watch,
}

/// What a text is.
#[derive(Debug)]
pub enum Reading {
    /// The beginning of a chunk: there must be more.
    Unfinished,
    /// A chunk that can be run.
    Chunk(Chunk),
}

/// A compiled chunk of a [`Console`].
#[derive(Debug)]
pub struct Chunk(Function);

impl<'h> Console<'h> {
    /// A console in a host's VM, whose chunks `interrupt` stops.
    ///
    /// # Errors
    /// The VM is out of memory.
    pub fn new(host: &'h Host, interrupt: Interrupt) -> Result<Self, HostError> {
        let watch = Watch::new(host.lua(), interrupt.clone())?;
        let globals: Table = host.entry().new_globals.call(())?;
        let redis: Table = globals.get::<Function>("require")?.call(REDIS)?;
        let handle: Value = redis.get::<Function>("get_redis_connection")?.call(nautiloid_redis::DEFAULT_POOL)?;
        globals.raw_set("redis", redis)?;
        globals.raw_set("h", handle)?;
        Ok(Console { host, globals, exchange: Exchange::new(None), interrupt, watch })
    }

    /// Reads a text: an expression, `=` and an expression, or statements.
    ///
    /// # Errors
    /// What is wrong with it, with its line.
    pub fn read(&self, text: &str) -> Result<Reading, ScriptError> {
        let compile = |text: &str| Source::new(NAME, text.as_bytes()).compile_chunk(self.host.lua());
        let expression = text.trim_start().strip_prefix('=');
        // On the same line: numbers hold.
        let outcome = compile(&format!("return {}", expression.unwrap_or(text)));
        let outcome = match (outcome, expression) {
            // A call in tail position would leave no frame of the chunk, and an error no place where it happened.
            (Ok(chunk), _) => {
                let inside = format!("return (function(...) return ... end)({}\n)", expression.unwrap_or(text));
                Ok(compile(&inside).unwrap_or(chunk))
            }
            (Err(_), None) => compile(text),
            (outcome, _) => outcome,
        };
        match outcome {
            Ok(chunk) => Ok(Reading::Chunk(Chunk(chunk))),
            Err(error) if error.to_string().ends_with(ENDS_TOO_EARLY) => Ok(Reading::Unfinished),
            Err(error) => Err(error),
        }
    }

    /// Runs a chunk and gives its results as text; empty when there are none.
    ///
    /// # Errors
    /// The chunk failed, or was interrupted. The console goes on.
    pub async fn run(&self, chunk: Chunk) -> Result<String, ScriptError> {
        self.watch.clear(self.host.lua())?;
        let run = self.host.driver().run(&self.exchange, &self.host.entry().console, (chunk.0, &self.globals));
        let outcome = tokio::select! {
            outcome = run => outcome,
            // What the chunk waits for is dropped, and nothing of it runs again.
            () = self.interrupt.raised() => Err(ScriptError::new(INTERRUPTED, "")),
        };
        match outcome {
            Ok(results) => Ok(pretty::results(&results)),
            // Whatever has become of the error on its way out.
            Err(error) if self.interrupt.is_raised() => Err(ScriptError::new(INTERRUPTED, error.traceback())),
            Err(error) => Err(error),
        }
    }

    /// What the last word of `line` can become: where it begins, and the words in order.
    pub fn complete(&self, line: &str) -> (usize, Vec<String>) {
        names::complete(&self.globals, line)
    }
}
