//! What people write for a function: `redis_hset`, `hset`, `redis.redis_hset()`, `handle:hset`, `json.encode`.

use nautiloid_lua::reference::Entry;

/// A name without what is around it in a script.
pub(super) fn bare(written: &str) -> &str {
    let name = written.trim().trim_end_matches("()");
    name.rsplit_once(':').map_or(name, |(_, method)| method)
}

/// Whether `name` is what the entry is called.
pub(super) fn is_of(entry: &Entry, name: &str) -> bool {
    names(entry).any(|other| other.eq_ignore_ascii_case(name))
}

/// All that an entry is called, the usual name first.
pub(super) fn names(entry: &Entry) -> impl Iterator<Item = String> + '_ {
    let of_module = entry.syntax.first().and_then(|call| call.split_once('(')).map(|(name, _)| name.to_owned());
    let in_full = entry.module.map(|module| format!("{module}.{}", entry.name));
    let others = entry.method.map(str::to_owned).into_iter().chain(of_module).chain(in_full);
    std::iter::once(entry.name.to_owned()).chain(others)
}
