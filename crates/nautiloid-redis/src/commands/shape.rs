//! Parameters: what Lua values a function takes, and which arguments of the Redis command they become.

/// A parameter.
#[derive(Debug)]
pub struct Param {
    /// Its name, as the reference shows it.
    pub name: &'static str,
    /// What Lua values it takes and what they become.
    pub shape: Shape,
}

/// What Lua values a parameter takes, and which arguments of the Redis command they become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `"default"` or a handle: where to send the command.
    Handle,
    /// The name of a key: a string; a number is taken as its digits. One argument.
    Key,
    /// One or more names of keys, or one table of them. An argument each.
    Keys,
    /// As [`Shape::Keys`], with their number before them.
    CountedKeys,
    /// Names of keys and values in turn, or one table key → value. Two arguments each.
    KeyPairs,
    /// A string; a number is taken as its digits. One argument.
    Text,
    /// A string, number or boolean. One argument.
    Value,
    /// An integer. One argument.
    Integer,
    /// A number. One argument.
    Number,
    /// A number, or a string that says more: `"(5"` for more than 5, `"-inf"`, `"+inf"`. One argument.
    Bound,
    /// One of these words, in any case. One argument, as it is here.
    Word(&'static [&'static str]),
    /// Optional integer. One argument if it is there.
    OptionalInteger,
    /// Seconds as an integer, of which more than zero become `EX seconds`; or a table of these options. Optional.
    Expiration(&'static [Choice]),
    /// A table of these options. Optional.
    Options(&'static [Choice]),
    /// A table of these options, one of which is no [`Takes::Flag`]: flags go between its name and its value.
    Trim(&'static [Choice]),
    /// `{ offset =, count = }` (the options [`LIMIT`]), or the two integers one after the other: `LIMIT offset count`. Optional.
    Limit,
    /// One or more values, or one table of them. An argument each.
    Values,
    /// One or more strings, or one table of them. An argument each.
    Texts,
    /// Fields and values in turn, or one table field → value. Two arguments each.
    Pairs,
    /// One table member → score, and after it, if at all, a table of these options, which come first in the command; or
    /// members and scores in turn. Two arguments each, the score first.
    Scores(&'static [Choice]),
    /// Optional string; becomes the option of that name and the string.
    TextOption(&'static str),
    /// Optional integer; becomes the option of that name and the integer.
    IntegerOption(&'static str),
    /// Optional name of the Lua type to convert the reply to; no argument.
    ReplyType,
    /// Where a scan of one key goes on: `0`, or what the last step gave. One argument.
    Cursor,
    /// Where a scan of a pool goes on; specials read it themselves.
    PoolCursor,
    /// A string that may be empty; specials read it themselves.
    Source,
    /// An array of names of keys, nil for none. Their number and an argument each.
    KeyList,
    /// An array of values, nil for none. An argument each.
    ValueList,
    /// A table; specials read it themselves.
    Table,
    /// Strings, numbers or booleans, as many as there are; specials read them themselves.
    Words,
    /// A list of commands, each a table of its short name and its arguments; specials read it themselves.
    Commands,
    /// A list of commands, or, where a function follows, of names of keys; specials read it themselves.
    KeysOrCommands,
    /// Optional function; specials call it themselves.
    Body,
}

impl Shape {
    /// Whether it takes all arguments that are left.
    pub fn is_open_ended(self) -> bool {
        matches!(
            self,
            Shape::Keys
                | Shape::CountedKeys
                | Shape::KeyPairs
                | Shape::Values
                | Shape::Texts
                | Shape::Pairs
                | Shape::Scores(_)
                | Shape::Words
        )
    }

    /// The options of a table that it takes; none when it takes no such table.
    pub fn choices(self) -> &'static [Choice] {
        match self {
            Shape::Expiration(choices) | Shape::Options(choices) | Shape::Trim(choices) | Shape::Scores(choices) => {
                choices
            }
            Shape::Limit => LIMIT,
            _ => &[],
        }
    }

    /// Whether it may be left out.
    pub fn is_optional(self) -> bool {
        matches!(
            self,
            Shape::OptionalInteger
                | Shape::Expiration(_)
                | Shape::Options(_)
                | Shape::Limit
                | Shape::TextOption(_)
                | Shape::IntegerOption(_)
                | Shape::ReplyType
                | Shape::KeyList
                | Shape::ValueList
                | Shape::Body
        )
    }
}

/// One entry of a table of options.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its key in Lua: `nx`.
    pub name: &'static str,
    /// What it becomes: `NX`, before its value if it has one.
    pub redis: &'static str,
    /// What Lua value it takes.
    pub takes: Takes,
    /// Choices with the same group exclude each other; the empty group excludes none.
    pub group: &'static str,
    /// What it does, as the reference says it.
    pub about: &'static str,
}

impl Choice {
    /// The same with words about it.
    pub(super) const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }
}

/// What Lua value a choice takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// `true` or `false`; `false` is as if it were not there.
    Flag,
    /// An integer more than zero.
    Positive,
    /// An integer of zero or more.
    Count,
    /// An integer.
    Integer,
    /// A string or number.
    Text,
    /// An integer, `0` when only [`Takes::LimitCount`] is there: together they are `LIMIT offset count`.
    LimitOffset,
    /// An integer, `-1` (all) when only [`Takes::LimitOffset`] is there.
    LimitCount,
}

/// A choice that is `true` or not there.
pub(super) const fn flag(name: &'static str, redis: &'static str, group: &'static str) -> Choice {
    Choice { name, redis, takes: Takes::Flag, group, about: "" }
}

/// A choice with a value.
pub(super) const fn choice(name: &'static str, redis: &'static str, takes: Takes, group: &'static str) -> Choice {
    Choice { name, redis, takes, group, about: "" }
}

pub(super) const OFFSET: Choice =
    choice("offset", "LIMIT", Takes::LimitOffset, "").about("leaves out so many of the first ones");
pub(super) const LIMIT_COUNT: Choice =
    choice("count", "LIMIT", Takes::LimitCount, "").about("gives so many at most; a negative one all");

/// The options of [`Shape::Limit`].
pub const LIMIT: &[Choice] = &[OFFSET, LIMIT_COUNT];

pub(super) const HANDLE: Param = param("handle", Shape::Handle);
pub(super) const KEY: Param = param("key", Shape::Key);
pub(super) const FIELD: Param = param("field", Shape::Text);
/// The pattern of a scan.
pub(super) const MATCH: Param = param("match", Shape::TextOption("MATCH"));
/// How many elements are wanted, or looked at in a step of a scan.
pub(super) const COUNT: Param = param("count", Shape::IntegerOption("COUNT"));
/// Where a scan of one key goes on.
pub(super) const CURSOR: Param = param("cursor", Shape::Cursor);

pub(super) const fn param(name: &'static str, shape: Shape) -> Param {
    Param { name, shape }
}
