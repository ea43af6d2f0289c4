//! A TOML text that knows where each of its keys stands, so that errors can name the key and the line: those of serde
//! by the place where they happened, those of our own checks by the key.

use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

use super::ConfigError;

/// A text that is valid TOML.
pub(super) struct Document<'a> {
    path: String,
    text: &'a str,
    /// Every key in the order of the file, a table before the keys in it.
    entries: Vec<Entry>,
}

struct Entry {
    /// As in `hooks[0].script`.
    key: String,
    /// Where the key is written; for an array's element, the element.
    name: Range<usize>,
    value: Range<usize>,
}

impl<'a> Document<'a> {
    /// Parses `text`, the content of the file `path`.
    pub(super) fn parse(path: &Path, text: &'a str) -> Result<Self, ConfigError> {
        let mut document = Document { path: path.display().to_string(), text, entries: Vec::new() };
        let table = match DeTable::parse(text) {
            Ok(table) => table,
            Err(error) => return Err(document.at(error.span().map_or(0, |span| span.start), error.message())),
        };
        document.collect("", table.get_ref());
        Ok(document)
    }

    /// Reads the text into a type.
    pub(super) fn deserialize<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        toml::from_str(self.text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            match self.key_at(offset) {
                // The message may quote the value.
                Some(key) if key.ends_with("password") || key.ends_with("secret") => {
                    self.at(offset, &format!("{key}: write a string in quotes"))
                }
                Some(key) => self.at(offset, &format!("{key}: {}", error.message())),
                None => self.at(offset, error.message()),
            }
        })
    }

    /// The error that something is wrong with `key`, written as in `hooks[0].script`.
    pub(super) fn error(&self, key: &str, message: &str) -> ConfigError {
        let offset = self.entries.iter().find(|entry| entry.key == key).map_or(0, |entry| entry.name.start);
        self.at(offset, &format!("{key}: {message}"))
    }

    /// The same for a message that names a key of `section` by itself: at the line of that key if the text has it.
    pub(super) fn error_within(&self, section: &str, key: Option<&str>, message: &str) -> ConfigError {
        let full = key.map(|key| format!("{section}.{key}"));
        let place = self.entries.iter().find(|entry| Some(&entry.key) == full.as_ref());
        match place {
            Some(entry) => self.at(entry.name.start, &format!("{section}: {message}")),
            None => self.error(section, message),
        }
    }

    fn at(&self, offset: usize, message: &str) -> ConfigError {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        ConfigError::Invalid { path: self.path.clone(), line, message: message.to_owned() }
    }

    /// The innermost key that is written at `offset`, or whose value is.
    fn key_at(&self, offset: usize) -> Option<&str> {
        let here = |entry: &&Entry| entry.name.contains(&offset) || entry.value.contains(&offset);
        self.entries.iter().filter(here).max_by_key(|entry| entry.key.len()).map(|entry| entry.key.as_str())
    }

    fn collect(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let dot = if prefix.is_empty() { "" } else { "." };
            let key = format!("{prefix}{dot}{}", name.get_ref());
            self.collect_value(key, name.span(), value);
        }
    }

    fn collect_value(&mut self, key: String, name: Range<usize>, value: &toml::Spanned<DeValue<'_>>) {
        self.entries.push(Entry { key: key.clone(), name, value: value.span() });
        match value.get_ref() {
            DeValue::Table(table) => self.collect(&key, table),
            DeValue::Array(elements) => {
                for (i, element) in elements.iter().enumerate() {
                    self.collect_value(format!("{key}[{i}]"), element.span(), element);
                }
            }
            _ => {}
        }
    }
}
