//! Types in words.

use nautiloid_redis::commands::Takes;

use crate::declarations::Type;

/// A type as one thing: `string or number`.
pub(super) fn words(of: &Type) -> String {
    match of {
        Type::Any => "any value".to_owned(),
        Type::Nil => "nil".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Integer => "integer".to_owned(),
        Type::Duration => "integer of 0 or more".to_owned(),
        Type::String => "string".to_owned(),
        Type::Word(choices) | Type::WordInAnyCase(choices) => {
            alternatives(choices.iter().map(|word| format!("`\"{word}\"`")))
        }
        Type::Handle => "a handle".to_owned(),
        Type::Function => "function".to_owned(),
        Type::Table => "table".to_owned(),
        Type::Array(element) => format!("array of {}", plural(element)),
        Type::Map(key, value) => format!("table ({} → {})", words(key), words(value)),
        Type::Record(fields) => {
            let fields: Vec<_> =
                fields.iter().map(|field| format!("{} = {}", field.name, words(&field.holds))).collect();
            format!("table `{{ {} }}`", fields.join(", "))
        }
        Type::Commands => words(&Type::Array(&Type::Array(&Type::Any))),
        Type::Options(_) => "table of options".to_owned(),
        Type::OneOf(types) => alternatives(types.iter().map(words)),
    }
}

/// A type as many things: `strings or numbers`.
fn plural(of: &Type) -> String {
    match of {
        Type::OneOf(types) => alternatives(types.iter().map(plural)),
        Type::Any => "any values".to_owned(),
        Type::Array(element) => format!("arrays of {}", plural(element)),
        Type::Boolean | Type::Number | Type::Integer | Type::String | Type::Table => format!("{}s", words(of)),
        other => words(other),
    }
}

/// What the value of an option is.
pub(super) fn value_of(takes: Takes) -> &'static str {
    match takes {
        Takes::Flag => "`true`",
        Takes::Positive => "integer more than 0",
        Takes::Count => "integer of 0 or more",
        Takes::Integer | Takes::LimitOffset | Takes::LimitCount => "integer",
        Takes::Text => "string or number",
    }
}

/// `a, b or c`
fn alternatives(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    match (names.pop(), names.is_empty()) {
        (Some(last), false) => format!("{} or {last}", names.join(", ")),
        (last, _) => last.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_words() {
        assert_eq!(words(&Type::VALUE), "string, number or boolean");
        assert_eq!(words(&Type::Array(&Type::TEXT)), "array of strings or numbers");
        assert_eq!(words(&Type::Word(&["a"])), "`\"a\"`");
        assert_eq!(words(&Type::Map(&Type::String, &Type::Integer)), "table (string → integer)");
    }
}
