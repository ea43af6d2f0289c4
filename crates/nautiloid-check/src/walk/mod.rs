//! Goes through a script in the order in which it runs.

mod call;
mod callbacks;
mod commands;
mod expression;
mod index;
mod natives;

use std::collections::{HashMap, HashSet};

use nautiloid_lua::ModuleSearch;
use nautiloid_lua::declarations::{self, BASE, CALLBACK, Failure, LIBRARIES};

use crate::Checker;
use crate::names::Names;
use crate::registered::NameUses;
use crate::rules::{ACCIDENTAL_GLOBAL, IGNORED_ERROR, Rule};
use crate::syntax::ast::{Block, Expression, ExpressionKind, Function, Statement};
use crate::unchecked::{Doing, Unchecked, Use, Variable};
use crate::value::Value;
use callbacks::Callbacks;
use expression::binary_uses;

/// What an expression gives.
#[derive(Debug, Clone)]
struct Outcome<'a> {
    value: Value<'a>,
    /// The function whose first result it is, where nobody can have looked at it.
    from: Option<&'a declarations::Function>,
}

impl<'a> From<Value<'a>> for Outcome<'a> {
    fn from(value: Value<'a>) -> Self {
        Outcome { value, from: None }
    }
}

/// One way through a script.
pub(crate) struct Walk<'a> {
    checker: &'a Checker,
    files: &'a ModuleSearch,
    names: Names,
    /// What variables hold that are set once.
    variables: HashMap<Variable, Value<'a>>,
    unchecked: Unchecked<'a>,
    callbacks: Callbacks,
    /// The functions around this place, outermost first.
    functions: Vec<usize>,
    /// How many functions around this place are called by `pcall`, which catches what fails.
    caught: usize,
    /// Globals that the script has asked for: it knows that they may not be there.
    asked_for: HashSet<&'a str>,
    walked: Walked,
}

