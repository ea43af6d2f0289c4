//! What is known of a value without running the script.

use nautiloid_lua::declarations::{self, Library, Module};

use crate::syntax::ast::{Expression, ExpressionKind, Field, Function};

/// What is known of a value.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    /// Nothing.
    Unknown,
    Nil,
    Boolean(bool),
    Number(f64),
    Text(&'a [u8]),
    /// A table, with what is in it where that cannot have changed since.
    Table(Option<&'a [Field]>),
    /// A function of the script's own.
    Closure(&'a Function),
    /// A pool.
    Handle,
    /// A built-in module.
    Module(&'a Module),
    /// A function of a built-in module.
    Declared(&'a declarations::Function),
    /// `_G`
    Globals,
    /// A library of Lua's own.
    Library(&'static Library),
    /// A function of Lua's own, with its library: `("string", "gsub")`, `("", "assert")`.
    Native(&'static str, &'static str),
}

impl<'a> Value<'a> {
    /// What a literal is; nothing is known of other expressions.
    pub(crate) fn of_literal(expression: &'a Expression) -> Self {
        match &expression.inner().kind {
            ExpressionKind::Nil => Value::Nil,
            ExpressionKind::Boolean(boolean) => Value::Boolean(*boolean),
            ExpressionKind::Number(Some(number)) => Value::Number(*number),
            ExpressionKind::String(text) => Value::Text(text),
            ExpressionKind::Table(fields) => Value::Table(Some(fields)),
            ExpressionKind::Function(function) => Value::Closure(function),
            ExpressionKind::Unary { operator: "-", operand } => match Value::of_literal(operand) {
                Value::Number(number) => Value::Number(-number),
                _ => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    /// The type as Lua's `type` names it, where it is known.
    pub(crate) fn type_name(&self) -> Option<&'static str> {
        Some(match self {
            Value::Unknown => return None,
            Value::Nil => "nil",
            Value::Boolean(_) => "boolean",
            Value::Number(_) => "number",
            Value::Text(_) => "string",
            Value::Table(_) | Value::Module(_) | Value::Library(_) | Value::Globals => "table",
            Value::Closure(_) | Value::Declared(_) | Value::Native(..) => "function",
            Value::Handle => "handle",
        })
    }

    /// What is known after the value has been kept in a variable: tables change.
    pub(crate) fn kept(self) -> Self {
        match self {
            Value::Table(_) => Value::Table(None),
            other => other,
        }
    }
}
