//! Finds the file of a module that a script requires.

use std::fmt;
use std::path::PathBuf;

use crate::source::Source;

/// The patterns of `package_path`: a `?` stands for the module's name, its dots as directories.
#[derive(Debug)]
pub struct ModuleSearch {
    patterns: Vec<PathBuf>,
}

impl ModuleSearch {
    /// A search in these patterns.
    pub fn new(patterns: Vec<PathBuf>) -> Self {
        ModuleSearch { patterns }
    }

    /// The first file there is for `name`.
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        self.candidates(name).find(|path| path.is_file())
    }

    /// Reads the module's file.
    pub(crate) fn read(&self, name: &str) -> Result<Source, String> {
        match self.find(name) {
            Some(path) => Source::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display())),
            None if !is_plain(name) => Err("its name can hold letters, digits, '_', '-' and single dots".to_owned()),
            None => {
                let tried: Vec<_> = self.candidates(name).map(|path| path.display().to_string()).collect();
                Err(if tried.is_empty() {
                    "package_path is empty".to_owned()
                } else {
                    format!("no file {}", tried.join(", "))
                })
            }
        }
    }

    fn candidates(&self, name: &str) -> impl Iterator<Item = PathBuf> {
        let path = is_plain(name).then(|| name.replace('.', "/"));
        self.patterns
            .iter()
            .filter_map(move |pattern| Some(PathBuf::from(pattern.to_str()?.replace('?', path.as_deref()?))))
    }
}

/// Names can never lead out of the patterns' folders.
fn is_plain(name: &str) -> bool {
    name.split('.')
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'))
}

/// As Lua's `package.path` shows it.
impl fmt::Display for ModuleSearch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patterns: Vec<_> = self.patterns.iter().map(|pattern| pattern.display().to_string()).collect();
        f.write_str(&patterns.join(";"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_the_folders() {
        let search = ModuleSearch::new(vec!["/lib/?.lua".into(), "/lib/?/init.lua".into()]);
        let paths: Vec<_> = search.candidates("a.b-c").collect();
        assert_eq!(paths, [PathBuf::from("/lib/a/b-c.lua"), PathBuf::from("/lib/a/b-c/init.lua")]);
        for name in ["", "..", "a..b", "/etc/passwd", "a/b", ".a", "a.", "a\0b", "../x"] {
            assert_eq!(search.candidates(name).count(), 0, "{name}");
        }
    }
}
