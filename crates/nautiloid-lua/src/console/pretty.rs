//! Values as people read them: Lua's own notation, tables in the order of their keys, and never too much of it.

use std::cmp::Ordering;
use std::fmt::Write;

use mlua::{LuaString, MultiValue, Table, Value};

use crate::declarations::KEYWORDS;

/// Tables inside tables are shown so deep.
const DEEPEST: usize = 6;

/// So many entries of one table are shown.
const MOST_ENTRIES: usize = 100;

/// So many bytes of a string inside a table are shown.
const MOST_BYTES: usize = 1_000;

/// So long a text is shown at all: many tables of many entries are more.
const MOST_TEXT: usize = 64 * 1024;

/// A table is on one line if it is no longer.
const LINE: usize = 100;

const INDENT: &str = "  ";

/// What a chunk gave: values on one line with commas, or each on lines of its own.
pub(super) fn results(values: &MultiValue) -> String {
    let texts: Vec<String> = values.iter().map(one).collect();
    let separator = if texts.iter().any(|text| text.contains('\n')) { ",\n" } else { ", " };
    texts.join(separator)
}

fn one(value: &Value) -> String {
    match value {
        Value::String(string) => quoted(string, usize::MAX),
        other => {
            let mut printer = Printer { left: MOST_TEXT, above: Vec::new() };
            printer.value(other, 0)
        }
    }
}

struct Printer {
    /// What may still be written, about.
    left: usize,
    /// The tables around the one that is being written.
    above: Vec<*const std::ffi::c_void>,
}

impl Printer {
    fn value(&mut self, value: &Value, depth: usize) -> String {
        let text = match value {
            Value::Table(table) => return self.table(table, depth),
            Value::String(string) => quoted(string, MOST_BYTES),
            Value::Nil => "nil".to_owned(),
            Value::Function(_) => "function".to_owned(),
            Value::Thread(_) => "coroutine".to_owned(),
            other => other.to_string().unwrap_or_else(|_| other.type_name().to_owned()),
        };
        self.left = self.left.saturating_sub(text.len());
        text
    }

    fn table(&mut self, table: &Table, depth: usize) -> String {
        let table = &content(table);
        if self.above.contains(&table.to_pointer()) {
            return "{ the table around it }".to_owned();
        }
        let mut entries: Vec<(Value, Value)> = table.pairs().filter_map(Result::ok).collect();
        if entries.is_empty() {
            return "{}".to_owned();
        } else if depth >= DEEPEST || self.left == 0 {
            return "{ … }".to_owned();
        }
        entries.sort_by(|(a, _), (b, _)| by_key(a, b));
        self.above.push(table.to_pointer());
        let mut texts = Vec::new();
        let mut next = 1;
        for (shown, (key, value)) in entries.iter().enumerate() {
            if shown == MOST_ENTRIES || self.left == 0 {
                texts.push(format!("… and {} more", entries.len() - shown));
                break;
            }
            let value = self.value(value, depth + 1);
            if key.as_integer() == Some(next) {
                next += 1;
                texts.push(value);
            } else {
                texts.push(format!("{} = {value}", self.key(key)));
            }
        }
        self.above.pop();
        layout(&texts)
    }

    fn key(&mut self, key: &Value) -> String {
        match key.as_string().and_then(|key| key.to_str().ok()) {
            Some(name) if is_name(&name) => name.to_owned(),
            _ => format!("[{}]", self.value(key, DEEPEST)),
        }
    }
}

/// What is in a table; what is behind it for a read-only view, as modules are.
fn content(table: &Table) -> Table {
    let behind = table.metatable().and_then(|meta| meta.raw_get::<Option<Table>>("__index").ok().flatten());
    if table.raw_len() == 0 && table.pairs::<Value, Value>().next().is_none() {
        return behind.unwrap_or_else(|| table.clone());
    }
    table.clone()
}

/// On one line, or an entry a line.
fn layout(entries: &[String]) -> String {
    let length: usize = entries.iter().map(|entry| entry.chars().count() + 2).sum();
    if length <= LINE && !entries.iter().any(|entry| entry.contains('\n')) {
        return format!("{{ {} }}", entries.join(", "));
    }
    let mut text = String::from("{\n");
    for entry in entries {
        let _ = writeln!(text, "{INDENT}{},", entry.replace('\n', &format!("\n{INDENT}")));
    }
    text.push('}');
    text
}

