//! Members of modules, libraries and handles.

use nautiloid_lua::declarations::{Library, Module, REMOVED};
use nautiloid_redis::commands::NAME_PREFIX;
use nautiloid_redis::commands::nearest::nearest;

use super::Walk;
use crate::rules::{READ_ONLY, REMOVED as REMOVED_RULE, UNKNOWN_FUNCTION};
use crate::syntax::ast::{Expression, ExpressionKind};
use crate::unchecked::{Use, Variable};
use crate::value::Value;

impl<'a> Walk<'a> {
    pub(super) fn index(
        &mut self,
        of: &'a Expression,
        of_use: Use<'a>,
        key: &'a Expression,
        used: Use<'a>,
    ) -> Value<'a> {
        let of_value = self.expression(of, of_use).value;
        self.expression(key, Use::Plain);
        let ExpressionKind::String(_) = key.kind else { return Value::Unknown };
        let Some(name) = key.literal() else { return Value::Unknown };
        let member = match of_value {
            Value::Module(module) => self.member_of_module(module, name),
            Value::Library(library) => self.member_of_library(library, name),
            Value::Handle => self.method_of_handle(name),
            Value::Globals => {
                let value = self.variables.get(&Variable::Global(name.to_owned()));
                return value.cloned().unwrap_or(Value::Unknown);
            }
            _ => return Value::Unknown,
        };
        match member {
            Ok(value) => value,
            Err((rule, message)) => {
                // Asking whether there is such a function is fine.
                if !matches!(used, Use::Tested) {
                    self.found(key.at, rule, message);
                }
                Value::Unknown
            }
        }
    }

    fn member_of_module(&self, module: &'a Module, name: &str) -> Member<'a> {
        if let Some(function) = module.functions.iter().find(|function| function.name == name) {
            return Ok(Value::Declared(function));
        }
        if let Some((_, constant)) = module.constants.iter().find(|(constant, _)| constant == name) {
            return Ok(Value::Number(f64::from(*constant)));
        }
        let functions = || module.functions.iter().map(|function| function.name);
        let constants = module.constants.iter().map(|(constant, _)| constant.as_str());
        // Whoever writes `get` means `redis_get`.
        let whole = functions().find(|function| function.strip_prefix(NAME_PREFIX) == Some(name));
        let near = whole.or_else(|| nearest(name, functions().chain(constants)));
        Err((&UNKNOWN_FUNCTION, no_member(&format!("the module '{}'", module.name), name, near)))
    }

    fn member_of_library(&self, library: &'static Library, name: &str) -> Member<'a> {
        if let Some(member) = library.members.iter().find(|member| **member == name) {
            // What is no function is nothing to follow.
            let constant = matches!((library.name, *member), ("math", "huge" | "pi") | ("package", _));
            return Ok(if constant { Value::Unknown } else { Value::Native(library.name, member) });
        }
        let whole = format!("{}.{name}", library.name);
        if let Some(removed) = REMOVED.iter().find(|removed| removed.name == whole) {
            return Err((&REMOVED_RULE, format!("scripts have no '{whole}': {}", removed.instead)));
        }
        let near = nearest(name, library.members.iter().copied());
        Err((&UNKNOWN_FUNCTION, no_member(&format!("the library '{}'", library.name), name, near)))
    }

    pub(super) fn method_of_handle(&self, name: &str) -> Member<'a> {
        let functions = || self.checker.modules.iter().flat_map(|module| &module.functions);
        if let Some(function) = functions().find(|function| function.method == Some(name)) {
            return Ok(Value::Declared(function));
        }
        let methods = functions().filter_map(|function| function.method);
        let near = nearest(name.strip_prefix(NAME_PREFIX).unwrap_or(name), methods);
        Err((&UNKNOWN_FUNCTION, no_member("a handle", name, near)))
    }

    /// An assignment to a member.
    pub(super) fn set_member(&mut self, of: &Value<'a>, key: &Expression, at: usize) {
        let what = match of {
            Value::Module(module) => module.name,
            Value::Library(library) => library.name,
            Value::Handle => "handle",
            _ => return,
        };
        let name = key.literal().unwrap_or("…");
        let message = format!("'{what}' is read-only: cannot set '{name}', use a table of your own");
        self.found(at, &READ_ONLY, message);
    }
}

/// What a member is, or the rule that asking for it breaks.
pub(super) type Member<'a> = Result<Value<'a>, (&'static crate::rules::Rule, String)>;

fn no_member(owner: &str, name: &str, near: Option<&str>) -> String {
    match near {
        Some(near) => format!("{owner} has no '{name}': did you mean '{near}'?"),
        None => format!("{owner} has no '{name}'"),
    }
}
