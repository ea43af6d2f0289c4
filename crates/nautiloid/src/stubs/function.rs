//! A function as a stub: what it is for, parameters, results, other forms, and an empty body.

use std::fmt::Write;

use nautiloid_lua::declarations::{Failure, Form, Function, Parameter, Type};

use super::annotation::of_type;

/// A function under the name that it is defined by, `redis.redis_get` or `Handle:get`; `forms` are the ways to call it
/// under that name.
pub(super) fn stub(text: &mut String, name: &str, function: &Function, forms: &[Form], example: &[&str]) {
    let Some((form, others)) = forms.split_first() else { return };
    let _ = write!(text, "\n---{}\n", function.summary);
    if !function.notes.is_empty() {
        let _ = write!(text, "---\n---{}\n", function.notes);
    }
    if !example.is_empty() {
        let _ = write!(text, "---\n---```lua\n---{}\n---```\n", example.join("\n---"));
    }
    for parameter in &form.parameters {
        let _ = writeln!(
            text,
            "---@param {}{} {}{}",
            parameter.name,
            if parameter.optional { "?" } else { "" },
            of_type(&parameter.takes),
            about(parameter)
        );
    }
    if form.repeated > 0 {
        let again: Vec<&Parameter> = form.parameters.iter().rev().take(form.repeated).rev().collect();
        let names: Vec<&str> = again.iter().map(|parameter| parameter.name).collect();
        let _ = writeln!(text, "---@param ... {} more: {}", either(&again), names.join(", "));
    }
    for (index, result) in results(function).iter().enumerate() {
        let words =
            if index == 0 && !function.returns.is_empty() { format!(" # {}", function.returns) } else { String::new() };
        let _ = writeln!(text, "---@return {} {}{words}", result.of, result.name);
    }
    let of_name = name.rsplit_once(':').map(|_| "self: nautiloid.Handle");
    for other in others {
        let _ = writeln!(text, "---@overload {}", signature(of_name, other, function));
    }
    let mut names: Vec<&str> = form.parameters.iter().map(|parameter| parameter.name).collect();
    if form.repeated > 0 {
        names.push("...");
    }
    let _ = writeln!(text, "function {name}({}) end", names.join(", "));
}

/// What is said of a parameter, in its line.
fn about(parameter: &Parameter) -> String {
    let mut about = parameter.about.to_owned();
    if let Type::Options(choices) = parameter.takes {
        let options: Vec<_> = choices.iter().map(|choice| format!("`{}` {}", choice.name, choice.about)).collect();
        about = options.join("; ");
    }
    if about.is_empty() { about } else { format!(" {about}") }
}

/// `fun(handle: nautiloid.Handle, key: string): string?, string?`
fn signature(first: Option<&str>, form: &Form, function: &Function) -> String {
    let mut parameters: Vec<String> = first.map(str::to_owned).into_iter().collect();
    parameters.extend(form.parameters.iter().map(|parameter| {
        format!("{}{}: {}", parameter.name, if parameter.optional { "?" } else { "" }, of_type(&parameter.takes))
    }));
    if form.repeated > 0 {
        let again: Vec<&Parameter> = form.parameters.iter().rev().take(form.repeated).collect();
        parameters.push(format!("...: {}", either(&again)));
    }
    let results: Vec<String> = results(function).into_iter().map(|result| result.of).collect();
    let results = if results.is_empty() { String::new() } else { format!(": {}", results.join(", ")) };
    format!("fun({}){results}", parameters.join(", "))
}

/// The types of some parameters as one.
fn either(parameters: &[&Parameter]) -> String {
    let mut types: Vec<String> = Vec::new();
    for parameter in parameters {
        for one in of_type(&parameter.takes).split('|') {
            if !types.iter().any(|other| other == one) {
                types.push(one.to_owned());
            }
        }
    }
    types.join("|")
}

struct ResultOf {
    name: &'static str,
    of: String,
}

/// What a call gives, the message of a failure included.
fn results(function: &Function) -> Vec<ResultOf> {
    const NAMES: [&str; 4] = ["result", "err", "more", "last"];
    let fails = function.failure != Failure::Raises;
    let mut types: Vec<String> = function.results.iter().map(of_type).collect();
    if fails {
        types.resize(types.len().max(2), String::new());
        for of in &mut types {
            *of = match of.as_str() {
                "" | "nil" => "string?".to_owned(),
                // Scripts rely on not making the mistake.
                sure if function.failure == Failure::NilForMistakes => sure.to_owned(),
                "any" => "any".to_owned(),
                may_be_nil if may_be_nil.ends_with("|nil") => may_be_nil.to_owned(),
                union if union.contains('|') => format!("{union}|nil"),
                single => format!("{single}?"),
            };
        }
        // The place of the message, whether there are results behind it or not.
        if let Some(message) = types.get_mut(1) {
            *message = "string?".to_owned();
        }
    }
    types.into_iter().zip(NAMES).map(|(of, name)| ResultOf { name, of }).collect()
}
