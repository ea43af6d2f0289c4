//! A topic as text for a terminal.

use nautiloid_lua::declarations::Module;
use nautiloid_lua::reference::{self, Entry, Explained};
use nautiloid_redis::commands::{Group, NAME_PREFIX};

use super::style::Style;
use super::topic::Topic;

/// Columns by which the text below a heading is set in.
const INDENT: usize = 2;

/// A left column wider than this stands on a line of its own.
const LEFT: usize = 22;

/// What there is to say about a topic; it ends with a line break.
pub(crate) fn topic(topic: &Topic, style: Style) -> String {
    match topic {
        Topic::Function(function) => entry(function, style),
        Topic::Group(of) => group(of, style),
        Topic::Module(of) => module(of, style),
        Topic::Removed(removed) => {
            let mut text = Text::new(style);
            text.title(removed.name, "Not here.");
            text.paragraph(&format!("Scripts do not have it: {}.", removed.instead));
            text.finish()
        }
    }
}

/// What there is to say about a function.
pub(crate) fn entry(entry: &Entry, style: Style) -> String {
    let mut text = Text::new(style);
    text.title(&title(entry), entry.summary);
    text.code(entry.syntax.iter().map(String::as_str));
    text.heading("Parameters");
    text.rows(&entry.parameters);
    text.heading("Returns");
    text.paragraph(&if entry.returns.is_empty() { "nothing.".to_owned() } else { format!("{}.", entry.returns) });
    text.paragraph(entry.notes);
    text.heading("Example");
    text.code(entry.example.iter().copied());
    text.heading("Errors");
    text.rows(&entry.errors);
    text.heading("More");
    text.rows(&entry.facts);
    text.finish()
}

/// A name that says what it belongs to: functions of Redis have it in their own.
fn title(entry: &Entry) -> String {
    match entry.module {
        Some(module) if !entry.name.starts_with(NAME_PREFIX) => format!("{module}.{}", entry.name),
        _ => entry.name.to_owned(),
    }
}

fn group(group: &Group, style: Style) -> String {
    let mut text = Text::new(style);
    text.title(group.title, group.about);
    text.heading("Functions of nauthilus_redis");
    text.rows(&summaries(&reference::entries(group)));
    text.finish()
}

fn module(module: &Module, style: Style) -> String {
    let mut text = Text::new(style);
    text.title(module.name, module.summary);
    text.code([format!("require(\"{}\")", module.name).as_str()]);
    text.heading("Functions");
    let entries: Vec<Entry> = reference::all().into_iter().filter(|entry| entry.module == Some(module.name)).collect();
    text.rows(&summaries(&entries));
    if !module.constants.is_empty() {
        text.heading("Constants");
        let names: Vec<&str> = module.constants.iter().map(|(name, _)| name.as_str()).collect();
        text.paragraph(&names.join(", "));
    }
    text.finish()
}

fn summaries(entries: &[Entry]) -> Vec<Explained> {
    let row = |entry: &Entry| Explained { what: entry.name.to_owned(), text: entry.summary.to_owned() };
    entries.iter().map(row).collect()
}

/// How many columns the left side of a row takes: backticks are for bold type only.
fn columns(what: &str) -> usize {
    what.chars().filter(|c| *c != '`').count()
}

/// A text in the making. A heading without anything below it is left out.
struct Text {
    style: Style,
    lines: Vec<String>,
    heading: Option<&'static str>,
}

impl Text {
    fn new(style: Style) -> Self {
        Text { style, lines: Vec::new(), heading: None }
    }

    fn title(&mut self, name: &str, summary: &str) {
        self.lines.push(self.style.strong(name));
        self.lines.extend(self.style.wrap(summary, INDENT));
    }

    fn heading(&mut self, heading: &'static str) {
        self.heading = Some(heading);
    }

    /// Begins a block: an empty line, and the heading if it has not been written.
    fn begin(&mut self) {
        self.lines.push(String::new());
        if let Some(heading) = self.heading.take() {
            self.lines.push(self.style.strong(heading));
        }
    }

    fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.begin();
            self.lines.extend(self.style.wrap(text, INDENT));
        }
    }

    /// Lines as they are.
    fn code<'a>(&mut self, lines: impl IntoIterator<Item = &'a str>) {
        let mut lines = lines.into_iter().peekable();
        if lines.peek().is_some() {
            self.begin();
            self.lines.extend(lines.map(|line| format!("{:INDENT$}{line}", "")));
        }
    }

    /// Two columns; what is too wide for the left one has a line of its own.
    fn rows(&mut self, rows: &[Explained]) {
        if rows.is_empty() {
            return;
        }
        self.begin();
        let style = self.style;
        let widths = rows.iter().map(|row| columns(&row.what));
        let left = widths.filter(|width| *width <= LEFT).max().unwrap_or(INDENT);
        let column = INDENT + left + 2;
        for Explained { what, text } in rows {
            let mut lines = style.wrap(text, column).into_iter();
            let width = columns(what);
            let name = if style.is_bold() { style.inline(what) } else { what.replace('`', "") };
            if width <= left {
                let first = lines.next().unwrap_or_default();
                self.lines.push(format!("{:INDENT$}{name}{:2$}{3}", "", "", left - width + 2, first.trim_start()));
            } else {
                self.lines.push(format!("{:INDENT$}{name}", ""));
            }
            self.lines.extend(lines);
        }
    }

    fn finish(mut self) -> String {
        self.lines.push(String::new());
        self.lines.join("\n")
    }
}
