//! How text looks: as wide as the terminal, and with bold type where there is one.

use std::io::IsTerminal;

/// Longer lines are hard to read, however wide the terminal is.
const WIDEST: usize = 100;

/// Narrower ones have no room for a table.
const NARROWEST: usize = 40;

/// Where no terminal says how wide it is.
const USUAL: usize = 80;

/// How text looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    width: usize,
    bold: bool,
}

impl Style {
    /// For standard output as it is.
    pub(crate) fn of_stdout() -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        let dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        let terminal = terminal_size::terminal_size().filter(|_| is_terminal).map(|(width, _)| usize::from(width.0));
        Style { width: terminal.unwrap_or(USUAL).clamp(NARROWEST, WIDEST), bold: is_terminal && !dumb }
    }

    pub(super) fn is_bold(self) -> bool {
        self.bold
    }

    /// A heading or a name.
    pub(super) fn strong(self, text: &str) -> String {
        if self.bold { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Text with Markdown's backticks around code, which is bold where there is bold type.
    pub(super) fn inline(self, text: &str) -> String {
        if !self.bold {
            return text.to_owned();
        }
        let pieces = text.split('`').enumerate();
        pieces.map(|(index, piece)| if index % 2 == 1 { self.strong(piece) } else { piece.to_owned() }).collect()
    }

    /// Text in lines that fit, each set in by so many columns.
    pub(super) fn wrap(self, text: &str, indent: usize) -> Vec<String> {
        let room = self.width.saturating_sub(indent).max(NARROWEST / 2);
        let mut lines: Vec<String> = Vec::new();
        for word in words(text) {
            match lines.last_mut() {
                Some(line) if self.columns(line) + 1 + self.columns(word) <= room => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines.into_iter().map(|line| format!("{:indent$}{}", "", self.inline(&line))).collect()
    }

    /// How many columns a text takes, written with [`Style::inline`].
    fn columns(self, text: &str) -> usize {
        text.chars().filter(|c| !self.bold || *c != '`').count()
    }
}

/// Words, where code with spaces in it is one.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.split(move |c: char| {
        in_code ^= c == '`';
        c == ' ' && !in_code
    })
    .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_code_stays_whole() {
        let plain = Style { width: 40, bold: false };
        let text = "one two three four five six `seven eight` nine ten eleven twelve";
        let lines = plain.wrap(text, 2);
        assert!(lines.len() > 1 && lines.iter().all(|line| line.len() <= 40 && line.starts_with("  ")), "{lines:?}");
        assert_eq!(lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" "), text);
        assert!(lines.iter().any(|line| line.contains("`seven eight`")), "{lines:?}");
    }

    #[test]
    fn code_is_bold_only_where_there_is_bold_type() {
        assert_eq!(Style { width: 80, bold: false }.inline("a `b` c"), "a `b` c");
        assert_eq!(Style { width: 80, bold: true }.inline("a `b` c"), "a \x1b[1mb\x1b[0m c");
    }
}
