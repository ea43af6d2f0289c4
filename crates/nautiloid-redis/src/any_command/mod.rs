//! Any command of Redis, also those that the table has no row for.
//!
//! What a row knows beforehand has to be found out here: whether the command can be sent on a connection that is shared
//! (`unshared`), and, where it makes a difference, whether it writes and which of its arguments are keys (`facts`).

mod facts;
mod unshared;

use nautiloid_resp::Request;

use crate::batch::Batched;
use crate::commands::{Access, Spread};
use crate::{Mode, Pool, RedisError};
pub(crate) use facts::Facts;
pub use unshared::unshared;

impl Pool {
    /// What to send for a command and its arguments, `words`, and to where. A pool of many servers asks one of them about
    /// a command that it does not know yet.
    ///
    /// # Errors
    /// As of [`Pool::call`]: the server could not be asked.
    pub async fn plan(&self, words: &[&[u8]]) -> Result<Batched, RedisError> {
        let config = self.spec().config();
        let is_cluster = config.mode == Mode::Cluster;
        let (mut access, mut keys) = (Access::Master, Vec::new());
        if let Some(name) = words.first()
            && (is_cluster || config.read_from_replicas || config.mode == Mode::SentinelReplica)
        {
            let facts = self.facts(name).await?;
            access = facts.access();
            if is_cluster {
                keys = facts.keys(self, words).await?;
            }
        }
        let mut request = Request::default();
        for (place, word) in words.iter().enumerate() {
            if keys.contains(&place) {
                request.key(word);
            } else {
                request.arg(word);
            }
        }
        Ok(Batched { request, access, spread: Spread::OneSlot })
    }
}
