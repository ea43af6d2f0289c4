//! Types as annotations.

use nautiloid_lua::declarations::Type;
use nautiloid_redis::commands::{Choice, Takes};

/// The class of handles.
pub(super) const HANDLE: &str = "nautiloid.Handle";

/// A type as the server writes it: `string|number`.
pub(super) fn of_type(of: &Type) -> String {
    match of {
        Type::Any => "any".to_owned(),
        Type::Nil => "nil".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Integer | Type::Duration => "integer".to_owned(),
        Type::String => "string".to_owned(),
        Type::Word(words) => literals(words),
        // Literals are compared with their case.
        Type::WordInAnyCase(words) => format!("{}|string", literals(words)),
        Type::Handle => HANDLE.to_owned(),
        Type::Function => "function".to_owned(),
        Type::Table => "table".to_owned(),
        Type::Array(element) => match of_type(element) {
            union if union.contains('|') => format!("({union})[]"),
            single => format!("{single}[]"),
        },
        Type::Map(key, value) => format!("table<{}, {}>", of_type(key), of_type(value)),
        Type::Record(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|field| format!("{}: {}", field.name, of_type(&field.holds))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Type::Commands => of_type(&Type::Array(&Type::Array(&Type::Any))),
        Type::Options(choices) => {
            let fields: Vec<_> =
                choices.iter().map(|choice| format!("{}?: {}", choice.name, of_option(choice))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        Type::OneOf(types) => types.iter().map(of_type).collect::<Vec<_>>().join("|"),
    }
}

fn literals(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join("|")
}

fn of_option(choice: &Choice) -> &'static str {
    match choice.takes {
        Takes::Flag => "boolean",
        Takes::Positive | Takes::Count | Takes::Integer | Takes::LimitOffset | Takes::LimitCount => "integer",
        Takes::Text => "string|number",
    }
}
