//! Rows of the table of commands as functions.

use nautiloid_redis::commands::{Action, Command, LIMIT, Param, RedisCommand, Reply, Shape, Special};

use super::function::{Failure, Form, Function, Parameter, optional, required};
use super::types::{Field, Type, field};

/// A row as a function of the module, and as a method of handles.
pub(crate) fn function(command: &Command) -> Function {
    Function {
        name: command.name,
        method: command.is_method().then(|| command.short_name()),
        is_listable: command.is_listable(),
        forms: forms(command.params),
        results: results(command.action),
        returns: command.doc.returns,
        failure: failure(command.action),
        waits: waits(command.action),
        summary: command.doc.summary,
        notes: command.doc.notes,
    }
}

/// Every way to write the arguments: values in turn or a table of them, as the shapes allow.
fn forms(params: &[Param]) -> Vec<Form> {
    params.iter().fold(vec![Form::default()], |forms, param| {
        let ways = ways(param);
        ways.iter()
            .flat_map(|(parameters, repeated)| {
                forms.iter().map(move |form| Form {
                    parameters: form.parameters.iter().chain(parameters).copied().collect(),
                    repeated: *repeated,
                })
            })
            .collect()
    })
}

/// The parameters that one of a row becomes, and how many of them may come again; more than one way to write it.
type Ways = Vec<(Vec<Parameter>, usize)>;

fn ways(param: &Param) -> Ways {
    const TEXTS: Type = Type::Array(&Type::TEXT);
    const VALUES: Type = Type::Array(&Type::VALUE);
    const PAIRS: Type = Type::Map(&Type::TEXT, &Type::VALUE);
    const BOUND: Type = Type::OneOf(&[Type::Number, Type::String]);
    let name = param.name;
    let one = |takes| vec![(vec![required(name, takes)], 0)];
    let maybe = |takes| vec![(vec![optional(name, takes)], 0)];
    let many = |takes, all| vec![(vec![required(name, takes)], 1), (vec![required(plural(name), all)], 0)];
    let pairs = |takes: [Type; 2], table: Vec<Parameter>| {
        let (first, second) = name.split_once(", ").unwrap_or((name, "value"));
        vec![(vec![required(first, takes[0]), required(second, takes[1])], 2), (table, 0)]
    };
    match param.shape {
        Shape::Handle => one(Type::POOL),
        Shape::Key | Shape::Text => one(Type::TEXT),
        Shape::Source => vec![(vec![required(name, Type::TEXT).about("`\"\"` for none")], 0)],
        Shape::Keys | Shape::CountedKeys | Shape::Texts => many(Type::TEXT, TEXTS),
        Shape::Values => many(Type::VALUE, VALUES),
        Shape::KeyPairs | Shape::Pairs => pairs([Type::TEXT, Type::VALUE], vec![required("values", PAIRS)]),
        Shape::Scores(choices) => {
            let scores = required("scores", Type::Map(&Type::VALUE, &BOUND));
            pairs([Type::VALUE, BOUND], vec![scores, optional("options", Type::Options(choices))])
        }
        Shape::Value => one(Type::VALUE),
        Shape::Integer => one(Type::Integer),
        Shape::Cursor | Shape::PoolCursor => {
            vec![(vec![required(name, Type::Integer).about("`0` at first, then the cursor of the last step")], 0)]
        }
        Shape::Number => one(Type::Number),
        Shape::Bound => {
            let about = "`\"(5\"` leaves out 5 itself; `\"-inf\"` and `\"+inf\"` have no end";
            vec![(vec![required(name, BOUND).about(about)], 0)]
        }
        Shape::Word(words) => one(Type::WordInAnyCase(words)),
        Shape::OptionalInteger | Shape::IntegerOption(_) => maybe(Type::Integer),
        Shape::TextOption(_) => maybe(Type::TEXT),
        Shape::Expiration(choices) => {
            let seconds = optional("seconds", Type::Duration).about("until the key expires");
            vec![(vec![seconds], 0), (vec![optional("options", Type::Options(choices))], 0)]
        }
        Shape::Options(choices) => maybe(Type::Options(choices)),
        Shape::Trim(choices) => one(Type::Options(choices)),
        Shape::Limit => vec![
            (vec![optional(name, Type::Options(LIMIT))], 0),
            (vec![required("offset", Type::Integer), required("count", Type::Integer)], 0),
        ],
        Shape::ReplyType => {
            let types = Type::Word(&["string", "number", "boolean", "bool", "nil"]);
            vec![(vec![optional(name, types).about("what the string is converted to")], 0)]
        }
        Shape::KeyList => maybe(TEXTS),
        Shape::ValueList => maybe(VALUES),
        Shape::Table => one(Type::Table),
        Shape::Words => vec![(vec![optional(name, Type::VALUE)], 1)],
        Shape::Commands => one(Type::Commands),
        Shape::KeysOrCommands => {
            vec![(vec![required("commands", Type::Commands)], 0), (vec![required("keys", TEXTS)], 0)]
        }
        Shape::Body => maybe(Type::Function),
    }
}

