//! One step of a scan over the keys of a pool.

use nautiloid_resp::{Request, Value};
use tokio::time::Instant;

use super::{Pool, Shape};
use crate::{RedisError, scan};

impl Pool {
    /// Looks at some keys: from the beginning when `cursor` is 0, else from where the step that gave the cursor
    /// stopped. Gives the cursor of the next step, 0 at the end, and the keys found. `options` are arguments of `SCAN`
    /// after the cursor.
    ///
    /// Masters are asked, whatever the pool reads from: a cursor means something only to the server that gave it.
    ///
    /// # Errors
    /// As [`Pool::call`].
    pub async fn scan(&self, cursor: u64, options: &Request) -> Result<(u64, Vec<Value>), RedisError> {
        let until = Instant::now() + self.spec.config().connect_timeout;
        match &self.shape {
            Shape::Primary(primary) => {
                let reply = primary.call_master(&scan::request(cursor, options), until).await?;
                scan::parse(reply).ok_or_else(|| RedisError::Unreadable {
                    pool: self.spec.label(),
                    reason: "the reply to SCAN is no cursor with keys".into(),
                })
            }
            Shape::Cluster(cluster) => cluster.scan(cursor, options, until).await,
        }
    }
}
