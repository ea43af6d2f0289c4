//! Lists of commands: of a pipeline, and of a transaction.

use nautiloid_lua::declarations::{Function, Type};
use nautiloid_redis::commands::nearest::nearest;
use nautiloid_redis::commands::{self, Access, Action, NAME_PREFIX};

use super::Walk;
use crate::fit::Call;
use crate::rules::{ARGUMENT_TYPE, UNKNOWN_COMMAND};
use crate::syntax::ast::{Block, Expression, ExpressionKind, Field, Statement};
use crate::unchecked::Variable;
use crate::value::Value;

/// Its commands may be given without the source of the script, which is another way to call it.
const RUN_SCRIPT: &str = "redis_run_script";

impl<'a> Walk<'a> {
    /// A function that is called with a handle, and gives commands, begins.
    pub(super) fn prepare_body(&mut self, function: &Function, argument: &'a Expression) {
        if let ExpressionKind::Function(body) = &argument.kind
            && takes_commands(function)
            && let Some(handle) = body.parameters.first()
        {
            self.hold(&Variable::Local(handle.at), Value::Handle);
        }
    }

    /// Looks into the lists among the arguments of a call, and into those that a function among them gives.
    pub(super) fn lists(&mut self, function: &Function, arguments: &[Value<'a>]) {
        if !takes_commands(function) {
            return;
        }
        let only_reads = arguments.iter().any(|argument| matches!(argument, Value::Text(b"read")));
        let is_watch = arguments.iter().any(|argument| matches!(argument, Value::Closure(_)));
        for argument in arguments {
            match argument {
                Value::Table(Some(fields)) if !is_watch => self.list(fields, only_reads),
                Value::Closure(body) => {
                    returned(&body.body).into_iter().for_each(|fields| self.list(fields, only_reads));
                }
                _ => {}
            }
        }
    }

    fn list(&mut self, fields: &'a [Field], only_reads: bool) {
        for field in fields {
            if let (None, ExpressionKind::Table(words)) = (&field.key, &field.value.kind) {
                self.listed(words, only_reads, field.value.at);
            }
        }
    }

    /// One command: `{ "set", key, value, 60 }`.
    fn listed(&mut self, words: &'a [Field], only_reads: bool, at: usize) {
        if words.iter().any(|word| word.key.is_some()) {
            return;
        }
        let Some((first, rest)) = words.split_first() else { return };
        let Some(name) = first.value.literal() else { return };
        let short = name.strip_prefix(NAME_PREFIX).unwrap_or(name);
        let all = || self.checker.modules.iter().flat_map(|module| &module.functions).filter(|other| other.is_listable);
        let Some(function) = all().find(|function| function.method == Some(short)) else {
            let hint = match nearest(short, all().filter_map(|function| function.method)) {
                Some(near) => format!(": did you mean '{near}'?"),
                None => String::new(),
            };
            self.found(first.value.at, &UNKNOWN_COMMAND, format!("no list of commands can have '{name}'{hint}"));
            return;
        };
        if only_reads && writes(function) {
            let message = format!("'{short}' writes: the mode of the pipeline has to be \"write\"");
            self.found(first.value.at, &ARGUMENT_TYPE, message);
        }
        if function.name == RUN_SCRIPT {
            return;
        }
        let values: Vec<Value<'a>> =
            [Value::Handle].into_iter().chain(rest.iter().map(|word| Value::of_literal(&word.value))).collect();
        let is_open = rest.last().is_some_and(|word| word.value.is_open());
        if let Some(misfit) = (Call { function, is_method: true, is_open }).misfit(&values) {
            let place = misfit.place(at, rest.iter().map(|word| &word.value), 1);
            self.found(place, misfit.rule, misfit.message);
        }
    }
}

fn takes_commands(function: &Function) -> bool {
    let mut parameters = function.forms.iter().flat_map(|form| &form.parameters);
    parameters.any(|parameter| parameter.takes == Type::Commands)
}

fn writes(function: &Function) -> bool {
    let row = commands::find(function.name);
    row.is_some_and(|row| matches!(row.action, Action::Send(send) if send.access == Access::Write))
}

/// The tables that a function returns, as far as they are written where they are returned.
fn returned(block: &Block) -> Vec<&[Field]> {
    let mut tables = Vec::new();
    for statement in &block.statements {
        match statement {
            Statement::Return(values) => {
                if let [Expression { kind: ExpressionKind::Table(fields), .. }] = values.as_slice() {
                    tables.push(fields.as_slice());
                }
            }
            Statement::Do(body)
            | Statement::While { body, .. }
            | Statement::Repeat { body, .. }
            | Statement::Count { body, .. }
            | Statement::Each { body, .. } => tables.extend(returned(body)),
            Statement::If { arms, otherwise } => {
                let bodies = arms.iter().map(|(_, body)| body).chain(otherwise);
                tables.extend(bodies.flat_map(returned));
            }
            Statement::Local { .. }
            | Statement::Assign { .. }
            | Statement::Compound { .. }
            | Statement::Call(_)
            | Statement::Function { .. }
            | Statement::LocalFunction { .. }
            | Statement::Jump => {}
        }
    }
    tables
}
