//! Handles: a class whose methods are the functions that take one.

use nautiloid_lua::declarations::{Form, Function};
use nautiloid_redis::commands;

use super::annotation::HANDLE;
use super::function;

/// The class of handles, with its methods.
pub(super) fn class(functions: &[Function]) -> String {
    let mut text = format!(
        "\n---A pool of connections, as `get_redis_connection` gives it.\n---@class {HANDLE}\nlocal Handle = {{}}\n"
    );
    for declared in functions {
        if let Some(method) = declared.method {
            let forms: Vec<Form> = declared.forms.iter().map(Form::of_method).collect();
            function::stub(&mut text, &format!("Handle:{method}"), declared, &forms, &[]);
        }
    }
    text
}

/// The example of a function of Redis.
pub(super) fn example(name: &str) -> &'static [&'static str] {
    commands::find(name).map(|command| command.doc.example).unwrap_or_default()
}
