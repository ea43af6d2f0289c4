//! What there is help on, and how it is found.

use std::collections::BTreeSet;

use nautiloid_lua::declarations::{Module, REMOVED, Removed};
use nautiloid_lua::reference::{self, Entry};
use nautiloid_redis::commands::{GROUPS, Group, nearest};

use super::name;

/// Something there is help on.
pub(crate) enum Topic {
    /// A function.
    Function(Box<Entry>),
    /// A group of functions of Redis.
    Group(&'static Group),
    /// A module.
    Module(Module),
    /// Something of Lua's that scripts do not have.
    Removed(&'static Removed),
}

/// Everything of that name: `json` is a module, and a function of another.
pub(crate) fn find(written: &str) -> Vec<Topic> {
    let wanted = name::bare(written);
    let modules =
        nautiloid_lua::built_in_modules().into_iter().filter(|module| module.name.eq_ignore_ascii_case(wanted));
    let groups = GROUPS.iter().filter(|group| is_title(group, wanted));
    let functions = reference::all().into_iter().filter(|entry| name::is_of(entry, wanted));
    let removed = REMOVED.iter().filter(|removed| removed.name == wanted);
    modules
        .map(Topic::Module)
        .chain(groups.map(Topic::Group))
        .chain(functions.map(|entry| Topic::Function(Box::new(entry))))
        .chain(removed.map(Topic::Removed))
        .collect()
}

/// A title as it is, or in the form of the page's name.
fn is_title(group: &Group, wanted: &str) -> bool {
    group.title.to_lowercase() == wanted.to_lowercase().replace('-', " ")
}

/// The name that was meant, of what there is help on and of `commands`.
pub(crate) fn nearest<'a>(written: &str, commands: impl Iterator<Item = &'a str>) -> Option<String> {
    let names: Vec<String> = names().into_iter().chain(commands.map(str::to_owned)).collect();
    let wanted = name::bare(written).to_lowercase();
    nearest::nearest(&wanted, names.iter().map(String::as_str)).map(str::to_owned)
}

/// Everything that [`find`] finds, for those who complete words; what is removed is no offer.
pub(crate) fn names() -> Vec<String> {
    let entries = reference::all();
    let functions = entries.iter().flat_map(name::names);
    let groups = GROUPS.iter().map(|group| group.title.to_lowercase().replace(' ', "-"));
    let modules = nautiloid_lua::built_in_modules();
    let names = functions.chain(groups).chain(modules.iter().map(|module| module.name.to_owned()));
    names.collect::<BTreeSet<_>>().into_iter().collect()
}
