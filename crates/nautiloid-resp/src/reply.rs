//! Replies: read by a client.

use bytes::{Buf, Bytes, BytesMut};

use crate::frame::{self, MAX_BULK};
use crate::{ProtocolError, Value};

/// Deepest nesting accepted.
const MAX_DEPTH: usize = 64;

/// Reads replies from a stream.
///
/// A reply is taken apart only when all of it is there; what was already looked at is not looked at again when more
/// bytes come, so that a large reply in many reads costs time in proportion to its size.
#[derive(Debug)]
pub struct ReplyDecoder {
    /// Position up to which the reply at the front of the buffer was looked at.
    scanned: usize,
    /// Elements of it still to come. Nesting needs no stack here: an aggregate just adds its elements.
    missing: usize,
    /// Position up to which the line of text at `scanned` is known not to end.
    searched: usize,
}

impl Default for ReplyDecoder {
    fn default() -> Self {
        ReplyDecoder { scanned: 0, missing: 1, searched: 0 }
    }
}

impl ReplyDecoder {
    /// A decoder at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next reply from the front of `buf`, or `None` while it is incomplete.
    ///
    /// # Errors
    /// The bytes are no reply: close the connection. After [`ProtocolError::TooDeep`], the reply was taken from `buf` and
    /// the next one can be read.
    pub fn decode(&mut self, buf: &mut BytesMut) -> Result<Option<Value>, ProtocolError> {
        if self.scanned == 0
            && let Some((value, length)) = short(buf)?
        {
            buf.advance(length);
            *self = Self::default();
            return Ok(Some(value));
        }
        while self.missing > 0 {
            if !self.scan_element(buf)? {
                return Ok(None);
            }
        }
        let frame = buf.split_to(self.scanned).freeze();
        *self = Self::default();
        let mut at = 0;
        parse(&frame, &mut at, 0).map(Some)
    }

    /// Passes over one element, header only for an aggregate. `false` while it is incomplete.
    fn scan_element(&mut self, buf: &[u8]) -> Result<bool, ProtocolError> {
        let Some(&kind) = buf.get(self.scanned) else { return Ok(false) };
        if matches!(kind, b'+' | b'-' | b'(') {
            return self.scan_text(buf);
        }
        let Some((content, next)) = frame::line(buf, self.scanned + 1)? else { return Ok(false) };
        match kind {
            b':' | b',' | b'#' | b'_' => self.step(next, 0),
            b'$' | b'=' | b'!' => {
                let end = match length(content, MAX_BULK)? {
                    Some(n) => next + n + 2,
                    None => next,
                };
                if buf.len() < end {
                    return Ok(false);
                }
                self.step(end, 0);
            }
            b'*' | b'~' | b'>' => self.step(next, length(content, i64::from(u32::MAX))?.unwrap_or(0)),
            b'%' => self.step(next, 2 * length(content, i64::from(u32::MAX))?.unwrap_or(0)),
            b'|' => {
                // Attributes come before the reply they belong to: they add elements and are none.
                self.scanned = next;
                self.missing += 2 * length(content, i64::from(u32::MAX))?.unwrap_or(0);
            }
            other => return Err(ProtocolError::UnknownType(other)),
        }
        Ok(true)
    }

    /// Passes over a line of text, which may be as long as a bulk string: a script may answer with any status or error.
    fn scan_text(&mut self, buf: &[u8]) -> Result<bool, ProtocolError> {
        let from = self.searched.max(self.scanned + 1);
        if let Some(end) = memchr::memchr(b'\n', &buf[from..]) {
            self.step(from + end + 1, 0);
            return Ok(true);
        }
        self.searched = buf.len();
        if usize::try_from(MAX_BULK).is_ok_and(|most| buf.len() - self.scanned > most) {
            return Err(ProtocolError::LineTooLong);
        }
        Ok(false)
    }

    fn step(&mut self, next: usize, elements: usize) {
        self.scanned = next;
        self.missing = self.missing - 1 + elements;
    }
}

/// A reply that is a number or `OK`, and how many bytes it takes: what most commands answer keeps no part of the buffer.
fn short(buf: &[u8]) -> Result<Option<(Value, usize)>, ProtocolError> {
    const OK: &[u8] = b"+OK\r\n";
    match buf.first() {
        Some(b':') => match frame::line(buf, 1)? {
            Some((content, next)) => Ok(Some((Value::Integer(frame::integer(content, "integer")?), next))),
            None => Ok(None),
        },
        Some(b'+') if buf.starts_with(OK) => Ok(Some((Value::OK, OK.len()))),
        _ => Ok(None),
    }
}

/// A length up to `max`; `None` for `-1`, which is how RESP2 writes nil.
fn length(digits: &[u8], max: i64) -> Result<Option<usize>, ProtocolError> {
    match frame::integer(digits, "length")? {
        -1 => Ok(None),
        n if (0..=max).contains(&n) => usize::try_from(n).map(Some).map_err(|_| ProtocolError::InvalidNumber("length")),
        _ => Err(ProtocolError::InvalidNumber("length")),
    }
}

