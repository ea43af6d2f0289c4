//! Where lines come from, and how the thread that reads them and the one that runs them talk.

use std::io::{BufRead, stdin};
use std::{io, thread};

use anyhow::Context;
use tokio::sync::{mpsc, oneshot};

/// What the reading thread says.
#[derive(Debug)]
pub(super) enum Event {
    /// A line, without its end.
    Line(String),
    /// What can the last word of this text become?
    Complete(String, oneshot::Sender<(usize, Vec<String>)>),
    /// Ctrl-C: what was typed so far is not meant.
    Cancelled,
    /// There are no more lines, for this reason if it is none of the usual.
    Ended(Option<io::Error>),
}

/// What the reading thread is to do next.
#[derive(Debug)]
pub(super) enum Next {
    /// Read a line: the first one of a chunk, or one that goes on.
    Line { is_first: bool },
    /// Remember a chunk that was read.
    Remember(String),
}

/// Lines, as the session sees them.
#[derive(Debug)]
pub(super) struct Lines {
    /// What the thread says.
    pub(super) events: mpsc::UnboundedReceiver<Event>,
    /// What it is to do; it reads nothing unless it is told to.
    pub(super) next: std::sync::mpsc::Sender<Next>,
    /// Whether somebody sits there.
    pub(super) interactive: bool,
    reader: thread::JoinHandle<()>,
}

impl Lines {
    /// Waits until the thread has done what it was told: what it is to remember would be lost with the process.
    pub(super) fn end(self) {
        drop(self.next);
        // A thread that panicked has said so.
        let _ = self.reader.join();
    }
}

/// Starts a thread that serves lines until it ends, or nobody wants any more.
pub(super) fn spawn(
    interactive: bool,
    read: impl FnOnce(std::sync::mpsc::Receiver<Next>, mpsc::UnboundedSender<Event>) + Send + 'static,
) -> anyhow::Result<Lines> {
    let (events_in, events) = mpsc::unbounded_channel();
    let (next, next_out) = std::sync::mpsc::channel();
    let reader = thread::Builder::new()
        .name("lines".to_owned())
        .spawn(move || read(next_out, events_in))
        .context("cannot start a thread")?;
    Ok(Lines { events, next, interactive, reader })
}

/// Lines of standard input.
pub(super) fn start() -> anyhow::Result<Lines> {
    spawn(false, |next, events| {
        let mut lines = stdin().lock().lines();
        for next in next {
            if let Next::Line { .. } = next {
                let event = match lines.next() {
                    Some(Ok(line)) => Event::Line(line),
                    Some(Err(error)) => Event::Ended(Some(error)),
                    None => Event::Ended(None),
                };
                if events.send(event).is_err() {
                    return;
                }
            }
        }
    })
}
