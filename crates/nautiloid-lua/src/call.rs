//! A call whose arguments are read where they are, with errors in the form of Lua's own. It is what
//! [`Arguments`](crate::arguments::Arguments) is for functions that get handles, for those that are called so often that
//! handles would be most of their cost.

use std::borrow::Cow;
use std::ffi::c_void;

use crate::arguments::{Callee, Raise, digits};
use crate::declarations;
use crate::stack::{NoRoom, Seen, Stack, Table};

/// The arguments of one call, or of one command in a list of them. Those of a method begin with what it is called on, as
/// its parameters do.
#[derive(Clone, Copy)]
pub(crate) struct Call<'s> {
    callee: Callee,
    stack: &'s Stack,
    /// The slot of the first argument.
    first: usize,
    length: usize,
}

/// A string, or the digits of a number.
pub(crate) type Text<'s> = Cow<'s, [u8]>;

impl<'s> Call<'s> {
    /// All that is on the stack.
    pub(crate) fn new(callee: Callee, stack: &'s Stack) -> Self {
        Call { callee, stack, first: 1, length: stack.len() }
    }

    /// As if `callee` were called with the values in so many slots from `first` on.
    pub(crate) fn of_slots(self, callee: Callee, first: usize, length: usize) -> Self {
        Call { callee, stack: self.stack, first, length }
    }

    /// The same with each argument one place further on: whatever is below the first of a list takes its place.
    pub(crate) fn with_one_before(self) -> Self {
        Call { first: self.first.saturating_sub(1), length: self.length + 1, ..self }
    }

    /// Number of arguments, trailing nils included.
    pub(crate) fn len(self) -> usize {
        self.length
    }

    /// The argument at `index` (from 0), `None` when the call has fewer.
    pub(crate) fn get(self, index: usize) -> Option<Seen<'s>> {
        (index < self.length).then(|| self.stack.slot(self.first + index))
    }

    /// Whether there is no argument at `index`, or nil.
    pub(crate) fn is_absent(self, index: usize) -> bool {
        matches!(self.get(index), None | Some(Seen::Nil))
    }

    /// A string; a number is taken as its digits, as Lua's own functions do.
    pub(crate) fn text(self, index: usize) -> Result<Text<'s>, Raise> {
        self.get(index).and_then(text).ok_or_else(|| self.expected(index, "string"))
    }

    /// A string that can be UTF-8 only, as names are.
    pub(crate) fn name(self, index: usize) -> Result<String, Raise> {
        let text = self.text(index)?;
        std::str::from_utf8(&text)
            .map(str::to_owned)
            .map_err(|_| self.bad(index, "a name in UTF-8 expected, got other bytes"))
    }

    /// A number, or a string that reads as one.
    pub(crate) fn number(self, index: usize) -> Result<f64, Raise> {
        match self.get(index) {
            Some(Seen::Number(n)) => Some(n),
            Some(Seen::String(s)) => std::str::from_utf8(s).ok().and_then(|s| s.trim().parse().ok()),
            _ => None,
        }
        .ok_or_else(|| self.expected(index, "number"))
    }

    /// A number without a fraction.
    pub(crate) fn integer(self, index: usize) -> Result<i64, Raise> {
        let number = match self.get(index) {
            Some(Seen::Number(n)) => match integer(n) {
                Some(n) => return Ok(n),
                None => n,
            },
            _ => self.number(index)?,
        };
        declarations::integer(number).ok_or_else(|| self.bad(index, &format!("integer expected, got {number}")))
    }

    /// A table.
    pub(crate) fn table(self, index: usize) -> Result<Table<'s>, Raise> {
        self.table_at(index).ok_or_else(|| self.expected(index, "table"))
    }

    /// The table at `index`; `None` for anything else.
    pub(crate) fn table_at(self, index: usize) -> Option<Table<'s>> {
        if index < self.length { self.stack.table(self.first + index) } else { None }
    }

    /// The table in a slot that is no argument of its own.
    pub(crate) fn table_in(self, slot: usize) -> Option<Table<'s>> {
        self.stack.table(slot)
    }

    /// The coroutine that calls, as its address, if it can wait.
    pub(crate) fn coroutine(self) -> Option<*const c_void> {
        self.stack.yieldable()
    }

    /// `bad argument #2 to 'f' (string expected, got no value)`
    pub(crate) fn expected(self, index: usize, what: &str) -> Raise {
        self.bad(index, &format!("{what} expected, got {}", self.get(index).map_or("no value", Seen::type_name)))
    }

    /// `bad argument #2 to 'f' (…)`
    pub(crate) fn bad(self, index: usize, problem: &str) -> Raise {
        Raise::Message(self.callee.bad_argument(index, problem))
    }
}

impl From<NoRoom> for Raise {
    fn from(_: NoRoom) -> Self {
        Raise::Message("stack overflow: tables are nested too deep".to_owned())
    }
}

/// A string, or a number as its digits; `None` for anything else.
pub(crate) fn text(seen: Seen<'_>) -> Option<Text<'_>> {
    match seen {
        Seen::String(bytes) => Some(Cow::Borrowed(bytes)),
        Seen::Number(n) => Some(Cow::Owned(match integer(n) {
            Some(n) => itoa::Buffer::new().format(n).as_bytes().to_vec(),
            None => digits(n).into_bytes(),
        })),
        _ => None,
    }
}

/// A text for a message, as well as it can be shown.
pub(crate) fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// The integer that a number is, where it is one and fits.
pub(crate) fn integer(n: f64) -> Option<i64> {
    // 2^63 itself does not fit.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    #[expect(clippy::cast_possible_truncation, reason = "integral and in the range")]
    (n.fract() == 0.0 && (-LIMIT..LIMIT).contains(&n)).then_some(n as i64)
}
