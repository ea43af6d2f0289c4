//! One `SCAN`: the command and its reply. What a step is to a whole pool is said by `pool` and `cluster`.

use nautiloid_resp::{Request, Value};

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
