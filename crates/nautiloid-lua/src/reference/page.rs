//! A page of the reference: the functions of one group, as Markdown.

use std::fmt::Write;

use nautiloid_redis::commands::Group;

use super::{Entry, Explained, entries};

/// What every page begins with.
pub(super) const ORIGIN: &str =
    "<!-- Written from the table of commands in crates/nautiloid-redis/src/commands; a test keeps it true. -->";

/// The page's name in `docs/reference/`: `sorted-sets.md`.
pub fn file_name(group: &Group) -> String {
    format!("{}.md", group.title.to_lowercase().replace(' ', "-"))
}

pub(super) fn markdown(group: &Group) -> String {
    let entries = entries(group);
    let mut page = format!("{ORIGIN}\n\n# {}\n\n{}\n\n| function | |\n|---|---|\n", group.title, group.about);
    for Entry { name, summary, .. } in &entries {
        let _ = writeln!(page, "| [`{name}`](#{name}) | {summary} |");
    }
    page.push_str("\nWhat holds for all functions, handles and values among them, is in the [index](README.md).\n");
    for entry in &entries {
        section(&mut page, entry);
    }
    page
}

fn section(page: &mut String, entry: &Entry) {
    let _ = write!(page, "\n## {}\n\n{}\n\n", entry.name, entry.summary);
    let _ = writeln!(page, "```lua\n{}\n```", entry.syntax.join("\n"));
    let code = |row: &Explained| Explained { what: format!("`{}`", row.what), text: row.text.clone() };
    table(page, "parameter", "takes", entry.parameters.iter().map(code));
    let _ = writeln!(page, "\n**Returns** {}.", entry.returns);
    if !entry.notes.is_empty() {
        let _ = writeln!(page, "\n{}", entry.notes);
    }
    let _ = writeln!(page, "\n```lua\n{}\n```", entry.example.join("\n"));
    table(page, "error", "when", entry.errors.iter().cloned());
    table(page, "", "", entry.facts.iter().cloned());
}

fn table(page: &mut String, left: &str, right: &str, rows: impl Iterator<Item = Explained>) {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return;
    }
    let _ = writeln!(page, "\n| {left} | {right} |\n|---|---|");
    for Explained { what, text } in rows {
        let _ = writeln!(page, "| {} | {} |", escape(&what), escape(&text));
    }
}

/// A bar would end the cell, in code as well.
fn escape(text: &str) -> String {
    text.replace('|', "\\|")
}