fn parse(frame: &Bytes, at: &mut usize, depth: usize) -> Result<Value, ProtocolError> {
    if depth > MAX_DEPTH {
        return Err(ProtocolError::TooDeep);
    }
    let start = *at + 1;
    let kind = frame.get(*at).copied().ok_or(ProtocolError::InvalidNumber("frame"))?;
    let (content, next) = frame::line(frame, start)?.ok_or(ProtocolError::InvalidNumber("frame"))?;
    *at = next;
    let text = || frame.slice(start..start + content.len());
    Ok(match kind {
        b'+' => Value::Status(text()),
        b'-' => Value::Error(text()),
        b':' => Value::Integer(frame::integer(content, "integer")?),
        b'$' | b'=' | b'!' => {
            let Some(n) = length(content, MAX_BULK)? else { return Ok(Value::Nil) };
            *at = next + n + 2;
            match kind {
                b'$' => Value::Bulk(frame.slice(next..next + n)),
                b'!' => Value::Error(frame.slice(next..next + n)),
                // The first four bytes are the format, `txt:` or `mkd:`.
                _ => Value::Bulk(frame.slice((next + 4).min(next + n)..next + n)),
            }
        }
        b'*' | b'~' | b'>' => {
            let Some(n) = length(content, i64::from(u32::MAX))? else { return Ok(Value::Nil) };
            // The whole reply is there, and an element has three bytes at least: the bound keeps a lie from costing.
            let mut items = Vec::with_capacity(n.min(frame.len() / 3));
            for _ in 0..n {
                items.push(parse(frame, at, depth + 1)?);
            }
            match kind {
                b'*' => Value::Array(items),
                b'~' => Value::Set(items),
                _ => Value::Push(items),
            }
        }
        b'%' => {
            let n = length(content, i64::from(u32::MAX))?.unwrap_or(0);
            let mut pairs = Vec::with_capacity(n.min(frame.len() / 6));
            for _ in 0..n {
                pairs.push((parse(frame, at, depth + 1)?, parse(frame, at, depth + 1)?));
            }
            Value::Map(pairs)
        }
        b'|' => {
            let n = length(content, i64::from(u32::MAX))?.unwrap_or(0);
            for _ in 0..2 * n {
                parse(frame, at, depth + 1)?;
            }
            parse(frame, at, depth + 1)?
        }
        b'_' => Value::Nil,
        b'#' => Value::Boolean(content == b"t"),
        b',' => {
            let number = std::str::from_utf8(content).ok().and_then(|s| s.parse().ok());
            Value::Double(number.ok_or(ProtocolError::InvalidNumber("double"))?)
        }
        b'(' => Value::BigNumber(text()),
        other => return Err(ProtocolError::UnknownType(other)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode_all(wire: &[u8], chunk: usize) -> Result<Vec<Value>, ProtocolError> {
        let (mut decoder, mut buf, mut out) = (ReplyDecoder::new(), BytesMut::new(), Vec::new());
        for part in wire.chunks(chunk) {
            buf.extend_from_slice(part);
            while let Some(value) = decoder.decode(&mut buf)? {
                out.push(value);
            }
        }
        assert!(buf.is_empty(), "left over: {buf:?}");
        Ok(out)
    }

    #[test]
    fn every_type_however_it_is_cut() {
        let wire =
            b"+OK\r\n-ERR no\r\n:-7\r\n$5\r\na\r\nb\0\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n*2\r\n*1\r\n:1\r\n$-1\r\n\
            _\r\n#t\r\n#f\r\n,1.5\r\n,inf\r\n(12345678901234567890\r\n!5\r\nERR x\r\n=7\r\ntxt:abc\r\n\
            %1\r\n+k\r\n:1\r\n~1\r\n:1\r\n>1\r\n+p\r\n|1\r\n+ttl\r\n:3\r\n:9\r\n";
        let expected = vec![
            Value::OK,
            Value::error("ERR no"),
            Value::Integer(-7),
            Value::bulk("a\r\nb\0"),
            Value::bulk(""),
            Value::Nil,
            Value::Nil,
            Value::Array(vec![]),
            Value::Array(vec![Value::Array(vec![Value::Integer(1)]), Value::Nil]),
            Value::Nil,
            Value::Boolean(true),
            Value::Boolean(false),
            Value::Double(1.5),
            Value::Double(f64::INFINITY),
            Value::BigNumber(Bytes::from("12345678901234567890")),
            Value::error("ERR x"),
            Value::bulk("abc"),
            Value::Map(vec![(Value::Status("k".into()), Value::Integer(1))]),
            Value::Set(vec![Value::Integer(1)]),
            Value::Push(vec![Value::Status("p".into())]),
            Value::Integer(9),
        ];
        for chunk in 1..wire.len() {
            assert_eq!(decode_all(wire, chunk).unwrap(), expected, "in chunks of {chunk}");
        }
    }

    #[test]
    fn broken_replies_are_refused() {
        for wire in [&b"hello\r\n"[..], b":x\r\n", b"$-2\r\n", b"*99999999999\r\n", b",x\r\n"] {
            assert!(decode_all(wire, wire.len()).is_err(), "{wire:?}");
        }
        let deep = b"*1\r\n".repeat(1000);
        let wire = [&deep[..], b":1\r\n"].concat();
        assert_eq!(decode_all(&wire, wire.len()).unwrap_err(), ProtocolError::TooDeep);
        let (mut decoder, mut buf) = (ReplyDecoder::new(), BytesMut::from(&[&wire, &b":2\r\n"[..]].concat()[..]));
        assert_eq!(decoder.decode(&mut buf).unwrap_err(), ProtocolError::TooDeep);
        assert_eq!(decoder.decode(&mut buf).unwrap(), Some(Value::Integer(2)));
        assert_eq!(decode_all(&[b':'; 70_000], 70_000).unwrap_err(), ProtocolError::LineTooLong);
    }

    #[test]
    fn a_status_or_error_may_be_long() {
        let text = "x".repeat(1_000_000);
        let wire = format!("*2\r\n+{text}\r\n-ERR {text}\r\n:1\r\n");
        let expected = [
            Value::Array(vec![Value::Status(text.clone().into()), Value::error(format!("ERR {text}"))]),
            Value::Integer(1),
        ];
        for chunk in [100, 4096, wire.len()] {
            assert_eq!(decode_all(wire.as_bytes(), chunk).unwrap(), expected);
        }
    }
}
