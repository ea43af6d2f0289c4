//! Calls.

use nautiloid_lua::declarations::{self, Failure, Type, module_name};
use nautiloid_redis::commands::nearest::nearest;
use nautiloid_redis::{DEFAULT_POOL, Mode};

use super::{Outcome, Walk, natives};
use crate::fit::Call;
use crate::registered::Kind;
use crate::rules::{ARGUMENT_TYPE, UNCHECKED_RESULT, UNKNOWN_MODULE};
use crate::syntax::ast::{Expression, Name};
use crate::unchecked::{Doing, Use, may_be_nil};
use crate::value::Value;

impl<'a> Walk<'a> {
    pub(super) fn call(
        &mut self,
        function: &'a Expression,
        of_use: Use<'a>,
        arguments: &'a [Expression],
        at: usize,
    ) -> Outcome<'a> {
        match self.expression(function, of_use).value {
            Value::Declared(function) => self.declared(function, None, arguments, at),
            Value::Native(library, name) => self.native(library, name, arguments),
            callee => {
                if let (Value::Closure(callee), Some(caller)) = (callee, self.functions.last()) {
                    self.callbacks.calls(*caller, callee.at);
                }
                self.expressions(arguments);
                Value::Unknown.into()
            }
        }
    }

    pub(super) fn method(
        &mut self,
        of: &'a Expression,
        of_use: Use<'a>,
        name: &'a Name,
        arguments: &'a [Expression],
    ) -> Outcome<'a> {
        let owner = self.expression(of, of_use).value;
        match owner {
            Value::Handle => match self.method_of_handle(&name.text) {
                Ok(Value::Declared(function)) => {
                    return self.declared(function, Some(Value::Handle), arguments, name.at);
                }
                Ok(_) => {}
                Err((rule, message)) => self.found(name.at, rule, message),
            },
            Value::Module(module) => {
                let message = format!("'{}' is a module: write '.{}', not ':{}'", module.name, name.text, name.text);
                self.found(name.at, &ARGUMENT_TYPE, message);
            }
            _ => {}
        }
        let outcomes = self.expressions(arguments);
        // As a method of strings, whose subject comes before the other arguments.
        if let Some(callback) = natives::callback("string", &name.text) {
            let callback = outcomes.get(callback - 1).map(|outcome| outcome.value.clone());
            self.called_back(callback, &format!("string.{}", name.text));
        }
        Value::Unknown.into()
    }

    /// A call of a function of Lua's own.
    fn native(&mut self, library: &'static str, name: &'static str, arguments: &'a [Expression]) -> Outcome<'a> {
        let catches = library.is_empty() && matches!(name, "pcall" | "xpcall");
        self.caught += usize::from(catches);
        let uses = arguments.iter().enumerate();
        let outcomes: Vec<_> = uses
            .map(|(index, argument)| self.expression(argument, natives::argument_use(library, name, index)))
            .collect();
        self.caught -= usize::from(catches);
        if let Some(callback) = natives::callback(library, name) {
            let whole = if library.is_empty() { name.to_owned() } else { format!("{library}.{name}") };
            let callback = outcomes.get(callback).map(|outcome| outcome.value.clone());
            self.called_back(callback, &whole);
        }
        match (library, name, outcomes.as_slice()) {
            ("", "assert", [first, ..]) => first.value.clone().into(),
            ("", "tonumber", [Outcome { from: Some(function), .. }]) if function.failure == Failure::NilAndMessage => {
                arguments.iter().for_each(|argument| self.second_result_is_no_base(argument, function));
                Value::Unknown.into()
            }
            _ => Value::Unknown.into(),
        }
    }

    /// `tonumber(redis_get(…))`: an error would be taken for the base.
    fn second_result_is_no_base(&mut self, argument: &Expression, function: &declarations::Function) {
        if argument.is_open() && self.caught == 0 {
            let name = function.name;
            let message = format!(
                "when '{name}' fails, its error becomes the second argument of tonumber, which fails: write \
                 tonumber(({name}(…)))"
            );
            self.found(argument.at, &UNCHECKED_RESULT, message);
        }
    }

    fn called_back(&mut self, callback: Option<Value<'a>>, by: &str) {
        if let Some(Value::Closure(function)) = callback {
            self.callbacks.called_back(function.at, by);
        }
    }

    /// A call of a function that is declared, of a handle's method if `handle` is there.
    fn declared(
        &mut self,
        function: &'a declarations::Function,
        handle: Option<Value<'a>>,
        arguments: &'a [Expression],
        at: usize,
    ) -> Outcome<'a> {
        let shift = usize::from(handle.is_some());
        let mut values: Vec<Value<'a>> = handle.into_iter().collect();
        for (index, argument) in arguments.iter().enumerate() {
            let used = argument_use(function, index + shift);
            self.prepare_body(function, argument);
            let outcome = self.expression(argument, used);
            values.push(outcome.value);
        }
        self.lists(function, &values);
        let is_open = arguments.last().is_some_and(Expression::is_open);
        let call = Call { function, is_method: shift == 1, is_open };
        if let Some(misfit) = call.misfit(&values) {
            let place = misfit.place(at, arguments.iter(), shift);
            self.found(place, misfit.rule, misfit.message);
        }
        if let (true, Some(caller)) = (function.waits, self.functions.last()) {
            self.callbacks.waits(*caller, at, function.name);
        }
        // A method's handle is written before it.
        let written: Vec<usize> =
            std::iter::repeat_n(at, shift).chain(arguments.iter().map(|argument| argument.at)).collect();
        self.special(function, &values, &written)
    }

    /// What is to be known of a function beyond its declaration.
    fn special(
        &mut self,
        function: &'a declarations::Function,
        values: &[Value<'a>],
        written: &[usize],
    ) -> Outcome<'a> {
        let text = |index: usize| match values.get(index) {
            Some(Value::Text(text)) => std::str::from_utf8(text).ok(),
            _ => None,
        };
        let at = |index: usize| written.get(index).copied().unwrap_or_default();
        let from = may_be_nil(function).map(|_| function);
        let uses = &mut self.walked.uses;
        match (function.name, text(0)) {
            ("require", Some(name)) => return self.required(name, at(0)).into(),
            ("dynamic_loader", Some(name)) => {
                self.required(name, at(0));
            }
            ("get_redis_connection", Some(DEFAULT_POOL)) => return Value::Handle.into(),
            ("get_redis_connection", name) => {
                if let Some(name) = name {
                    uses.wants(Kind::Pool, name, at(0));
                }
                return Outcome { value: Value::Handle, from };
            }
            ("register_redis_pool", name) => {
                uses.registers(Kind::Pool, name);
                self.mode(text(1), at(1));
            }
            ("redis_upload_script", _) => uses.registers(Kind::Script, text(2)),
            ("redis_run_script", _) => {
                if let (Some(""), Some(name)) = (text(1), text(2)) {
                    uses.wants(Kind::Script, name, at(2));
                }
            }
            _ => {}
        }
        Outcome { value: Value::Unknown, from }
    }

    /// The mode of a pool, for which the declaration takes any string: an unknown one is a result, and no Lua error.
    fn mode(&mut self, mode: Option<&str>, at: usize) {
        let Some(mode) = mode.filter(|mode| Mode::from_name(mode).is_none()) else { return };
        let hint = match nearest(mode, Mode::names()) {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("there are {}", Mode::names().collect::<Vec<_>>().join(", ")),
        };
        self.found(at, &ARGUMENT_TYPE, format!("unknown mode '{mode}': {hint}"));
    }

    /// A module that is asked for by its name.
    fn required(&mut self, name: &'a str, at: usize) -> Value<'a> {
        let canonical = module_name(name);
        if let Some(module) = self.checker.module(canonical) {
            return Value::Module(module);
        }
        if let Some(library) = declarations::LIBRARIES.iter().find(|library| library.name == canonical) {
            return Value::Library(library);
        }
        if self.files.find(canonical).is_none() {
            let names = self.checker.modules.iter().map(|module| module.name);
            let hint = match nearest(canonical, names) {
                Some(near) => format!("did you mean '{near}'?"),
                None => "it is not built in, and package_path leads to no file of it".to_owned(),
            };
            self.found(at, &UNKNOWN_MODULE, format!("there is no module '{name}': {hint}"));
        }
        Value::Unknown
    }
}

/// What a declared function does with its argument at `index` (from 0).
fn argument_use(function: &declarations::Function, index: usize) -> Use<'_> {
    let parameter = function.forms.first().and_then(|form| form.parameter(index));
    match parameter {
        // A handle that is nil gets an error that says why.
        Some(parameter) if !parameter.optional && !matches!(parameter.takes, Type::Any | Type::POOL) => {
            Use::Fails(Doing::Passing(function.name))
        }
        _ => Use::Plain,
    }
}
