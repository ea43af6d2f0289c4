//! Members and their scores. Lua writes the member first, as a table does; Redis wants the score first.

use nautiloid_redis::Request;
use nautiloid_redis::commands::Choice;

use super::fault::Fault;
use super::options;
use super::value::{add_value, score_text, wrong_number};
use crate::call::{Call, shown, text};
use crate::stack::Seen;

/// Adds scores and members from one table (with options in another behind it), or from the arguments at `index` in turn.
pub(super) fn add(
    request: &mut Request,
    index: usize,
    choices: &'static [Choice],
    call: Call<'_>,
) -> Result<(), Fault> {
    let Some(table) = call.table_at(index) else { return in_turn(request, index, call) };
    match call.table_at(index + 1) {
        Some(chosen) => options::add(request, index + 1, chosen, choices, call)?,
        None if call.is_absent(index + 1) => {}
        None => return Err(call.expected(index + 1, "table of options").into()),
    }
    let before = request.len();
    table.pairs(|member, score| -> Result<(), Fault> {
        let Some(score) = score_text(score) else {
            let (member, got) = (text(member).map(|m| shown(&m)).unwrap_or_default(), score.type_name());
            return Err(call.bad(index, &format!("the score of '{member}': number expected, got {got}")).into());
        };
        request.arg(&score);
        add_value(request, member)
    })?;
    if request.len() == before { Err(wrong_number()) } else { Ok(()) }
}

fn in_turn(request: &mut Request, index: usize, call: Call<'_>) -> Result<(), Fault> {
    let left = call.len().saturating_sub(index);
    if left == 0 || !left.is_multiple_of(2) {
        return Err(wrong_number());
    }
    for at in (index..call.len()).step_by(2) {
        let score = call.get(at + 1).and_then(score_text).ok_or_else(|| call.expected(at + 1, "number"))?;
        request.arg(&score);
        add_value(request, call.get(at).unwrap_or(Seen::Nil))?;
    }
    Ok(())
}
