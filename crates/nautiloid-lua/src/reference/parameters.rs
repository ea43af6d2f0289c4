//! What a function takes: its parameters, and the options of those that are tables of options.

use nautiloid_redis::commands::Choice;

use super::Explained;
use super::words::{value_of, words};
use crate::declarations::{Form, Parameter, Type};

/// Every parameter of all forms once, each followed by its options.
pub(super) fn explain(forms: &[Form]) -> Vec<Explained> {
    let mut known: Vec<&Parameter> = Vec::new();
    for parameter in forms.iter().flat_map(|form| &form.parameters) {
        if !known.iter().any(|other| other.name == parameter.name) {
            known.push(parameter);
        }
    }
    known.into_iter().flat_map(with_options).collect()
}

fn with_options(parameter: &Parameter) -> Vec<Explained> {
    let mut text = words(&parameter.takes);
    if !parameter.about.is_empty() {
        text = format!("{text}: {}", parameter.about);
    }
    if parameter.optional {
        text.push_str(" (may be left out)");
    }
    let mut rows = vec![Explained::new(parameter.name, text)];
    if let Type::Options(choices) = parameter.takes {
        rows.extend(choices.iter().map(|choice| option(parameter.name, choice, choices)));
    }
    rows
}

fn option(table: &str, choice: &Choice, all: &[Choice]) -> Explained {
    let mut text = format!("{}: {}", value_of(choice.takes), choice.about);
    let others: Vec<String> = all
        .iter()
        .filter(|other| !choice.group.is_empty() && other.group == choice.group && other.name != choice.name)
        .map(|other| format!("`{}`", other.name))
        .collect();
    if !others.is_empty() {
        text.push_str(&format!("; not with {}", others.join(", ")));
    }
    Explained::new(format!("{table}.{}", choice.name), text)
}
