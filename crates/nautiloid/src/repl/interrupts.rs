//! Ctrl-C while a chunk runs. At the prompt the terminal hands it over as a key.

use std::{io, thread};

use nautiloid_lua::Interrupt;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// Lets SIGINT stop what runs, and no more the process. A thread of its own sees to it: a chunk that computes leaves
/// this one no time.
pub(super) fn pass_on(interrupt: &Interrupt) -> io::Result<()> {
    let interrupt = interrupt.clone();
    let runtime = Builder::new_current_thread().enable_io().build()?;
    let mut signals = {
        let _entered = runtime.enter();
        signal(SignalKind::interrupt())?
    };
    thread::Builder::new().name("ctrl-c".to_owned()).spawn(move || {
        runtime.block_on(async {
            while signals.recv().await.is_some() {
                interrupt.raise();
            }
        });
    })?;
    Ok(())
}
