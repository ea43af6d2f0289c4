//! `redis_encrypt`, `redis_decrypt` and `redis_is_encryption_enabled`: what needs the pool's secret and no server.

use nautiloid_redis::Value;

use super::fault::Fault;
use super::handle::Handles;
use super::reply::Answer;
use crate::call::Call;

pub(super) fn encrypt(handles: &Handles, call: Call<'_>) -> Result<Answer, Fault> {
    let target = handles.target(call)?;
    let text = call.text(1)?;
    Ok(match target.pool.spec().encryption().map(|encryption| encryption.encrypt(&text)) {
        None => Answer::Plain(Value::bulk(text.into_owned())),
        Some(Ok(encrypted)) => Answer::Plain(Value::bulk(encrypted)),
        Some(Err(error)) => Answer::failure(error.to_string()),
    })
}

pub(super) fn decrypt(handles: &Handles, call: Call<'_>) -> Result<Answer, Fault> {
    let target = handles.target(call)?;
    let text = call.text(1)?;
    Ok(match target.pool.spec().encryption().map(|encryption| encryption.decrypt(&text)) {
        None => Answer::Plain(Value::bulk(text.into_owned())),
        Some(Ok(decrypted)) => Answer::Plain(Value::bulk(decrypted)),
        Some(Err(error)) => Answer::failure(error.to_string()),
    })
}

pub(super) fn is_enabled(handles: &Handles, call: Call<'_>) -> Result<Answer, Fault> {
    Ok(Answer::Boolean(handles.target(call)?.pool.spec().encryption().is_some()))
}
