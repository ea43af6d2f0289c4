//! The modules that scripts can require, a file each; what they share is in `crate::module` and `crate::arguments`.

mod context;
mod http_request;
mod http_response;
mod json;
mod redis;
mod time;

use std::rc::Rc;

use nautiloid_redis::Client;

use crate::module::{Binder, Module};

/// Every module, for one VM.
pub(crate) fn all(binder: &Binder, client: &Rc<Client>) -> mlua::Result<Vec<Module>> {
    Ok(vec![
        context::module(binder)?,
        http_request::module(binder)?,
        http_response::module(binder)?,
        json::module(binder)?,
        redis::module(binder, client)?,
        time::module(binder)?,
    ])
}
