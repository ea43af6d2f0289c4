//! What a text is made of: names, literals, and symbols.

/// A token, and where it begins and ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Name(String),
    /// A whole number of Lua's; those with the suffixes `LL`, `ULL` and `i` are no numbers to Lua's functions.
    Number(Option<f64>),
    String(Vec<u8>),
    /// A word of Lua's own: `end`.
    Keyword(&'static str),
    /// `==`, or a byte that means nothing.
    Symbol(&'static str),
    Unknown,
    End,
}

/// Longer ones before those they begin with.
pub(super) const SYMBOLS: [&str; 41] = [
    "...", "~>>", "..", "==", "~=", "<=", ">=", "::", "?.", "??", "<<", ">>", "&&", "||", "!=", "->", "?", "!", "~",
    "&", "|", "+", "-", "*", "/", "%", "^", "#", "<", ">", "=", "(", ")", "{", "}", "[", "]", ";", ":", ",", ".",
];
