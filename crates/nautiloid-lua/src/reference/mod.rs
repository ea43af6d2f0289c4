//! The reference of all functions: what `docs/reference/` and `nautiloid help` show.
//!
//! An [`Entry`] is what there is to say about one function, made from its declaration and, where it is one of Redis, from
//! its row of the table of commands. [`pages`] writes the entries of `nauthilus_redis` as Markdown, a page a group;
//! the command line writes them for a terminal. Texts have Markdown's backticks around code and no other mark-up.

mod entry;
mod errors;
mod facts;
mod index;
mod page;
mod parameters;
mod words;

use nautiloid_redis::commands::{self, Group};

pub use entry::{Entry, Explained};
pub use page::file_name;

use crate::declarations;

/// A file of `docs/reference/`.
#[derive(Debug)]
pub struct Page {
    /// Its name: `sorted-sets.md`.
    pub file: String,
    /// Its text.
    pub markdown: String,
}

/// The pages of `docs/reference/`: the index, and one for each group of functions.
pub fn pages() -> Vec<Page> {
    let pages = commands::GROUPS.iter().map(|group| Page { file: file_name(group), markdown: page::markdown(group) });
    std::iter::once(Page { file: "README.md".to_owned(), markdown: index::markdown() }).chain(pages).collect()
}

/// The entries of a group of `nauthilus_redis`.
pub fn entries(group: &Group) -> Vec<Entry> {
    group.commands.iter().map(Entry::of_command).collect()
}

/// Every function that scripts can call: those of the modules, and the globals that are not Lua's own.
pub fn all() -> Vec<Entry> {
    let modules = crate::modules::built_in_modules().into_iter().flat_map(|module| {
        module.functions.into_iter().map(move |function| match commands::find(function.name) {
            Some(command) if module.name == crate::modules::REDIS => Entry::of_command(command),
            _ => Entry::of_function(Some(module.name), &function),
        })
    });
    let globals = declarations::global_functions();
    modules.chain(globals.iter().map(|function| Entry::of_function(None, function))).collect()
}
