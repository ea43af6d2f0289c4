//! The arguments of a call from Lua, with errors in the form of Lua's own: `bad argument #2 to 'redis_get' (string
//! expected, got no value)`.

use mlua::{BorrowedBytes, MultiValue, Table, Value};

use crate::declarations::{self, Declaration};

/// Why a call ends with a Lua error rather than with results.
#[derive(Debug)]
pub(crate) enum Raise {
    /// Raised at the caller's line, as a string.
    Message(String),
    /// The VM's own failure: out of memory, mostly.
    Lua(mlua::Error),
}

impl From<mlua::Error> for Raise {
    fn from(error: mlua::Error) -> Self {
        Raise::Lua(error)
    }
}

/// What was called, as errors name it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Callee {
    /// `redis.redis_get(handle, key)`
    Function(&'static str),
    /// `handle:get(key)`: as for methods of Lua's own, what it is called on is none of the arguments that are counted.
    Method(&'static str),
}

impl Callee {
    pub(crate) fn name(self) -> &'static str {
        let (Callee::Function(name) | Callee::Method(name)) = self;
        name
    }

    /// What is said of the argument at `index` (from 0).
    pub(crate) fn bad_argument(self, index: usize, problem: &str) -> String {
        match (self, index) {
            (Callee::Function(name), _) => format!("bad argument #{} to '{name}' ({problem})", index + 1),
            (Callee::Method(name), 0) => format!("calling '{name}' on bad self ({problem}): write handle:{name}(…)"),
            (Callee::Method(name), _) => format!("bad argument #{index} to '{name}' ({problem})"),
        }
    }
}

impl From<Declaration> for Callee {
    fn from(declared: Declaration) -> Self {
        Callee::Function(declared.name)
    }
}

impl From<&'static str> for Callee {
    fn from(name: &'static str) -> Self {
        Callee::Function(name)
    }
}

/// The arguments of one call. That of a method begin with what it is called on, as its parameters do.
pub(crate) struct Arguments<'a> {
    callee: Callee,
    values: &'a MultiValue,
}

impl<'a> Arguments<'a> {
    pub(crate) fn new(callee: impl Into<Callee>, values: &'a MultiValue) -> Self {
        Arguments { callee: callee.into(), values }
    }

    /// The argument at `index` (from 0), `None` when the call has fewer.
    pub(crate) fn get(&self, index: usize) -> Option<&'a Value> {
        self.values.get(index)
    }

    /// Whether there is no argument at `index`, or nil.
    pub(crate) fn is_absent(&self, index: usize) -> bool {
        self.get(index).is_none_or(Value::is_nil)
    }

    /// A string; a number is taken as its digits, as Lua's own functions do.
    pub(crate) fn text(&self, index: usize) -> Result<Text, Raise> {
        self.get(index).and_then(Text::from_value).ok_or_else(|| self.expected(index, "string"))
    }

    /// A string that can be UTF-8 only, as names are.
    pub(crate) fn name(&self, index: usize) -> Result<String, Raise> {
        let text = self.text(index)?;
        std::str::from_utf8(text.as_bytes())
            .map(str::to_owned)
            .map_err(|_| self.bad(index, "a name in UTF-8 expected, got other bytes"))
    }

    /// A number, or a string that reads as one.
    pub(crate) fn number(&self, index: usize) -> Result<f64, Raise> {
        match self.get(index) {
            #[expect(clippy::cast_precision_loss, reason = "a number of LuaJIT is a double to begin with")]
            Some(Value::Integer(n)) => Some(*n as f64),
            Some(Value::Number(n)) => Some(*n),
            Some(Value::String(s)) => s.to_str().ok().and_then(|s| s.trim().parse().ok()),
            _ => None,
        }
        .ok_or_else(|| self.expected(index, "number"))
    }

    /// A number without a fraction that Lua can hold exactly.
    pub(crate) fn integer(&self, index: usize) -> Result<i64, Raise> {
        if let Some(Value::Integer(n)) = self.get(index) {
            return Ok(*n);
        }
        let number = self.number(index)?;
        declarations::integer(number).ok_or_else(|| self.bad(index, &format!("integer expected, got {number}")))
    }

    /// A table.
    pub(crate) fn table(&self, index: usize) -> Result<&'a Table, Raise> {
        match self.get(index) {
            Some(Value::Table(table)) => Ok(table),
            _ => Err(self.expected(index, "table")),
        }
    }

    /// `bad argument #2 to 'f' (string expected, got no value)`
    pub(crate) fn expected(&self, index: usize, what: &str) -> Raise {
        self.bad(index, &format!("{what} expected, got {}", self.get(index).map_or("no value", type_name)))
    }

    /// `bad argument #2 to 'f' (…)`
    pub(crate) fn bad(&self, index: usize, problem: &str) -> Raise {
        Raise::Message(self.callee.bad_argument(index, problem))
    }
}

/// Bytes of a string argument: the string's own, or the digits of a number.
pub(crate) enum Text {
    Bytes(BorrowedBytes),
    Digits(String),
}

impl Text {
    /// `None` for what is neither string nor number.
    pub(crate) fn from_value(value: &Value) -> Option<Text> {
        match value {
            Value::String(s) => Some(Text::Bytes(s.as_bytes())),
            Value::Integer(n) => Some(Text::Digits(n.to_string())),
            Value::Number(n) => Some(Text::Digits(digits(*n))),
            _ => None,
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Text::Bytes(bytes) => bytes,
            Text::Digits(digits) => digits.as_bytes(),
        }
    }
}

/// A number as plain digits, never with an exponent: the shortest that reads back the same.
pub(crate) fn digits(number: f64) -> String {
    if number == 0.0 { "0".to_owned() } else { number.to_string() }
}

/// The type's name as Lua's `type` gives it.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Integer(_) => "number",
        Value::LightUserData(_) | Value::Error(_) => "userdata",
        other => other.type_name(),
    }
}
