//! `redis_pipeline`: many commands, one round trip.

use nautiloid_redis::Pool;
use nautiloid_redis::commands::Access;

use super::fault::Fault;
use super::handle::{Handles, Target};
use super::plan::{self, List, Plan};
use super::reply::{Answer, Answers};
use super::request;
use crate::call::Call;
use crate::module::Begin;
use crate::stack::Results;

/// The modes: which servers may be asked.
pub(super) const MODES: &[&str] = &["read", "write"];

pub(super) fn begin(handles: &Handles, call: Call<'_>) -> Result<Begin, Fault> {
    let target = handles.target(call)?;
    let only_reads = request::word(1, MODES, call)? == "read";
    let mut plan = plan::read(&handles.client, List::Pipeline, call, call.table(2)?)?;
    Ok(Begin::Wait(Box::pin(async move {
        if let Err(error) = plan.settle(&target.pool).await {
            return Box::new(Answer::error(&error)) as Box<dyn Results>;
        }
        if let Err(problem) = allow(&mut plan, only_reads, &target) {
            return Box::new(Answer::failure(problem));
        }
        Box::new(Answers(run(&target.pool, plan).await))
    })))
}

/// Where each command may go, by the mode.
fn allow(plan: &mut Plan, only_reads: bool, target: &Target) -> Result<(), String> {
    for (index, item) in plan.items.iter_mut().enumerate() {
        if only_reads && item.access == Access::Write {
            return Err(format!("command {} of the pipeline writes: its mode has to be \"write\"", index + 1));
        }
        if !only_reads && item.access == Access::Read {
            item.access = Access::Master;
        }
        item.access = target.access(item.access);
    }
    Ok(())
}

async fn run(pool: &Pool, plan: Plan) -> Vec<Answer> {
    let outcomes = pool.pipeline(&plan.items).await;
    let mut answers = Vec::with_capacity(outcomes.len());
    for ((outcome, item), convert) in outcomes.into_iter().zip(plan.items).zip(plan.converts) {
        let outcome = match (outcome, &convert.uploaded) {
            // The server refused before running anything.
            (Err(error), Some(uploaded)) if error.is_unknown_script() => {
                let (script, arguments) = &**uploaded;
                pool.call(&script.eval(arguments), item.access, item.spread).await
            }
            (outcome, _) => outcome,
        };
        answers.push(convert.answer(outcome, item.request));
    }
    answers
}
