//! Expressions: what they give, and what is wrong with their parts.

use nautiloid_lua::declarations::{self, BASE, CALLBACK, LIBRARIES, REMOVED};
use nautiloid_redis::commands::nearest::nearest;

use super::{Outcome, Walk};
use crate::rules::{REMOVED as REMOVED_RULE, UNCHECKED_RESULT, UNKNOWN_GLOBAL};
use crate::syntax::ast::{Expression, ExpressionKind, Field};
use crate::unchecked::{Doing, Use, Variable, may_be_nil};
use crate::value::Value;

/// Globals of a script that runs inside Redis.
const REDIS_GLOBALS: [&str; 6] = ["KEYS", "ARGV", "redis", "cjson", "cmsgpack", "struct"];

/// A global that `nautiloid run` sets.
const ARGUMENTS: &str = "arg";

impl<'a> Walk<'a> {
    pub(super) fn expression(&mut self, expression: &'a Expression, used: Use<'a>) -> Outcome<'a> {
        let outcome = self.evaluate(expression, used);
        if let (Use::Fails(doing), Some(function)) = (used, outcome.from) {
            self.unchecked_result(expression.at, None, function, doing);
            return outcome.value.into();
        }
        outcome
    }

    fn evaluate(&mut self, expression: &'a Expression, used: Use<'a>) -> Outcome<'a> {
        match &expression.kind {
            ExpressionKind::Name(name) => return self.name(name, expression.at, used).into(),
            ExpressionKind::Index { of, key, safe } => {
                let of_use = if *safe { Use::Tested } else { Use::Fails(Doing::Indexing) };
                return self.index(of, of_use, key, used).into();
            }
            ExpressionKind::Call { function, arguments, safe } => {
                let of_use = if *safe { Use::Tested } else { Use::Fails(Doing::Calling) };
                return self.call(function, of_use, arguments, expression.at);
            }
            ExpressionKind::Method { of, name, arguments, safe } => {
                let of_use = if *safe { Use::Tested } else { Use::Fails(Doing::Indexing) };
                return self.method(of, of_use, name, arguments);
            }
            ExpressionKind::Choice { condition, yes, no } => {
                self.expression(condition, Use::Tested);
                self.expression(yes, used);
                self.expression(no, used);
                return Value::Unknown.into();
            }
            ExpressionKind::Parentheses(inner) => return self.evaluate(inner, used),
            ExpressionKind::Binary { operator, left, right } => return self.binary(operator, left, right, used),
            ExpressionKind::Unary { operator, operand } => return self.unary(operator, operand).into(),
            ExpressionKind::Function(function) => self.function(function),
            ExpressionKind::Table(fields) => self.table(fields),
            ExpressionKind::Nil
            | ExpressionKind::Boolean(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Varargs => {}
        }
        Value::of_literal(expression).into()
    }

    fn table(&mut self, fields: &'a [Field]) {
        for field in fields {
            if let Some(key) = &field.key {
                self.expression(key, Use::Plain);
            }
            self.expression(&field.value, Use::Plain);
        }
    }

    fn unary(&mut self, operator: &str, operand: &'a Expression) -> Value<'a> {
        let used = match operator {
            "not" | "!" => Use::Tested,
            "#" => Use::Fails(Doing::Counting),
            _ => Use::Fails(Doing::Arithmetic),
        };
        match (operator, self.expression(operand, used).value) {
            ("-", Value::Number(number)) => Value::Number(-number),
            _ => Value::Unknown,
        }
    }

    fn binary(&mut self, operator: &str, left: &'a Expression, right: &'a Expression, used: Use<'a>) -> Outcome<'a> {
        let (of_left, of_right) = binary_uses(operator, used);
        let left = self.expression(left, of_left);
        let right = self.expression(right, of_right);
        match (operator, left.value, right.value) {
            // `get_redis_connection(name) or error(…)`
            ("or" | "||" | "??", Value::Handle, Value::Unknown | Value::Handle) => Value::Handle,
            ("+", Value::Number(a), Value::Number(b)) => Value::Number(a + b),
            ("-", Value::Number(a), Value::Number(b)) => Value::Number(a - b),
            ("*", Value::Number(a), Value::Number(b)) => Value::Number(a * b),
            _ => Value::Unknown,
        }
        .into()
    }

    fn name(&mut self, name: &'a str, at: usize, used: Use<'a>) -> Value<'a> {
        let variable = match self.names.variable(at) {
            Some(declared) => Variable::Local(declared),
            None => Variable::Global(name.to_owned()),
        };
        if let Some(function) = self.unchecked.mention(&variable)
            && let Use::Fails(doing) = used
        {
            self.unchecked_result(at, Some(name), function, doing);
        }
        if let Some(value) = self.variables.get(&variable) {
            return value.clone();
        }
        match variable {
            Variable::Local(_) => Value::Unknown,
            Variable::Global(_) if self.names.times_set(name) > 0 => Value::Unknown,
            Variable::Global(_) => self.global(name, at, used),
        }
    }

    /// A global that the script does not set.
    fn global(&mut self, name: &'a str, at: usize, used: Use<'a>) -> Value<'a> {
        if let Some(function) = self.checker.globals.iter().find(|function| function.name == name) {
            return Value::Declared(function);
        }
        if let Some(library) = LIBRARIES.iter().find(|library| library.name == name) {
            return Value::Library(library);
        }
        if name == "_G" {
            return Value::Globals;
        }
        if let Some(name) = BASE.iter().find(|known| **known == name) {
            return Value::Native("", name);
        }
        if matches!(used, Use::Tested) {
            self.asked_for.insert(name);
        }
        let of_redis = REDIS_GLOBALS.contains(&name) && self.names.are_of_redis();
        if of_redis || self.asked_for.contains(name) || name == ARGUMENTS || name == CALLBACK {
            return Value::Unknown;
        }
        if let Some(removed) = REMOVED.iter().find(|removed| removed.name == name) {
            self.found(at, &REMOVED_RULE, format!("scripts have no '{name}': {}", removed.instead));
            return Value::Unknown;
        }
        let mut message = format!("there is no global '{name}'");
        if self.checker.module(name).is_some() {
            message.push_str(&format!(": local {name} = require(\"{name}\")"));
        } else {
            let functions = self.checker.globals.iter().map(|function| function.name);
            let libraries = LIBRARIES.iter().map(|library| library.name);
            let own = self.names.globals().filter(|own| *own != name);
            let near = nearest(name, BASE.iter().copied().chain(functions).chain(libraries).chain(own));
            if let Some(near) = near {
                message.push_str(&format!(": did you mean '{near}'?"));
            }
        }
        self.found(at, &UNKNOWN_GLOBAL, message);
        Value::Unknown
    }

    /// What fails is done with a result, or with the variable that holds it.
    fn unchecked_result(
        &mut self,
        at: usize,
        variable: Option<&str>,
        function: &declarations::Function,
        doing: Doing<'_>,
    ) {
        let Some(reason) = may_be_nil(function).filter(|_| self.caught == 0) else { return };
        let name = function.name;
        let message = match variable {
            Some(variable) => {
                format!("'{variable}' may be nil, since '{name}' {reason}: check it before {doing}")
            }
            None => format!("'{name}' {reason}: check what it gives before {doing}"),
        };
        self.found(at, &UNCHECKED_RESULT, message);
    }
}

/// What an operator does with its operands, where `used` is done with its result.
pub(super) fn binary_uses<'a>(operator: &str, used: Use<'a>) -> (Use<'a>, Use<'a>) {
    let both = |used| (used, used);
    match operator {
        "and" | "&&" | "or" | "||" | "??" => (Use::Tested, used),
        "==" | "~=" | "!=" => both(Use::Tested),
        ".." => both(Use::Fails(Doing::Concatenating)),
        "<" | "<=" | ">" | ">=" => both(Use::Fails(Doing::Comparing)),
        _ => both(Use::Fails(Doing::Arithmetic)),
    }
}
