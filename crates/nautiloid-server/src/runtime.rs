//! The runtime of every thread that runs scripts: one thread, whose tasks may hold what cannot leave it.

use std::io;

use tokio::runtime::{Builder, LocalOptions, LocalRuntime};

/// Tasks that run before timers and sockets are looked at again. Tokio's default of 61 makes them wait for 61 scripts,
/// which is long when these are busy.
const EVENT_INTERVAL: u32 = 16;

/// Stack of a thread that runs scripts, in bytes; the system gives it memory only as it is used. Callbacks of Lua's own
/// functions that recurse take a few megabytes until Lua ends them, in each of the few coroutines that can be inside each
/// other there, and nothing survives a stack that overflows.
pub const SCRIPT_STACK: usize = 64 * 1024 * 1024;

/// A runtime for the calling thread.
///
/// # Errors
/// The system refused what it needs, most likely a file descriptor.
pub fn runtime() -> io::Result<LocalRuntime> {
    Builder::new_current_thread().enable_all().event_interval(EVENT_INTERVAL).build_local(LocalOptions::default())
}
