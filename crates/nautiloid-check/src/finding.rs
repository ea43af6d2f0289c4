//! What was found, and where.

use crate::rules::Rule;

/// A place in a script: both count from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

/// A mistake in a script.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Where it is.
    pub position: Position,
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// What is wrong, and what to do.
    pub message: String,
}

/// Offsets of a text as lines and columns.
pub(crate) struct Lines<'a> {
    text: &'a [u8],
    /// Where each line begins.
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        Lines { text, starts: [0].into_iter().chain(ends.map(|(at, _)| at + 1)).collect() }
    }

    pub(crate) fn position(&self, at: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.start(line);
        let before = self.text.get(start..at).unwrap_or_default();
        Position { line, column: String::from_utf8_lossy(before).chars().count() + 1 }
    }

    /// The first place in a line where something is written.
    pub(crate) fn beginning(&self, line: usize) -> Position {
        let rest = self.text.get(self.start(line)..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        Position { line, column: blank + 1 }
    }

    /// Whether something is written before a place in its line.
    pub(crate) fn has_code_before(&self, at: usize) -> bool {
        let start = self.start(self.position(at).line);
        self.text.get(start..at).unwrap_or_default().iter().any(|byte| !byte.is_ascii_whitespace())
    }

    fn start(&self, line: usize) -> usize {
        self.starts.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len())
    }
}
