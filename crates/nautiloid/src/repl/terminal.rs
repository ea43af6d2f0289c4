//! Lines of a terminal: editing, history and completion, by rustyline.

use anyhow::Context as _;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Editor, Helper};
use tokio::sync::{mpsc, oneshot};

use super::history;
use super::input::{self, Event, Lines, Next};

/// Chunks that are remembered.
const REMEMBERED: usize = 10_000;

/// Starts the prompt.
pub(super) fn start() -> anyhow::Result<Lines> {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .max_history_size(REMEMBERED)
        .and_then(|config| config.history_ignore_dups(true))
        .context("cannot set up the prompt")?
        .build();
    input::spawn(true, move |next, events| {
        let mut editor = match Editor::with_config(config) {
            Ok(editor) => editor,
            Err(error) => {
                let _ = events.send(ended(error));
                return;
            }
        };
        editor.set_helper(Some(Names(events.clone())));
        let history = history::file();
        if let Some(history) = &history {
            // The first session has none yet.
            let _ = editor.load_history(history);
        }
        for next in next {
            match next {
                Next::Line { is_first } => {
                    if events.send(read(&mut editor, is_first)).is_err() {
                        return;
                    }
                }
                Next::Remember(chunk) => {
                    // Written at once, so that nothing is lost however the session ends; without a place, for now only.
                    let added = editor.add_history_entry(chunk).unwrap_or(false);
                    if let Some(history) = history.as_ref().filter(|_| added) {
                        let _ = editor.append_history(history);
                    }
                }
            }
        }
    })
}

fn read(editor: &mut Editor<Names, DefaultHistory>, is_first: bool) -> Event {
    match editor.readline(if is_first { "> " } else { ">> " }) {
        Ok(line) => Event::Line(line),
        Err(ReadlineError::Interrupted) => Event::Cancelled,
        Err(ReadlineError::Eof) => Event::Ended(None),
        Err(error) => ended(error),
    }
}

fn ended(error: ReadlineError) -> Event {
    Event::Ended(Some(std::io::Error::other(error)))
}

/// Completes names: what there is only the session knows, and it waits for lines meanwhile.
struct Names(mpsc::UnboundedSender<Event>);

impl Completer for Names {
    type Candidate = String;

    fn complete(&self, line: &str, position: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let line = line.get(..position).unwrap_or(line);
        let (answer, answered) = oneshot::channel();
        let asked = self.0.send(Event::Complete(line.to_owned(), answer));
        Ok(asked.ok().and_then(|()| answered.blocking_recv().ok()).unwrap_or((position, Vec::new())))
    }
}

impl Hinter for Names {
    type Hint = String;
}

impl Highlighter for Names {}
impl Validator for Names {}
impl Helper for Names {}
