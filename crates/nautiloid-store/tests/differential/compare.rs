//! When two replies count as the same.

use nautiloid_resp::Value;

use crate::template::FAR;

/// How far apart two clocks may have been read, in milliseconds.
const APART: u64 = 60_000;

/// Whether the store answered `args` as Redis did.
pub(crate) fn same(args: &[Vec<u8>], redis: &Value, store: &Value) -> bool {
    let name = args.first().map(|name| String::from_utf8_lossy(name).to_ascii_uppercase()).unwrap_or_default();
    match name.as_str() {
        // Hashes and sets have no order.
        "HGETALL" => sorted_pairs(redis) == sorted_pairs(store),
        "SMEMBERS" | "KEYS" | "HKEYS" | "HVALS" | "SPOP" | "SRANDMEMBER" | "SCAN" | "ZRANDMEMBER" | "HRANDFIELD"
        | "HSCAN" | "SSCAN" | "SUNION" | "SINTER" | "SDIFF" => sorted(redis) == sorted(store),
        // Deadlines that were given relative to now depend on when that was.
        "TTL" | "EXPIRETIME" => same_time(redis, store, 1000),
        "PTTL" | "PEXPIRETIME" => same_time(redis, store, 1),
        "EVAL" | "EVALSHA" | "EVAL_RO" | "EVALSHA_RO" | "SCRIPT" => redis == store || same_but_for_lua(redis, store),
        "GET" | "MGET" | "GETSET" | "GETDEL" | "GETEX" | "SET" | "EXEC" => {
            without_hyperloglogs(redis) == without_hyperloglogs(store)
        }
        "XADD" => redis == store || is_full_millisecond(redis, store),
        // How long nobody asked depends on when that was; the tree of Redis has nodes of its own.
        "XINFO" | "XPENDING" => without_times(redis) == without_times(store),
        "HELLO" => without_id(redis) == without_id(store),
        // Redis writes scores in its compact form otherwise than in the other.
        "ZSCAN" => sorted(&by_value(redis)) == sorted(&by_value(store)),
        name if name.starts_with('Z') => without_negative_zero(redis) == without_negative_zero(store),
        _ => redis == store,
    }
}

/// Where a millisecond has no number left, Redis blames the elements for their size.
fn is_full_millisecond(redis: &Value, store: &Value) -> bool {
    *redis == Value::error("ERR Elements are too large to be stored")
        && *store == Value::error("ERR The ID specified in XADD is equal or smaller than the target stream top item")
}

/// A description of a stream or of consumers, with times that only roughly have to be the same.
fn without_times(value: &Value) -> Value {
    let rough = |value: &Value| match value {
        Value::Integer(ms) => Value::Integer(ms / APART as i64),
        other => other.clone(),
    };
    let one = |name: &Value, value: &Value| match name {
        Value::Bulk(name) if name == "idle" => rough(value),
        Value::Bulk(name) if name == "radix-tree-nodes" => Value::Nil,
        _ => without_times(value),
    };
    match value {
        Value::Map(pairs) => Value::Map(pairs.iter().map(|(name, value)| (name.clone(), one(name, value))).collect()),
        // What XPENDING says of one entry.
        Value::Array(items) if matches!(items[..], [Value::Bulk(_), Value::Bulk(_), Value::Integer(_), _]) => {
            Value::Array(vec![items[0].clone(), items[1].clone(), rough(&items[2]), items[3].clone()])
        }
        // A map in RESP2.
        Value::Array(items) if matches!(items.first(), Some(Value::Bulk(name)) if name == "name" || name == "length") =>
        {
            let pairs = items.chunks(2).flat_map(|pair| match pair {
                [name, value] => vec![name.clone(), one(name, value)],
                odd => odd.to_vec(),
            });
            Value::Array(pairs.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_times).collect()),
        other => other.clone(),
    }
}

/// The same registers can be written in more than one way.
fn without_hyperloglogs(value: &Value) -> Value {
    match value {
        Value::Bulk(text) if text.starts_with(b"HYLL") => Value::bulk("HYLL"),
        Value::Array(items) => Value::Array(items.iter().map(without_hyperloglogs).collect()),
        other => other.clone(),
    }
}

/// Strings that are numbers, as these.
fn by_value(value: &Value) -> Value {
    match value {
        Value::Bulk(text) => {
            let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<f64>().ok());
            number.map_or_else(|| value.clone(), |number| Value::Double(number + 0.0))
        }
        Value::Array(items) => Value::Array(items.iter().map(by_value).collect()),
        other => other.clone(),
    }
}

/// Redis forgets the sign of a score of zero in its compact form, and keeps it in the other.
fn without_negative_zero(value: &Value) -> Value {
    match value {
        Value::Bulk(text) if text == "-0" => Value::bulk("0"),
        Value::Array(items) => Value::Array(items.iter().map(without_negative_zero).collect()),
        other => other.clone(),
    }
}

fn same_time(redis: &Value, store: &Value, milliseconds: i64) -> bool {
    let seconds = |time: i64| u64::try_from(time.saturating_mul(milliseconds) / 1000).unwrap_or(0);
    let exact = |time: i64| FAR.iter().any(|far| (*far..=far + 1).contains(&seconds(time)));
    match (redis, store) {
        (Value::Integer(a), Value::Integer(b)) if *a > 100_000 && !exact(*a) && !exact(*b) => {
            a.abs_diff(*b) <= APART / milliseconds.unsigned_abs()
        }
        _ => redis == store,
    }
}

/// LuaJIT words its own errors of syntax otherwise than PUC Lua does.
fn same_but_for_lua(redis: &Value, store: &Value) -> bool {
    const COMPILING: &[u8] = b"ERR Error compiling script (new function): user_script:";
    match (redis, store) {
        (Value::Error(a), Value::Error(b)) => a.starts_with(COMPILING) && b.starts_with(COMPILING),
        _ => false,
    }
}

/// The elements in an order of their own, at every depth.
fn sorted(value: &Value) -> Value {
    let order = |items: &[Value]| {
        let mut items: Vec<_> = items.iter().map(sorted).collect();
        items.sort_by_cached_key(|item| format!("{item:?}"));
        items
    };
    match value {
        Value::Array(items) => Value::Array(order(items)),
        Value::Set(items) => Value::Set(order(items)),
        other => other.clone(),
    }
}

/// A flat array of fields and values, or a map, by field.
pub(crate) fn sorted_pairs(value: &Value) -> Value {
    let by_field = |mut pairs: Vec<(Value, Value)>| {
        pairs.sort_by_cached_key(|pair| format!("{pair:?}"));
        pairs
    };
    match value {
        Value::Array(items) => {
            let pairs = items.chunks(2).map(|pair| (pair[0].clone(), pair.get(1).cloned().unwrap_or(Value::Nil)));
            let flat = by_field(pairs.collect()).into_iter().flat_map(|(field, value)| [field, value]);
            Value::Array(flat.collect())
        }
        Value::Map(pairs) => Value::Map(by_field(pairs.clone())),
        other => other.clone(),
    }
}

/// The number of the connection is of no interest.
fn without_id(value: &Value) -> Value {
    let is_id = |key: &Value| *key == Value::bulk("id");
    match value {
        Value::Array(items) => {
            let kept = items.chunks(2).filter(|pair| !is_id(&pair[0])).flatten();
            Value::Array(kept.cloned().collect())
        }
        Value::Map(pairs) => Value::Map(pairs.iter().filter(|(key, _)| !is_id(key)).cloned().collect()),
        other => other.clone(),
    }
}
