//! What a node says about who has which slots: the reply to `CLUSTER SLOTS`.

use nautiloid_resp::Value;

use super::slot::SLOTS;
use crate::config::Address;

/// Consecutive slots and the nodes that have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) first: u16,
    pub(crate) last: u16,
    pub(crate) master: Address,
    pub(crate) replicas: Vec<Address>,
}

/// Reads a reply to `CLUSTER SLOTS`, given by the node at `asked`: a node that does not know its own address leaves it
/// out, or knows no other's. The ranges are in the order of their slots.
///
/// What cannot be read or has no usable address is left out: the slots concerned are then found by `MOVED`.
pub(crate) fn read(reply: &Value, asked: &Address) -> Vec<Range> {
    let Value::Array(ranges) = reply else { return Vec::new() };
    let mut ranges: Vec<_> = ranges.iter().filter_map(|range| read_range(range, asked)).collect();
    // Nodes before Redis 7 give them each in an order of its own, and the cursor of a scan counts masters.
    ranges.sort_unstable_by_key(|range| range.first);
    ranges
}

fn read_range(range: &Value, asked: &Address) -> Option<Range> {
    let Value::Array(parts) = range else { return None };
    let [Value::Integer(first), Value::Integer(last), master, replicas @ ..] = parts.as_slice() else { return None };
    let (first, last) = (u16::try_from(*first).ok()?, u16::try_from(*last).ok()?);
    if first > last || last >= SLOTS {
        return None;
    }
    let replicas = replicas.iter().filter_map(|node| read_node(node, asked)).collect();
    Some(Range { first, last, master: read_node(master, asked)?, replicas })
}

fn read_node(node: &Value, asked: &Address) -> Option<Address> {
    let Value::Array(parts) = node else { return None };
    let [host, Value::Integer(port), ..] = parts.as_slice() else { return None };
    let port = u16::try_from(*port).ok()?;
    match (host, asked) {
        (Value::Bulk(host), _) if !host.is_empty() => Address::of_parts(std::str::from_utf8(host).ok()?, port),
        (Value::Bulk(_) | Value::Nil, Address::Tcp { host, .. }) => Address::of_parts(host, port),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(host: Value, port: i64) -> Value {
        Value::Array(vec![host, Value::Integer(port), Value::bulk("id"), Value::Array(vec![])])
    }

    fn range(first: i64, last: i64, nodes: Vec<Value>) -> Value {
        Value::Array([vec![Value::Integer(first), Value::Integer(last)], nodes].concat())
    }

    #[test]
    fn ranges_are_read_and_nonsense_is_left_out() {
        let asked: Address = "redis.example:7000".parse().unwrap();
        let at = |text: &str| -> Address { text.parse().unwrap() };
        let reply = Value::Array(vec![
            range(0, 99, vec![node(Value::bulk("10.0.0.1"), 7000), node(Value::bulk("10.0.0.2"), 7001)]),
            range(100, 100, vec![node(Value::Nil, 7002), node(Value::bulk("?"), 7003)]),
            range(101, 200, vec![node(Value::bulk(""), 7004)]),
            range(201, 300, vec![node(Value::bulk("?"), 7005)]),
            range(301, 300, vec![node(Value::bulk("10.0.0.1"), 7000)]),
            range(301, 16384, vec![node(Value::bulk("10.0.0.1"), 7000)]),
            range(400, 500, vec![]),
            Value::Nil,
        ]);
        let of = |first, last, master: &str, replicas: &[&str]| Range {
            first,
            last,
            master: at(master),
            replicas: replicas.iter().map(|text| at(text)).collect(),
        };
        assert_eq!(
            read(&reply, &asked),
            [
                of(0, 99, "10.0.0.1:7000", &["10.0.0.2:7001"]),
                of(100, 100, "redis.example:7002", &[]),
                of(101, 200, "redis.example:7004", &[]),
            ]
        );
        let node = |port| vec![node(Value::bulk("10.0.0.1"), port)];
        let unordered = Value::Array(vec![range(200, 300, node(1)), range(0, 99, node(2)), range(100, 199, node(3))]);
        let firsts: Vec<u16> = read(&unordered, &asked).iter().map(|range| range.first).collect();
        assert_eq!(firsts, [0, 100, 200]);
        assert_eq!(read(&Value::error("ERR This instance has cluster support disabled"), &asked), []);
    }
}