/// Numbers first, then strings, then all else.
fn by_key(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Integer(_) | Value::Number(_), Value::Integer(_) | Value::Number(_)) => {
            a.as_f64().unwrap_or_default().total_cmp(&b.as_f64().unwrap_or_default())
        }
        (Value::String(a), Value::String(b)) => a.as_bytes().cmp(&b.as_bytes()),
        _ => rank(a).cmp(&rank(b)),
    }
}

fn rank(key: &Value) -> u8 {
    match key {
        Value::Integer(_) | Value::Number(_) => 0,
        Value::String(_) => 1,
        _ => 2,
    }
}

fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !KEYWORDS.contains(&text)
}

/// A string as Lua would read it; behind so many bytes it says how many more there are.
fn quoted(string: &LuaString, most: usize) -> String {
    let bytes = string.as_bytes();
    let shown = bytes.get(..most).unwrap_or(&bytes);
    let mut text = String::from("\"");
    for chunk in shown.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => text.extend(['\\', c]),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                c if c.is_control() => c.encode_utf8(&mut [0; 4]).bytes().for_each(|b| escape(&mut text, b)),
                c => text.push(c),
            }
        }
        chunk.invalid().iter().for_each(|b| escape(&mut text, *b));
    }
    text.push('"');
    if shown.len() < bytes.len() {
        let _ = write!(text, "… ({} bytes)", bytes.len());
    }
    text
}

fn escape(text: &mut String, byte: u8) {
    let _ = write!(text, "\\{byte:03}");
}

#[cfg(test)]
mod tests {
    use mlua::Lua;

    use super::*;

    fn shown(code: &str) -> String {
        results(&Lua::new().load(code).eval::<MultiValue>().unwrap())
    }

    #[test]
    fn values_are_written_as_lua_reads_them() {
        for (code, text) in [
            ("return nil, true, 1, 1.5, -0.25, 2^53, 'a'", "nil, true, 1, 1.5, -0.25, 9007199254740992, \"a\""),
            ("return 'a\\n\"\\\\\\0\\255ä'", "\"a\\n\\\"\\\\\\000\\255ä\""),
            ("return {}", "{}"),
            ("return { 1, 'b', { c = 3 } }", "{ 1, \"b\", { c = 3 } }"),
            (
                "return { b = 2, a = 1, [10] = 'x', [true] = 0, ['end'] = 1, ['a b'] = 2 }",
                "{ [10] = \"x\", a = 1, [\"a b\"] = 2, b = 2, [\"end\"] = 1, [true] = 0 }",
            ),
            ("return { 1, nil, 3 }", "{ 1, [3] = 3 }"),
            ("return print", "function"),
            ("return", ""),
        ] {
            assert_eq!(shown(code), text, "{code}");
        }
    }

    #[test]
    fn a_long_table_has_a_line_an_entry() {
        let text = shown("return { first = ('a'):rep(60), second = { ('b'):rep(60), ('c'):rep(60) } }, 1");
        let (a, b, c) = ("a".repeat(60), "b".repeat(60), "c".repeat(60));
        assert_eq!(text, format!("{{\n  first = \"{a}\",\n  second = {{\n    \"{b}\",\n    \"{c}\",\n  }},\n}},\n1"));
    }

    #[test]
    fn no_table_is_too_large_or_too_deep() {
        assert!(shown("local t = {} for i = 1, 1000 do t[i] = i end return t").contains("… and 900 more"));
        assert!(shown("local t = {} for i = 1, 50 do t = { t } end return t").contains("{ … }"));
        assert_eq!(shown("local t = {} t.t = t return t"), "{ t = { the table around it } }");
        assert!(shown("return { ('x'):rep(5000) }").contains("… (5000 bytes)"));
        let wide = "local t = {} for i = 1, 90 do t[i] = {} for j = 1, 90 do t[i][j] = ('x'):rep(900) end end return t";
        assert!(shown(wide).len() < 2 * MOST_TEXT, "{}", shown(wide).len());
    }
}
