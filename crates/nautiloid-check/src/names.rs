//! Which name means which local variable.
//!
//! A variable is known by the place of its declaration. What a variable holds is followed only where nothing is assigned
//! to it later, which this finds out first.

use std::collections::{HashMap, HashSet};

use crate::syntax::ast::{Block, Expression, ExpressionKind, Function, Name, Statement};

/// What only a script inside Redis gets.
const REDIS_ARGUMENTS: [&str; 2] = ["KEYS", "ARGV"];

/// The names of a script.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Where a name is used, and where the local variable is declared that it means; the others are globals.
    uses: HashMap<usize, usize>,
    /// Variables that are assigned to after their declaration.
    reassigned: HashSet<usize>,
    /// Whether the script mentions what only one inside Redis gets.
    mentions_redis: bool,
    /// How often each global is set.
    globals: HashMap<String, usize>,
}

impl Names {
    pub(crate) fn resolve(script: &Block) -> Self {
        let mut resolver = Resolver { names: Names::default(), scopes: Vec::new() };
        resolver.block(script);
        resolver.names
    }

    /// The variable that a name at this place means; `None` for a global.
    pub(crate) fn variable(&self, at: usize) -> Option<usize> {
        self.uses.get(&at).copied()
    }

    pub(crate) fn is_reassigned(&self, variable: usize) -> bool {
        self.reassigned.contains(&variable)
    }

    /// How often the script sets this global.
    pub(crate) fn times_set(&self, global: &str) -> usize {
        self.globals.get(global).copied().unwrap_or(0)
    }

    /// Whether this is a script that runs inside Redis: it mentions globals that only such a one gets.
    pub(crate) fn are_of_redis(&self) -> bool {
        self.mentions_redis && ["redis"].iter().chain(&REDIS_ARGUMENTS).all(|name| self.times_set(name) == 0)
    }

    /// The globals that the script sets.
    pub(crate) fn globals(&self) -> impl Iterator<Item = &str> {
        self.globals.keys().map(String::as_str)
    }
}

struct Resolver {
    names: Names,
    scopes: Vec<Vec<(String, usize)>>,
}

impl Resolver {
    fn block(&mut self, block: &Block) {
        self.scoped(&[], block);
    }

    /// A block with variables of its own: parameters, or those of a loop.
    fn scoped(&mut self, variables: &[Name], block: &Block) {
        self.scopes.push(Vec::new());
        variables.iter().for_each(|name| self.declare(name));
        block.statements.iter().for_each(|statement| self.statement(statement));
        self.scopes.pop();
    }

    fn declare(&mut self, name: &Name) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.push((name.text.clone(), name.at));
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Local { names, values } => {
                self.expressions(values);
                names.iter().for_each(|name| self.declare(name));
            }
            Statement::Assign { targets, values } => {
                self.expressions(values);
                targets.iter().for_each(|target| self.target(target));
            }
            Statement::Compound { target, value, .. } => {
                self.expression(value);
                self.target(target);
            }
            Statement::Call(call) => self.expression(call),
            Statement::Do(body) => self.block(body),
            Statement::While { condition, body } => {
                self.expression(condition);
                self.block(body);
            }
            Statement::Repeat { body, until } => {
                // The condition sees the variables of the body.
                self.scopes.push(Vec::new());
                body.statements.iter().for_each(|statement| self.statement(statement));
                self.expression(until);
                self.scopes.pop();
            }
            Statement::If { arms, otherwise } => {
                for (condition, body) in arms {
                    self.expression(condition);
                    self.block(body);
                }
                otherwise.iter().for_each(|body| self.block(body));
            }
            Statement::Count { name, bounds, body } => {
                self.expressions(bounds);
                self.scoped(std::slice::from_ref(name), body);
            }
            Statement::Each { names, values, body } => {
                self.expressions(values);
                self.scoped(names, body);
            }
            Statement::Function { target, function } => {
                self.target(target);
                self.function(function);
            }
            Statement::LocalFunction { name, function } => {
                self.declare(name);
                self.function(function);
            }
            Statement::Return(values) => self.expressions(values),
            Statement::Jump => {}
        }
    }

    fn target(&mut self, target: &Expression) {
        self.expression(target);
        if let ExpressionKind::Name(name) = &target.kind {
            match self.names.variable(target.at) {
                Some(variable) => {
                    self.names.reassigned.insert(variable);
                }
                None => *self.names.globals.entry(name.clone()).or_default() += 1,
            }
        }
        // `_G.name = value` sets a global, too.
        if let ExpressionKind::Index { of, key, .. } = &target.kind
            && matches!(&of.kind, ExpressionKind::Name(name) if name == "_G")
            && let Some(name) = key.literal()
        {
            *self.names.globals.entry(name.to_owned()).or_default() += 1;
        }
    }

    fn function(&mut self, function: &Function) {
        self.scoped(&function.parameters, &function.body);
    }

    fn expressions(&mut self, expressions: &[Expression]) {
        expressions.iter().for_each(|expression| self.expression(expression));
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Name(name) => {
                let mut known = self.scopes.iter().rev().flat_map(|scope| scope.iter().rev());
                if let Some((_, variable)) = known.find(|(known, _)| known == name) {
                    self.names.uses.insert(expression.at, *variable);
                } else {
                    self.names.mentions_redis |= REDIS_ARGUMENTS.contains(&name.as_str());
                }
            }
            ExpressionKind::Function(function) => self.function(function),
            ExpressionKind::Index { of, key, .. } => {
                self.expression(of);
                self.expression(key);
                // `redis.call(…)`
                let is_call = matches!(key.literal(), Some("call" | "pcall"));
                let of_redis = matches!(&of.kind, ExpressionKind::Name(name) if name == "redis");
                self.names.mentions_redis |= is_call && of_redis && self.names.variable(of.at).is_none();
            }
            ExpressionKind::Call { function, arguments, .. } => {
                self.expression(function);
                self.expressions(arguments);
            }
            ExpressionKind::Method { of, arguments, .. } => {
                self.expression(of);
                self.expressions(arguments);
            }
            ExpressionKind::Table(fields) => {
                for field in fields {
                    field.key.iter().for_each(|key| self.expression(key));
                    self.expression(&field.value);
                }
            }
            ExpressionKind::Unary { operand, .. } => self.expression(operand),
            ExpressionKind::Binary { left, right, .. } => {
                self.expression(left);
                self.expression(right);
            }
            ExpressionKind::Choice { condition, yes, no } => {
                self.expression(condition);
                self.expression(yes);
                self.expression(no);
            }
            ExpressionKind::Parentheses(inner) => self.expression(inner),
            ExpressionKind::Nil
            | ExpressionKind::Boolean(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Varargs => {}
        }
    }
}