/// What a table of them is called.
fn plural(name: &'static str) -> &'static str {
    match name {
        "field" => "fields",
        "id" => "ids",
        "key" => "keys",
        "member" => "members",
        "source" => "sources",
        "value" => "values",
        _ => "list",
    }
}

const TEXTS_BY_TEXT: Type = Type::Map(&Type::String, &Type::String);
const MEMBERS: Type = Type::Array(&Type::String);
const SCORED: Type = Type::Array(&Type::Record(&[field("member", Type::String), field("score", Type::Number)]));
const CURSOR: Field = field("cursor", Type::Integer);
const SCANNED_KEYS: Type = Type::Record(&[CURSOR, field("keys", MEMBERS)]);
const SCANNED_MAP: Type = Type::Record(&[CURSOR, field("fields", TEXTS_BY_TEXT)]);
const SCANNED_MEMBERS: Type = Type::Record(&[CURSOR, field("members", MEMBERS)]);
const SCANNED_SCORES: Type = Type::Record(&[CURSOR, field("members", SCORED)]);
const ENTRIES: Type = Type::Array(&Type::Record(&[field("id", Type::String), field("fields", TEXTS_BY_TEXT)]));

const REPLIES: Type = Type::Array(&Type::Record(&[
    field("ok", Type::Boolean),
    field("value", Type::Any),
    field("err", Type::OneOf(&[Type::String, Type::Nil])),
]));

fn results(action: Action) -> Vec<Type> {
    let first = match action {
        Action::Send(RedisCommand { reply, .. }) => match reply {
            Reply::Plain => Type::Any,
            Reply::Ok => Type::Word(&["OK"]),
            Reply::Integer => Type::Integer,
            Reply::String => Type::String,
            Reply::Strings => MEMBERS,
            Reply::StringOrStrings => Type::OneOf(&[Type::String, MEMBERS]),
            Reply::Optional => Type::OneOf(&[Type::String, Type::Nil]),
            Reply::Float => Type::Number,
            Reply::Text => Type::VALUE,
            Reply::Boolean => Type::Boolean,
            Reply::OkOrFalse => Type::OneOf(&[Type::Word(&["OK"]), Type::Boolean]),
            Reply::OkAndNumber => return vec![Type::Word(&["OK"]), Type::Nil, Type::Integer],
            Reply::Map | Reply::ByKey | Reply::ByArgument => TEXTS_BY_TEXT,
            Reply::NumberByArgument => Type::Map(&Type::String, &Type::Number),
            Reply::BooleanByArgument => Type::Map(&Type::String, &Type::Boolean),
            Reply::Scored => SCORED,
            Reply::ScanMap => SCANNED_MAP,
            Reply::ScanMembers => SCANNED_MEMBERS,
            Reply::ScanScored => SCANNED_SCORES,
            Reply::Entries => ENTRIES,
        },
        Action::Special(special) => match special {
            Special::RegisterPool => Type::Word(&["OK"]),
            Special::GetConnection => Type::Handle,
            Special::UploadScript => Type::String,
            Special::RunScript => Type::Any,
            Special::Scan => SCANNED_KEYS,
            Special::ScanIterator => Type::Function,
            Special::Pipeline | Special::Transaction => REPLIES,
            Special::AnyCommand => Type::Any,
            Special::Encrypt | Special::Decrypt => Type::String,
            Special::IsEncryptionEnabled => Type::Boolean,
        },
    };
    vec![first]
}

fn failure(action: Action) -> Failure {
    match action {
        // A loop has no place for an error.
        Action::Special(Special::ScanIterator) => Failure::Raises,
        Action::Send(_) | Action::Special(_) => Failure::NilAndMessage,
    }
}

fn waits(action: Action) -> bool {
    !matches!(action, Action::Special(special) if special.is_local())
}

#[cfg(test)]
mod tests {
    use nautiloid_redis::commands;

    use super::*;

    #[test]
    fn forms_can_be_written_down() {
        let lua = mlua::Lua::new();
        for command in commands::all() {
            for form in function(command).forms {
                let parameters = &form.parameters;
                for name in parameters.iter().map(|parameter| parameter.name) {
                    // Lua itself says whether it can be the name of a parameter.
                    let good = lua.load(format!("return function({name}) end")).into_function().is_ok();
                    assert!(good, "{}: a parameter '{name}'", command.name);
                }
                assert!(form.repeated <= parameters.len(), "{}", command.name);
                assert!(parameters[form.least()..].iter().all(|parameter| parameter.optional), "{}", command.name);
            }
        }
    }

    /// What is written in an example, which the conformance suite runs, is of the type that is declared.
    #[test]
    fn examples_give_what_is_declared() {
        fn is_of(literal: &str, of: Type) -> bool {
            match of {
                Type::Any => true,
                Type::OneOf(types) => types.iter().any(|of| is_of(literal, *of)),
                Type::Nil => literal == "nil",
                Type::Boolean => matches!(literal, "true" | "false"),
                Type::Integer | Type::Duration => literal.parse::<i64>().is_ok(),
                Type::Number => literal.parse::<f64>().is_ok(),
                Type::String => literal.starts_with('"'),
                Type::Word(words) | Type::WordInAnyCase(words) => words.contains(&literal.trim_matches('"')),
                Type::Table | Type::Array(_) | Type::Map(..) | Type::Record(_) | Type::Commands | Type::Options(_) => {
                    literal.starts_with('{')
                }
                Type::Handle | Type::Function => false,
            }
        }
        let mut compared = 0;
        for command in commands::all() {
            let first = function(command).results[0];
            for line in command.doc.example {
                let Some((call, results)) = line.split_once(" --> ") else { continue };
                if !call.starts_with(&format!("redis.{}(", command.name)) || results.starts_with("nil") {
                    continue;
                }
                let results = results.trim_end_matches(" (about)").trim_end_matches(" (in any order)");
                let literal = if results.starts_with('{') { results } else { results.split(", ").next().unwrap() };
                assert!(is_of(literal, first), "{}: {literal} is no {first:?}", command.name);
                compared += 1;
            }
        }
        assert!(compared > commands::all().count(), "{compared} results");
    }

    #[test]
    fn a_table_is_another_form() {
        let forms = |name| function(commands::find(name).unwrap()).forms;
        let names = |form: &Form| form.parameters.iter().map(|p| p.name).collect::<Vec<_>>().join(" ");
        let hset = forms("redis_hset");
        let written: Vec<_> = hset.iter().map(|form| (names(form), form.repeated)).collect();
        assert_eq!(written, [("handle key field value".to_owned(), 2), ("handle key values".to_owned(), 0)]);
        assert_eq!(forms("redis_get").len(), 1);
    }
}
