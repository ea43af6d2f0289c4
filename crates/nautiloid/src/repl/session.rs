//! One session: lines come in, chunks are run, results and errors go out.

use std::io::Write;

use anyhow::Context;
use nautiloid_lua::{Console, Reading, ScriptError};
use nautiloid_server::WithTraceback;

use super::command::{self, Command, HELP};
use super::input::{Event, Lines, Next};
use crate::help;

pub(super) struct Session<'c> {
    console: &'c Console<'c>,
    lines: Lines,
    /// The lines of a chunk that is not yet whole.
    begun: String,
}

impl<'c> Session<'c> {
    pub(super) fn new(console: &'c Console<'c>, lines: Lines) -> Self {
        Session { console, lines, begun: String::new() }
    }

    /// Until there are no more lines.
    pub(super) async fn run(mut self) -> anyhow::Result<()> {
        let outcome = self.serve().await;
        self.lines.end();
        outcome
    }

    async fn serve(&mut self) -> anyhow::Result<()> {
        if self.lines.interactive {
            print("nautiloid: .help explains, .quit or Ctrl-D ends\n")?;
        }
        self.ask();
        while let Some(event) = self.lines.events.recv().await {
            match event {
                Event::Complete(line, answer) => {
                    // Who asked may have gone.
                    let _ = answer.send(command::complete(&line).unwrap_or_else(|| self.console.complete(&line)));
                    continue;
                }
                Event::Cancelled => self.begun.clear(),
                Event::Ended(error) => {
                    if let Some(error) = error {
                        return Err(error).context("cannot read");
                    }
                    return self.end();
                }
                Event::Line(line) => {
                    if self.line(line).await? == Then::End {
                        return Ok(());
                    }
                }
            }
            self.ask();
        }
        Ok(())
    }

    /// Asks for a line; where the thread has ended, it has said why.
    fn ask(&self) {
        let _ = self.lines.next.send(Next::Line { is_first: self.begun.is_empty() });
    }

    async fn line(&mut self, line: String) -> anyhow::Result<Then> {
        if self.begun.is_empty() {
            if let Some(command) = Command::parse(&line) {
                self.remember(&line);
                return obey(&command);
            } else if line.trim().is_empty() {
                return Ok(Then::GoOn);
            }
        } else {
            self.begun.push('\n');
        }
        self.begun.push_str(&line);
        let outcome = self.console.read(&self.begun);
        if matches!(outcome, Ok(Reading::Unfinished)) {
            return Ok(Then::GoOn);
        }
        let text = std::mem::take(&mut self.begun);
        self.remember(&text);
        let outcome = match outcome {
            Ok(Reading::Chunk(chunk)) => self.console.run(chunk).await,
            Ok(Reading::Unfinished) => Ok(String::new()),
            Err(error) => Err(error),
        };
        match outcome {
            Ok(results) if results.is_empty() => {}
            Ok(results) => print(&format!("{results}\n"))?,
            Err(error) => report(error),
        }
        Ok(Then::GoOn)
    }

    fn remember(&self, text: &str) {
        let _ = self.lines.next.send(Next::Remember(text.to_owned()));
    }

    /// The input has ended, within a chunk perhaps.
    fn end(&self) -> anyhow::Result<()> {
        if !self.begun.is_empty() {
            anyhow::bail!("the input ends within a chunk: {}", self.begun.lines().next().unwrap_or_default());
        } else if self.lines.interactive {
            print("\n")?;
        }
        Ok(())
    }
}

/// What comes after a line.
#[derive(Debug, PartialEq, Eq)]
enum Then {
    GoOn,
    End,
}

fn obey(command: &Command<'_>) -> anyhow::Result<Then> {
    match command {
        Command::Quit => return Ok(Then::End),
        Command::Help("") => print(HELP)?,
        Command::Help(name) => match help::explain(name, &[]) {
            Ok(text) => print(&text)?,
            Err(error) => eprintln!("{error}"),
        },
        Command::Unknown(word) => eprintln!("there is no .{word}: .help says what there is"),
    }
    Ok(Then::GoOn)
}

fn report(error: ScriptError) {
    eprintln!("{}", WithTraceback(error));
}

fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("cannot write")
}
