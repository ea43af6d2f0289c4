//! One step of a scan over the keys of a pool.

use nautiloid_resp::{Request, Value};
use tokio::time::Instant;

use super::{Pool, Shape};
use crate::RedisError;

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
                let reply = primary.call_master(&request(cursor, options), until).await?;
                parse(reply).ok_or_else(|| RedisError::Unreadable {
                    pool: self.spec.label(),
                    reason: "the reply to SCAN is no cursor with keys".into(),
                })
            }
            Shape::Cluster(cluster) => cluster.scan(cursor, options, until).await,
        }
    }
}

/// `SCAN cursor` and the options.
pub(crate) fn request(cursor: u64, options: &Request) -> Request {
    let mut request = Request::new("SCAN");
    request.arg(cursor.to_string().as_bytes()).append(options);
    request
}

/// The cursor and the keys of a reply to `SCAN`; `None` when it is something else.
pub(crate) fn parse(reply: Value) -> Option<(u64, Vec<Value>)> {
    let Value::Array(parts) = reply else { return None };
    let [Value::Bulk(cursor), Value::Array(keys)] = <[Value; 2]>::try_from(parts).ok()? else { return None };
    Some((std::str::from_utf8(&cursor).ok()?.parse().ok()?, keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cursor_with_keys_is_a_reply() {
        let array = |items: &[Value]| Value::Array(items.to_vec());
        let keys = [Value::bulk("a"), Value::bulk("b\0")];
        let largest = u64::MAX;
        let reply = array(&[Value::bulk(largest.to_string()), array(&keys)]);
        assert_eq!(parse(reply), Some((largest, keys.to_vec())));
        for other in [
            Value::OK,
            Value::Nil,
            array(&[]),
            array(&[Value::bulk("0")]),
            array(&[Value::bulk("x"), array(&keys)]),
            array(&[Value::bulk("-1"), array(&keys)]),
            array(&[Value::bulk("18446744073709551616"), array(&keys)]),
            array(&[Value::bulk("0"), Value::Nil]),
            array(&[Value::bulk("0"), array(&keys), array(&keys)]),
        ] {
            assert_eq!(parse(other.clone()), None, "{other:?}");
        }
    }
}
