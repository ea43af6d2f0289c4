//! Completion: the globals, and what is in modules, tables and handles.
//!
//! Only what is there is looked at: no function of a script runs for it.

use std::collections::BTreeSet;

use mlua::{Table, Value};
use nautiloid_redis::commands::{self, Command};

/// Tables whose `__index` is a table, one behind the other, are followed so far.
const DEEPEST: usize = 8;

/// What the last word of `line` can become: where it begins, and the words in order.
pub(super) fn complete(globals: &Table, line: &str) -> (usize, Vec<String>) {
    if let Some((begin, name)) = required(line) {
        let modules = crate::modules::built_in_modules();
        return (begin, beginning_with(name, modules.iter().map(|module| module.name.to_owned())));
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let begin_of_path = line.rfind(|c: char| !is_name(c) && c != '.' && c != ':').map_or(0, |at| at + 1);
    // `line` is cut behind an ASCII character, or one that is none of a name: both begin a new character.
    let begin_of_path = (begin_of_path..=line.len()).find(|at| line.is_char_boundary(*at)).unwrap_or(line.len());
    let path = line.get(begin_of_path..).unwrap_or_default();
    let (owners, word) = path.rsplit_once(['.', ':']).map_or(("", path), |(owners, word)| (owners, word));
    let mut value = Value::Table(globals.clone());
    for name in owners.split(['.', ':']).filter(|name| !name.is_empty()) {
        value = member(&value, name);
    }
    let only_functions =
        path.len() > word.len() && path.get(..path.len() - word.len()).is_some_and(|p| p.ends_with(':'));
    let names = names(&value).into_iter().filter(|name| {
        name.chars().all(is_name)
            && (!only_functions || !matches!(value, Value::Table(_)) || is_function(&member(&value, name)))
    });
    (line.len() - word.len(), beginning_with(word, names))
}

/// The name of a module that is being written, `require("na`, and where it begins.
fn required(line: &str) -> Option<(usize, &str)> {
    let (before, name) = line.rsplit_once(['"', '\''])?;
    let before = before.trim_end().trim_end_matches('(').trim_end();
    before.ends_with("require").then_some((line.len() - name.len(), name))
}

fn beginning_with(word: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    names.filter(|name| name.starts_with(word)).collect::<BTreeSet<_>>().into_iter().collect()
}

fn is_function(value: &Value) -> bool {
    matches!(value, Value::Function(_))
}

/// What the value has under a name.
fn member(value: &Value, name: &str) -> Value {
    tables(value)
        .iter()
        .filter_map(|table| table.raw_get::<Value>(name).ok())
        .find(|v| !v.is_nil())
        .unwrap_or(Value::Nil)
}

/// All names that the value has something under.
fn names(value: &Value) -> Vec<String> {
    match value {
        // Handles are the only userdata that scripts have.
        Value::UserData(_) => {
            commands::all().filter(|command| command.is_method()).map(|c: &Command| c.short_name().to_owned()).collect()
        }
        _ => {
            let keys = |table: &Table| {
                table.pairs::<String, Value>().filter_map(|pair| Some(pair.ok()?.0)).collect::<Vec<_>>()
            };
            tables(value).iter().flat_map(keys).collect()
        }
    }
}

/// The tables that a value is looked up in: itself, and those behind its `__index`.
fn tables(value: &Value) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut next = value.as_table().cloned();
    while let Some(table) = next.take_if(|_| tables.len() < DEEPEST) {
        next = table.metatable().and_then(|meta| meta.raw_get::<Option<Table>>("__index").ok().flatten());
        tables.push(table);
    }
    tables
}
