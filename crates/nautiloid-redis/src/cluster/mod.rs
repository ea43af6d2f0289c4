//! A Redis Cluster: many masters that share the keys by hash slots.

mod slot;

use std::rc::Rc;
use std::sync::Arc;

use nautiloid_resp::{Request, Value};
use tokio::time::Instant;

use crate::RedisError;
use crate::commands::{Access, Spread};
use crate::spec::PoolSpec;

/// One worker's view of a cluster.
pub(crate) struct Cluster {
    spec: Arc<PoolSpec>,
}

impl Cluster {
    pub(crate) fn new(spec: &Arc<PoolSpec>, _workers: usize) -> Rc<Self> {
        Rc::new(Cluster { spec: Arc::clone(spec) })
    }

    pub(crate) fn open_ahead(&self, _connections: usize) {}

    pub(crate) async fn call(
        &self,
        _request: &Request,
        _access: Access,
        _spread: Spread,
        _until: Instant,
    ) -> Result<Value, RedisError> {
        Err(RedisError::Unavailable { pool: self.spec.label(), reason: "no cluster yet".into() })
    }
}
