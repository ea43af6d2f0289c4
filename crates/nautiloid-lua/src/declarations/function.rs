//! A function's signature, and what people are told about it.

use std::fmt;

use super::Type;

/// A function that scripts can call.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its name in its module: `redis_get`.
    pub name: &'static str,
    /// Its name as a method of handles: `get`.
    pub method: Option<&'static str>,
    /// Whether it can be one of [`Type::Commands`], by the name it has as a method.
    pub is_listable: bool,
    /// The ways to call it, the most usual first; there is at least one.
    pub forms: Vec<Form>,
    /// What it gives when all went well.
    pub results: Vec<Type>,
    /// The first result in words; empty when there is none.
    pub returns: &'static str,
    /// How it fails, other than for arguments of the wrong type.
    pub failure: Failure,
    /// Whether it may have to wait, which callbacks of C functions cannot.
    pub waits: bool,
    /// What it is for, in one sentence.
    pub summary: &'static str,
    /// Whatever else one has to know; may be empty.
    pub notes: &'static str,
}

/// One way to call a function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Its parameters, in order; after one that may be left out all may.
    pub parameters: Vec<Parameter>,
    /// So many of the last parameters may come again and again: 0 when none may, 2 for pairs.
    pub repeated: usize,
}

/// A parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name: an identifier.
    pub name: &'static str,
    /// What it takes.
    pub takes: Type,
    /// Whether it may be left out, or nil.
    pub optional: bool,
    /// What its type does not say; may be empty.
    pub about: &'static str,
}

impl Parameter {
    /// The same with words about it.
    pub(crate) const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }
}

/// How a function fails when its arguments are of the right types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It raises a Lua error, if it fails at all.
    Raises,
    /// It gives nil and a message, whatever the script does: Redis may not be there, text may be no JSON.
    NilAndMessage,
    /// It gives nil and a message, but only for a mistake of the script: a time zone that does not exist.
    NilForMistakes,
}

impl Form {
    /// The same of a method: what it is called on, the first parameter, is not counted.
    pub fn of_method(&self) -> Form {
        Form { parameters: self.parameters.iter().skip(1).copied().collect(), repeated: self.repeated }
    }

    /// The fewest arguments that it takes.
    pub fn least(&self) -> usize {
        self.parameters.iter().take_while(|parameter| !parameter.optional).count()
    }

    /// The most arguments that it takes; `None` when there is no end to them.
    pub fn most(&self) -> Option<usize> {
        (self.repeated == 0).then_some(self.parameters.len())
    }

    /// The parameter for the argument at `index` (from 0).
    pub fn parameter(&self, index: usize) -> Option<&Parameter> {
        let count = self.parameters.len();
        match index.checked_sub(count) {
            None => self.parameters.get(index),
            Some(beyond) => self.parameters.get(count - self.repeated + beyond.checked_rem(self.repeated)?),
        }
    }
}

/// As the reference writes it: `key, field, value, …`, and what may be left out in brackets.
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, parameter) in self.parameters.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            if parameter.optional {
                write!(f, "[{separator}{}]", parameter.name)?;
            } else {
                write!(f, "{separator}{}", parameter.name)?;
            }
        }
        f.write_str(if self.repeated > 0 { ", …" } else { "" })
    }
}

/// A function of a module written in Rust, declared beside its code.
///
/// It becomes a [`Function`]; this form can be a constant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Declaration {
    pub(crate) name: &'static str,
    pub(crate) parameters: &'static [Parameter],
    pub(crate) results: &'static [Type],
    pub(crate) returns: &'static str,
    pub(crate) failure: Failure,
    pub(crate) waits: bool,
    pub(crate) summary: &'static str,
}

impl Declaration {
    /// One that gives nothing, cannot wait, and fails with a Lua error if at all.
    pub(crate) const fn new(name: &'static str, parameters: &'static [Parameter], summary: &'static str) -> Self {
        Declaration { name, parameters, results: &[], returns: "", failure: Failure::Raises, waits: false, summary }
    }

    /// What it gives, and that in words.
    pub(crate) const fn gives(mut self, results: &'static [Type], returns: &'static str) -> Self {
        self.results = results;
        self.returns = returns;
        self
    }

    /// On failure, which may come at any time, it gives nil and a message.
    pub(crate) const fn or_nil_and_message(mut self) -> Self {
        self.failure = Failure::NilAndMessage;
        self
    }

    /// On failure, which is a mistake of the script, it gives nil and a message.
    pub(crate) const fn or_nil_for_mistakes(mut self) -> Self {
        self.failure = Failure::NilForMistakes;
        self
    }

    /// It may have to wait.
    pub(crate) const fn that_waits(mut self) -> Self {
        self.waits = true;
        self
    }
}

impl From<Declaration> for Function {
    fn from(declared: Declaration) -> Self {
        Function {
            name: declared.name,
            method: None,
            is_listable: false,
            forms: vec![Form { parameters: declared.parameters.to_vec(), repeated: 0 }],
            results: declared.results.to_vec(),
            returns: declared.returns,
            failure: declared.failure,
            waits: declared.waits,
            summary: declared.summary,
            notes: "",
        }
    }
}

pub(crate) const fn required(name: &'static str, takes: Type) -> Parameter {
    Parameter { name, takes, optional: false, about: "" }
}

pub(crate) const fn optional(name: &'static str, takes: Type) -> Parameter {
    Parameter { name, takes, optional: true, about: "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_have_their_parameters() {
        let [key, field, value] = ["key", "field", "value"].map(|name| required(name, Type::TEXT));
        let fixed = Form { parameters: vec![key, optional("type", Type::String)], repeated: 0 };
        assert_eq!((fixed.least(), fixed.most()), (1, Some(2)));
        assert_eq!(fixed.parameter(1).map(|p| p.name), Some("type"));
        assert_eq!(fixed.parameter(2), None);
        let pairs = Form { parameters: vec![key, field, value], repeated: 2 };
        assert_eq!((pairs.least(), pairs.most()), (3, None));
        assert_eq!(fixed.to_string(), "key[, type]");
        assert_eq!(pairs.to_string(), "key, field, value, …");
        let names: Vec<_> = (0..7).map_while(|index| pairs.parameter(index)).map(|p| p.name).collect();
        assert_eq!(names, ["key", "field", "value", "field", "value", "field", "value"]);
    }
}
