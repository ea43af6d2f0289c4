//! The reference page of the module, written from the table.

use std::fmt::Write;

use super::{Action, Choice, Command, GROUPS, NIL_ERROR, RedisCommand, Reply, Shape, Spread, Takes};

/// The page as Markdown: `docs/reference/nauthilus_redis.md`.
pub fn markdown() -> String {
    let mut page = String::from(INTRODUCTION);
    for group in GROUPS {
        page.push_str(&format!("\n## {}\n", group.title));
        for command in group.commands {
            section(&mut page, command);
        }
    }
    page
}

const INTRODUCTION: &str = "\
<!-- Written from the table of commands in crates/nautiloid-redis/src/commands; a test keeps it true. -->

# `nauthilus_redis`

```lua
local redis = require(\"nauthilus_redis\") -- dynamic_loader(\"nauthilus_redis\") before it is fine and not needed
```

Every function returns `result, err`. When all went well `err` is `nil`; on failure the result is `nil` and `err` a
string: Redis' own text when the server answered with an error, else a sentence that names the pool, its mode and its
address, and says whether the command may have run. An argument of the wrong type raises a Lua error, as Lua's own
functions do.

**handle** is `\"default\"`, the pool of the configuration's `[redis]` section, or what `get_redis_connection` gave. A
handle has the functions that take one as its methods, without `redis_`: `handle:get(key)` is `redis.redis_get(handle,
key)`. Their errors count arguments from the first behind the handle.

**Values** go to Redis byte for byte. Numbers are written as plain digits (`1e15` is `1000000000000000`, `0.1` is `0.1`),
`true` is `1` and `false` is `0`. A table or function where one value is expected is the error
`unable to convert Lua value of type table`. From Redis, strings are strings, integers are numbers.
";

fn section(page: &mut String, command: &Command) {
    let names: Vec<String> = command.params.iter().map(|param| syntax(param.name, param.shape)).collect();
    let _ = write!(
        page,
        "\n### {}\n\n```lua\nredis.{}({})\n```\n\n{}\n",
        command.name,
        command.name,
        names.join(", "),
        command.doc.summary
    );
    page.push_str("\n| parameter | takes |\n|---|---|\n");
    for param in command.params {
        let _ = writeln!(page, "| `{}` | {} |", param.name, explain(param.shape));
    }
    let _ = write!(page, "\n**Returns** {}.", command.doc.returns);
    match command.action {
        Action::Send(ref send @ RedisCommand { redis, last, reply, .. }) => {
            if reply == Reply::Text {
                let _ = write!(page, " Nothing there is `nil, \"{NIL_ERROR}\"`.");
            }
            let _ =
                write!(page, " Redis command: `{redis}{}`.", last.map(|last| format!(" … {last}")).unwrap_or_default());
            page.push_str(on_a_cluster(command, send));
        }
        Action::Special(_) => {}
    }
    page.push('\n');
    if !command.doc.notes.is_empty() {
        let _ = write!(page, "\n{}\n", command.doc.notes);
    }
    if !command.doc.complexity.is_empty() {
        let _ = write!(page, "\nTime: {}.\n", command.doc.complexity);
    }
    let _ = write!(page, "\n```lua\n{}\n```\n", command.doc.example.join("\n"));
}

/// What the keys of a command mean for a cluster, where that is not obvious.
fn on_a_cluster(command: &Command, send: &RedisCommand) -> &'static str {
    let shapes = command.params.iter().map(|param| param.shape);
    let keys: usize = shapes
        .map(|shape| match shape {
            Shape::Key => 1,
            Shape::Keys | Shape::CountedKeys | Shape::KeyList => 2,
            _ => 0,
        })
        .sum();
    match send.spread {
        Spread::OneSlot if keys > 1 => " On a cluster its keys must have a common hash tag: `{tag}:a`, `{tag}:b`.",
        Spread::OneSlot => "",
        Spread::Keys(_) => " On a cluster its keys may be on any nodes.",
        Spread::Masters(_) => " On a cluster it asks all masters.",
    }
}

fn syntax(name: &str, shape: Shape) -> String {
    if shape.is_open_ended() {
        format!("{name}, …")
    } else if shape.is_optional() {
        format!("[{name}]")
    } else {
        name.to_owned()
    }
}

fn explain(shape: Shape) -> String {
    let text = match shape {
        Shape::Handle => "`\"default\"` or a handle",
        Shape::Key | Shape::Text => "a string; a number is taken as its digits",
        Shape::Value => "a string, number or boolean",
        Shape::Keys | Shape::CountedKeys => "strings or numbers, one or more, or one array of them",
        Shape::KeyPairs => "keys and values in turn, or one table key → value",
        Shape::Integer | Shape::OptionalInteger | Shape::IntegerOption(_) => "an integer",
        Shape::TextOption(_) => "a string",
        Shape::Cursor => "`0`, or the cursor of the last step",
        Shape::PoolCursor => "an integer from `0` to `2^53`",
        Shape::Number => "a number",
        Shape::Bound => "a number, or a string: `\"(5\"` for 5 itself left out, `\"-inf\"`, `\"+inf\"`",
        Shape::Word(words) => return words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(" or "),
        Shape::Expiration(choices) => {
            return format!(
                "seconds, an integer; a negative one is `nil, \"expiration seconds must be >= 0\"`; or a table of \
                 options: {}",
                options(choices)
            );
        }
        Shape::Options(choices) => return format!("a table of options: {}", options(choices)),
        Shape::Trim(choices) => return format!("a table of options: {}", options(choices)),
        Shape::Limit => "`{ offset = n, count = n }`, or the two integers",
        Shape::Values => "strings, numbers or booleans, one or more, or one array of them",
        Shape::Texts => "strings, one or more, or one array of them",
        Shape::Pairs => "fields and values in turn, or one table field → value",
        Shape::Scores(choices) => {
            return format!(
                "one table member → score, after which may come a table of options: {}; or members and scores in turn",
                options(choices)
            );
        }
        Shape::ReplyType => {
            "`\"string\"` (the default), `\"number\"`, `\"boolean\"` or `\"bool\"`, `\"nil\"`: what the string is converted to"
        }
        Shape::Source => "a string, `\"\"` for none",
        Shape::KeyList => "an array of strings or numbers",
        Shape::ValueList => "an array of strings, numbers or booleans",
        Shape::Table => "a table",
    };
    text.to_owned()
}

fn options(choices: &[Choice]) -> String {
    let option = |choice: &Choice| {
        let takes = match choice.takes {
            Takes::Flag => "true",
            Takes::Positive | Takes::Count | Takes::Integer | Takes::LimitOffset | Takes::LimitCount => "integer",
            Takes::Text => "string",
        };
        format!("`{} = {takes}`", choice.name)
    };
    choices.iter().map(option).collect::<Vec<_>>().join(", ")
}
