//! Lua types, as people and tools are told about them.

use nautiloid_redis::commands::Choice;

/// What a parameter takes, or what a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Any value.
    Any,
    /// `nil`: the place of a result that is not there.
    Nil,
    /// `true` or `false`.
    Boolean,
    /// A number. As a parameter also a string that reads as one.
    Number,
    /// A number without a fraction. As a parameter also a string that reads as one.
    Integer,
    /// A number without a fraction, 0 or more: a time from now. As a parameter also a string that reads as one.
    Duration,
    /// A string.
    String,
    /// One of these strings.
    Word(&'static [&'static str]),
    /// One of these strings, in upper or lower case.
    WordInAnyCase(&'static [&'static str]),
    /// A pool: what `get_redis_connection` gives.
    Handle,
    /// A function.
    Function,
    /// A table, whatever is in it.
    Table,
    /// A table with the keys 1 to n.
    Array(&'static Type),
    /// A table from keys of the one type to values of the other.
    Map(&'static Type, &'static Type),
    /// A table with these fields.
    Record(&'static [Field]),
    /// An array of commands, each an array of its short name and its arguments: `{ { "get", key } }`.
    Commands,
    /// A table with any of these options and no other.
    Options(&'static [Choice]),
    /// One of these.
    OneOf(&'static [Type]),
}

/// A field of [`Type::Record`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What it holds.
    pub holds: Type,
}

impl Type {
    /// A string; a number is taken as its digits.
    pub const TEXT: Type = Type::OneOf(&[Type::String, Type::Number]);

    /// Where a command goes: the name of the default pool, or a handle.
    pub const POOL: Type = Type::OneOf(&[Type::Word(&["default"]), Type::Handle]);

    /// What becomes one value of Redis.
    pub const VALUE: Type = Type::OneOf(&[Type::String, Type::Number, Type::Boolean]);
}

/// Up to here, every integer is a number of Lua; from here on some would become another.
pub const LARGEST_INTEGER: i64 = 1 << 53;

/// The integer that a number of Lua is; `None` when it has a fraction, or is larger than [`LARGEST_INTEGER`] in size.
pub fn integer(number: f64) -> Option<i64> {
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    let is_integer = number.fract() == 0.0 && number.abs() <= LARGEST_INTEGER as f64;
    #[expect(clippy::cast_possible_truncation, reason = "integral and within 2^53")]
    is_integer.then_some(number as i64)
}

pub(super) const fn field(name: &'static str, holds: Type) -> Field {
    Field { name, holds }
}
