//! Members and their scores. Lua writes the member first, as a table does; Redis wants the score first.

use mlua::Value;
use nautiloid_redis::Request;
use nautiloid_redis::commands::Choice;

use super::options;
use super::value::{Refusal, WRONG_NUMBER, add_value, refuse, score_text};
use crate::arguments::{Arguments, Raise, Text, type_name};

/// Adds scores and members from one table (with options in another behind it), or from the arguments at `index` in turn.
pub(super) fn add(
    request: &mut Request,
    index: usize,
    choices: &'static [Choice],
    arguments: &Arguments<'_>,
) -> Result<Result<(), Refusal>, Raise> {
    let Some(Value::Table(table)) = arguments.get(index) else { return in_turn(request, index, arguments) };
    match arguments.get(index + 1) {
        None | Some(Value::Nil) => {}
        Some(Value::Table(chosen)) => options::add(request, index + 1, chosen, choices, arguments)?,
        Some(_) => return Err(arguments.expected(index + 1, "table of options")),
    }
    let before = request.len();
    for pair in table.pairs::<Value, Value>() {
        let (member, score) = pair?;
        let Some(score) = score_text(&score) else {
            let member = Text::from_value(&member).map(|m| String::from_utf8_lossy(m.as_bytes()).into_owned());
            let (member, got) = (member.unwrap_or_default(), type_name(&score));
            return Err(arguments.bad(index, &format!("the score of '{member}': number expected, got {got}")));
        };
        request.arg(score.as_bytes());
        if let Err(refusal) = add_value(request, &member) {
            return Ok(Err(refusal));
        }
    }
    Ok(if request.len() == before { refuse(WRONG_NUMBER) } else { Ok(()) })
}

fn in_turn(request: &mut Request, index: usize, arguments: &Arguments<'_>) -> Result<Result<(), Refusal>, Raise> {
    let left = arguments.len().saturating_sub(index);
    if left == 0 || !left.is_multiple_of(2) {
        return Ok(refuse(WRONG_NUMBER));
    }
    for at in (index..arguments.len()).step_by(2) {
        let score = arguments.get(at + 1).and_then(score_text).ok_or_else(|| arguments.expected(at + 1, "number"))?;
        request.arg(score.as_bytes());
        if let Err(refusal) = add_value(request, arguments.get(at).unwrap_or(&Value::Nil)) {
            return Ok(Err(refusal));
        }
    }
    Ok(Ok(()))
}