/// What was found on the way.
#[derive(Default)]
pub(crate) struct Walked {
    pub(crate) found: Vec<(usize, &'static Rule, String)>,
    pub(crate) uses: NameUses<usize>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(checker: &'a Checker, files: &'a ModuleSearch, script: &Block) -> Self {
        Walk {
            checker,
            files,
            names: Names::resolve(script),
            variables: HashMap::new(),
            unchecked: Unchecked::default(),
            callbacks: Callbacks::default(),
            functions: Vec::new(),
            caught: 0,
            asked_for: HashSet::new(),
            walked: Walked::default(),
        }
    }

    pub(crate) fn run(mut self, script: &'a Block) -> Walked {
        self.block(script);
        self.walked.found.extend(self.callbacks.findings());
        self.walked
    }

    fn found(&mut self, at: usize, rule: &'static Rule, message: String) {
        self.walked.found.push((at, rule, message));
    }

    fn block(&mut self, block: &'a Block) {
        block.statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &'a Statement) {
        match statement {
            Statement::Local { names, values } => {
                let outcomes = self.expressions(values);
                let variables: Vec<_> = names.iter().map(|name| Some(Variable::Local(name.at))).collect();
                self.assign(&variables, &outcomes);
            }
            Statement::Assign { targets, values } => {
                let outcomes = self.expressions(values);
                let variables: Vec<_> = targets.iter().map(|target| self.target(target)).collect();
                self.assign(&variables, &outcomes);
            }
            Statement::Compound { target, operator, value } => {
                let (of_target, of_value) = binary_uses(operator, Use::Plain);
                self.expression(target, of_target);
                self.expression(value, of_value);
                let variable = self.target(target);
                self.assign(&[variable], &[]);
            }
            Statement::Call(call) => {
                let outcome = self.expression(call, Use::Plain);
                if let Some(function) = outcome.from.filter(|function| function.failure == Failure::NilAndMessage) {
                    let message = format!("nobody looks whether '{}' failed: check its results", function.name);
                    self.found(call.at, &IGNORED_ERROR, message);
                }
            }
            Statement::Do(body) => self.block(body),
            Statement::While { condition, body } => {
                self.expression(condition, Use::Tested);
                self.block(body);
            }
            Statement::Repeat { body, until } => {
                self.block(body);
                self.expression(until, Use::Tested);
            }
            Statement::If { arms, otherwise } => {
                for (condition, body) in arms {
                    self.expression(condition, Use::Tested);
                    self.block(body);
                }
                otherwise.iter().for_each(|body| self.block(body));
            }
            Statement::Count { bounds, body, .. } => {
                for bound in bounds {
                    self.expression(bound, Use::Fails(Doing::Looping));
                }
                self.block(body);
            }
            Statement::Each { values, body, .. } => {
                for (index, value) in values.iter().enumerate() {
                    self.expression(value, if index == 0 { Use::Fails(Doing::Looping) } else { Use::Plain });
                }
                self.block(body);
            }
            Statement::Function { target, function } => {
                let variable = self.function_target(target);
                self.define(variable, function);
            }
            Statement::LocalFunction { name, function } => self.define(Some(Variable::Local(name.at)), function),
            Statement::Return(values) => {
                self.expressions(values);
            }
            Statement::Jump => {}
        }
    }

    fn expressions(&mut self, values: &'a [Expression]) -> Vec<Outcome<'a>> {
        values.iter().map(|value| self.expression(value, Use::Plain)).collect()
    }

    /// A function that has a name while it runs: it may call itself.
    fn define(&mut self, variable: Option<Variable>, function: &'a Function) {
        if let Some(variable) = variable {
            self.hold(&variable, Value::Closure(function));
        }
        self.function(function);
    }

    fn function(&mut self, function: &'a Function) {
        self.functions.push(function.at);
        self.block(&function.body);
        self.functions.pop();
    }

    /// Variables get results, which are fewer or more: the last may be a call.
    fn assign(&mut self, variables: &[Option<Variable>], outcomes: &[Outcome<'a>]) {
        for variable in variables.iter().flatten() {
            self.unchecked.assign(variable);
        }
        for (index, variable) in variables.iter().enumerate() {
            let Some(variable) = variable else { continue };
            let Some(outcome) = outcomes.get(index) else { continue };
            self.hold(variable, outcome.value.clone().kept());
            if let Some(function) = outcome.from {
                let is_last = index + 1 == outcomes.len();
                let error = if is_last { variables.get(index + 1).cloned().flatten() } else { None };
                self.unchecked.keep(function, variable.clone(), error);
            }
        }
    }

    fn hold(&mut self, variable: &Variable, value: Value<'a>) {
        let constant = match variable {
            Variable::Local(at) => !self.names.is_reassigned(*at),
            Variable::Global(name) => self.names.times_set(name) == 1,
        };
        if constant {
            self.variables.insert(variable.clone(), value);
        }
    }

    /// The variable that an assignment sets, if it is one.
    fn target(&mut self, target: &'a Expression) -> Option<Variable> {
        match &target.kind {
            ExpressionKind::Name(name) => {
                if let Some(at) = self.names.variable(target.at) {
                    return Some(Variable::Local(at));
                }
                if name != CALLBACK {
                    let message = if is_of_lua(name) {
                        format!("replaces Lua's own '{name}': give it another name, and write local")
                    } else {
                        format!("sets the global '{name}': write local, or _G.{name} if that is meant")
                    };
                    self.found(target.at, &ACCIDENTAL_GLOBAL, message);
                }
                Some(Variable::Global(name.clone()))
            }
            ExpressionKind::Index { of, key, .. } => {
                let of = self.expression(of, Use::Fails(Doing::Indexing));
                self.expression(key, Use::Plain);
                self.set_member(&of.value, key, target.at);
                None
            }
            _ => None,
        }
    }

    /// As [`Walk::target`], of `function name()`: at the top level that is how functions are defined.
    fn function_target(&mut self, target: &'a Expression) -> Option<Variable> {
        match &target.kind {
            ExpressionKind::Name(name) if self.functions.is_empty() && !is_of_lua(name) => {
                let local = self.names.variable(target.at).map(Variable::Local);
                Some(local.unwrap_or_else(|| Variable::Global(name.clone())))
            }
            _ => self.target(target),
        }
    }
}

fn is_of_lua(name: &str) -> bool {
    BASE.contains(&name) || LIBRARIES.iter().any(|library| library.name == name)
}
