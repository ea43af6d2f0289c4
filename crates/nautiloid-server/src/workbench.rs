//! What one thread has at hand to answer requests: the site, a Lua VM, and the site's scripts compiled for it.

use std::rc::Rc;
use std::sync::Arc;

use nautiloid_lua::{Host, Program, ScriptError};
use nautiloid_redis::Client;

use crate::ServeError;
use crate::site::Site;

/// One thread's means to answer requests.
pub(crate) struct Workbench {
    pub(crate) site: Arc<Site>,
    pub(crate) host: Host,
    /// In the order of [`Site::scripts`].
    pub(crate) programs: Vec<Program>,
}

impl Workbench {
    /// Sets up a VM and compiles every script for it.
    pub(crate) fn new(site: Arc<Site>, client: Rc<Client>) -> Result<Self, ServeError> {
        let host = Host::new(&site.settings, client).map_err(|error| ServeError::Worker(error.to_string()))?;
        let programs = site.scripts.iter().map(|script| host.compile(script)).collect::<Result<_, ScriptError>>();
        Ok(Workbench { programs: programs.map_err(ServeError::Compile)?, host, site })
    }
}
