//! Results that may be nil, followed until somebody looks at them.
//!
//! Whatever is first done with a result after the call decides: what fails on nil is a finding, anything else counts as a
//! look at it. So does a look at the second result, the error.

use std::fmt;

use nautiloid_lua::declarations::{Failure, Function, Type};

/// A variable of the script.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Variable {
    /// By the place of its declaration.
    Local(usize),
    Global(String),
}

/// What is done with a value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Use<'a> {
    /// Something that takes nil as well.
    Plain,
    /// It is asked what it is.
    Tested,
    /// Something that fails on nil.
    Fails(Doing<'a>),
}

/// What fails on nil.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Doing<'a> {
    Arithmetic,
    Concatenating,
    Comparing,
    Counting,
    Indexing,
    Calling,
    Looping,
    Passing(&'a str),
}

impl fmt::Display for Doing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Doing::Arithmetic => "calculating with it",
            Doing::Concatenating => "joining it with '..'",
            Doing::Comparing => "comparing it",
            Doing::Counting => "taking its length",
            Doing::Indexing => "indexing it",
            Doing::Calling => "calling it",
            Doing::Looping => "looping with it",
            Doing::Passing(to) => return write!(f, "passing it to {to}"),
        })
    }
}

/// Why the first result of a function may be nil; `None` when only a mistake would make it so.
pub(crate) fn may_be_nil(function: &Function) -> Option<&'static str> {
    match (function.failure, function.results.first()) {
        (Failure::NilAndMessage, _) => Some("gives nil and an error when it fails"),
        (_, Some(Type::OneOf(types))) if types.contains(&Type::Nil) => Some("gives nil when there is none"),
        _ => None,
    }
}

/// The results that nobody has looked at.
#[derive(Debug, Default)]
pub(crate) struct Unchecked<'a> {
    results: Vec<Kept<'a>>,
}

#[derive(Debug)]
struct Kept<'a> {
    function: &'a Function,
    value: Variable,
    error: Option<Variable>,
}

impl<'a> Unchecked<'a> {
    /// A variable gets the first result of a function, and another one perhaps the second.
    pub(crate) fn keep(&mut self, function: &'a Function, value: Variable, error: Option<Variable>) {
        self.results.push(Kept { function, value, error });
    }

    /// A variable is mentioned: the function whose result it holds, if nobody has looked at it so far.
    pub(crate) fn mention(&mut self, variable: &Variable) -> Option<&'a Function> {
        let kept = self.results.iter().position(|kept| kept.value == *variable);
        let function = kept.map(|index| self.results.swap_remove(index).function);
        self.results.retain(|kept| kept.error.as_ref() != Some(variable));
        function
    }

    /// A variable gets something else.
    pub(crate) fn assign(&mut self, variable: &Variable) {
        self.results.retain(|kept| kept.value != *variable);
        for kept in &mut self.results {
            kept.error.take_if(|error| error == variable);
        }
    }
}
