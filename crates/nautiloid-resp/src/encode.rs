//! Replies as a server writes them.

use bytes::BytesMut;

use crate::Value;
use crate::double::general;

/// Which version of the protocol the client asked for with `HELLO`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// Without `HELLO 3`: maps and sets are arrays, booleans integers, doubles bulk strings.
    #[default]
    Resp2,
    /// After `HELLO 3`.
    Resp3,
}

/// Appends `value` to `out` as it goes over the wire.
pub fn encode(value: &Value, version: Version, out: &mut BytesMut) {
    let resp3 = version == Version::Resp3;
    match value {
        Value::Nil | Value::NilArray if resp3 => out.extend_from_slice(b"_\r\n"),
        Value::Nil => out.extend_from_slice(b"$-1\r\n"),
        Value::NilArray => out.extend_from_slice(b"*-1\r\n"),
        Value::Integer(n) => header(out, b':', *n),
        Value::Double(d) if resp3 => line(out, b',', double(*d).as_bytes()),
        Value::Double(d) => bulk(out, double(*d).as_bytes()),
        Value::Boolean(b) if resp3 => line(out, b'#', if *b { b"t" } else { b"f" }),
        Value::Boolean(b) => header(out, b':', i64::from(*b)),
        Value::BigNumber(digits) if resp3 => line(out, b'(', digits),
        Value::BigNumber(digits) => bulk(out, digits),
        Value::Status(text) => line(out, b'+', text),
        Value::Error(text) => line(out, b'-', text),
        Value::Bulk(bytes) => bulk(out, bytes),
        Value::Array(items) => aggregate(out, b'*', items, version),
        Value::Set(items) => aggregate(out, if resp3 { b'~' } else { b'*' }, items, version),
        Value::Push(items) => aggregate(out, if resp3 { b'>' } else { b'*' }, items, version),
        Value::Map(pairs) => {
            if resp3 {
                length(out, b'%', pairs.len());
            } else {
                length(out, b'*', pairs.len() * 2);
            }
            for (key, value) in pairs {
                encode(key, version, out);
                encode(value, version, out);
            }
        }
    }
}

fn aggregate(out: &mut BytesMut, kind: u8, items: &[Value], version: Version) {
    length(out, kind, items.len());
    for item in items {
        encode(item, version, out);
    }
}

fn bulk(out: &mut BytesMut, bytes: &[u8]) {
    length(out, b'$', bytes.len());
    out.extend_from_slice(bytes);
    out.extend_from_slice(b"\r\n");
}

/// A line must not hold a line end, or the client would lose its place in the stream.
fn line(out: &mut BytesMut, kind: u8, text: &[u8]) {
    out.extend_from_slice(&[kind]);
    out.extend(text.iter().map(|&b| if matches!(b, b'\r' | b'\n') { b' ' } else { b }));
    out.extend_from_slice(b"\r\n");
}

fn length(out: &mut BytesMut, kind: u8, n: usize) {
    header(out, kind, i64::try_from(n).unwrap_or(i64::MAX));
}

fn header(out: &mut BytesMut, kind: u8, n: i64) {
    out.extend_from_slice(&[kind]);
    out.extend_from_slice(itoa::Buffer::new().format(n).as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// As Redis 7.0 writes doubles.
fn double(d: f64) -> String {
    if d.is_nan() { "nan".into() } else { general(d, 17) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReplyDecoder;

    #[test]
    fn what_a_server_writes_a_client_reads() {
        let value = Value::Array(vec![
            Value::OK,
            Value::error("ERR a\r\nb"),
            Value::Map(vec![(Value::bulk("k"), Value::Double(0.5))]),
            Value::Set(vec![Value::Nil, Value::Boolean(true)]),
        ]);
        let decode = |version| {
            let mut wire = BytesMut::new();
            encode(&value, version, &mut wire);
            ReplyDecoder::new().decode(&mut wire).unwrap().unwrap()
        };
        let error = Value::error("ERR a  b");
        assert_eq!(
            decode(Version::Resp3),
            Value::Array(vec![
                Value::OK,
                error.clone(),
                Value::Map(vec![(Value::bulk("k"), Value::Double(0.5))]),
                Value::Set(vec![Value::Nil, Value::Boolean(true)]),
            ])
        );
        assert_eq!(
            decode(Version::Resp2),
            Value::Array(vec![
                Value::OK,
                error,
                Value::Array(vec![Value::bulk("k"), Value::bulk("0.5")]),
                Value::Array(vec![Value::Nil, Value::Integer(1)]),
            ])
        );
    }
}
