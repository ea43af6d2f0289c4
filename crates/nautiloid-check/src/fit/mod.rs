//! Whether the arguments of a call are what the function takes.

mod argument;

use nautiloid_lua::declarations::{Form, Function};

use crate::rules::{ARGUMENT_COUNT, ARGUMENT_TYPE, ODD_PAIRS, Rule};
use crate::syntax::ast::Expression;
use crate::value::Value;
use argument::{Problem, fit};

/// What is wrong with a call: with an argument (from 0), something in it, or the call itself.
#[derive(Debug)]
pub(crate) struct Misfit {
    argument: Option<usize>,
    at: Option<usize>,
    pub(crate) rule: &'static Rule,
    pub(crate) message: String,
}

impl Misfit {
    /// Where it is: inside a table, at an argument, or at the call. So many arguments as `unwritten` come before these.
    pub(crate) fn place<'a>(
        &self,
        call: usize,
        mut arguments: impl Iterator<Item = &'a Expression>,
        unwritten: usize,
    ) -> usize {
        let argument = self.argument.and_then(|index| arguments.nth(index.checked_sub(unwritten)?));
        self.at.or(argument.map(|argument| argument.at)).unwrap_or(call)
    }
}

/// How a call is written, as its messages count arguments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) function: &'a Function,
    /// Called as `handle:name(…)`: the handle is the first of the arguments, and is not counted.
    pub(crate) is_method: bool,
    /// The last argument may be any number of values.
    pub(crate) is_open: bool,
}

impl Call<'_> {
    /// What is wrong with these arguments, by the way to call the function that they fit best.
    pub(crate) fn misfit(&self, arguments: &[Value<'_>]) -> Option<Misfit> {
        let mut best: Option<(usize, Misfit)> = None;
        for form in &self.function.forms {
            let (reached, misfit) = self.misfit_of(form, arguments)?;
            // Of what goes equally far, a wrong value says more than a wrong type.
            let better = |(most, other): &(usize, Misfit)| {
                reached > *most || (reached == *most && other.rule == &ARGUMENT_TYPE && misfit.rule != &ARGUMENT_TYPE)
            };
            if best.as_ref().is_none_or(better) {
                best = Some((reached, misfit));
            }
        }
        best.map(|(_, misfit)| misfit)
    }

    /// How many arguments fit, and what is wrong with the next one.
    fn misfit_of(&self, form: &Form, arguments: &[Value<'_>]) -> Option<(usize, Misfit)> {
        for (index, argument) in arguments.iter().enumerate() {
            let Some(parameter) = form.parameter(index) else {
                // More values than there are parameters from a last call do no harm.
                let spare = self.is_open && index + 1 == arguments.len();
                return (!spare).then(|| (index, self.count(form, arguments.len())));
            };
            if parameter.optional && matches!(argument, Value::Nil) {
                continue;
            }
            if let Err(Problem { rule, text, at }) = fit(parameter.takes, argument) {
                let number = index + 1 - usize::from(self.is_method);
                let name = self.name();
                let message = format!("bad argument #{number} '{}' to '{name}' ({text})", parameter.name);
                return Some((index, Misfit { argument: Some(index), at, rule, message }));
            }
        }
        let given = arguments.len();
        let fixed = form.parameters.len() - form.repeated;
        if !self.is_open && form.repeated > 1 && given > fixed && !(given - fixed).is_multiple_of(form.repeated) {
            let names: Vec<_> = form.parameters.iter().skip(fixed).map(|parameter| parameter.name).collect();
            let message = format!("'{}' takes {} in turn, and the last is missing", self.name(), names.join(" and "));
            return Some((given, Misfit { argument: None, at: None, rule: &ODD_PAIRS, message }));
        }
        (!self.is_open && given < form.least()).then(|| (given, self.count(form, given)))
    }

    fn count(&self, form: &Form, given: usize) -> Misfit {
        let (form, given) = if self.is_method { (&form.of_method(), given.saturating_sub(1)) } else { (form, given) };
        let least = form.least();
        let takes = match form.most() {
            None => format!("at least {}", arguments(least)),
            Some(most) if most == least => arguments(most),
            Some(most) => format!("{least} to {}", arguments(most)),
        };
        let name = self.name();
        let message = format!("'{name}' takes {takes}, got {given}: {name}({form})");
        Misfit { argument: None, at: None, rule: &ARGUMENT_COUNT, message }
    }

    fn name(&self) -> &'static str {
        match self.function.method {
            Some(method) if self.is_method => method,
            _ => self.function.name,
        }
    }
}

fn arguments(count: usize) -> String {
    match count {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}
