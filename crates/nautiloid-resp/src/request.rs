//! Requests: a command and its arguments, written by a client and read by a server.

use std::ops::Range;

use bytes::{Buf, Bytes, BytesMut};

use crate::ProtocolError;
use crate::frame;

/// A command with its arguments, encoded as it is built.
///
/// The number of arguments is known only at the end (a Lua table may be one of them), so the header is written by
/// [`Request::write_to`]; the arguments themselves are encoded once.
#[derive(Debug, Clone, Default)]
pub struct Request {
    body: Vec<u8>,
    count: usize,
    /// The first key by itself: most requests have one, and then this costs no allocation.
    first_key: Option<KeyPlace>,
    other_keys: Vec<KeyPlace>,
}

/// Where a key is in the body of a request.
#[derive(Debug, Clone)]
struct KeyPlace {
    /// Number of arguments before it.
    argument: usize,
    /// Where the argument begins, its header included.
    start: usize,
    /// Where the key itself is.
    bytes: Range<usize>,
}

impl Request {
    /// A request for the command named, `GET` for example. Names of two words (`SCRIPT LOAD`) are two arguments.
    pub fn new(command: &str) -> Self {
        let mut request = Request { body: Vec::with_capacity(96), ..Request::default() };
        for word in command.split(' ') {
            request.arg(word.as_bytes());
        }
        request
    }

    /// Adds an argument, byte for byte.
    pub fn arg(&mut self, bytes: &[u8]) -> &mut Self {
        self.body.push(b'$');
        self.push_integer(bytes.len());
        self.body.extend_from_slice(b"\r\n");
        self.body.extend_from_slice(bytes);
        self.body.extend_from_slice(b"\r\n");
        self.count += 1;
        self
    }

    /// Adds an argument that is the name of a key: it decides which node of a cluster the request belongs to.
    pub fn key(&mut self, bytes: &[u8]) -> &mut Self {
        let (argument, start) = (self.count, self.body.len());
        self.arg(bytes);
        let end = self.body.len() - b"\r\n".len();
        let place = KeyPlace { argument, start, bytes: end - bytes.len()..end };
        match self.first_key {
            None => self.first_key = Some(place),
            Some(_) => self.other_keys.push(place),
        }
        self
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.places().map(|place| &self.body[place.bytes.clone()])
    }

    fn places(&self) -> KeyPlaces<'_> {
        KeyPlaces { first: self.first_key.as_ref(), others: self.other_keys.iter() }
    }

    /// A request of the same command for some of the keys, by their positions among the keys, each with the arguments
    /// that follow it up to the next key (the value, for `MSET`).
    pub fn with_keys(&self, positions: &[usize]) -> Request {
        let mut part = Request::default();
        let places: Vec<&KeyPlace> = self.places().collect();
        if let Some(first) = places.first() {
            part.body.extend_from_slice(&self.body[..first.start]);
            part.count = first.argument;
        }
        for &position in positions {
            let Some(place) = places.get(position) else { continue };
            let (end, after) = match places.get(position + 1) {
                Some(next) => (next.start, next.argument),
                None => (self.body.len(), self.count),
            };
            part.key(&self.body[place.bytes.clone()]);
            let value = place.bytes.end + b"\r\n".len();
            part.body.extend_from_slice(&self.body[value..end]);
            part.count += after - place.argument - 1;
        }
        part
    }

    /// Adds an integer as its decimal digits.
    pub fn integer(&mut self, n: i64) -> &mut Self {
        self.arg(itoa::Buffer::new().format(n).as_bytes())
    }

    /// Adds all arguments of another request.
    pub fn append(&mut self, other: &Request) -> &mut Self {
        for place in other.places() {
            let shift = self.body.len();
            let bytes = place.bytes.start + shift..place.bytes.end + shift;
            let place = KeyPlace { argument: place.argument + self.count, start: place.start + shift, bytes };
            match self.first_key {
                None => self.first_key = Some(place),
                Some(_) => self.other_keys.push(place),
            }
        }
        self.body.extend_from_slice(&other.body);
        self.count += other.count;
        self
    }

    /// Number of arguments so far, the command's name included.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether not even the command's name is there.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Appends the request as it goes over the wire.
    pub fn write_to(&self, out: &mut BytesMut) {
        out.reserve(self.body.len() + 16);
        out.extend_from_slice(b"*");
        out.extend_from_slice(itoa::Buffer::new().format(self.count).as_bytes());
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&self.body);
    }

    fn push_integer(&mut self, n: usize) {
        self.body.extend_from_slice(itoa::Buffer::new().format(n).as_bytes());
    }
}

struct KeyPlaces<'a> {
    first: Option<&'a KeyPlace>,
    others: std::slice::Iter<'a, KeyPlace>,
}

impl<'a> Iterator for KeyPlaces<'a> {
    type Item = &'a KeyPlace;

    fn next(&mut self) -> Option<&'a KeyPlace> {
        self.first.take().or_else(|| self.others.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::from(self.first.is_some()) + self.others.len();
        (left, Some(left))
    }
}

impl ExactSizeIterator for KeyPlaces<'_> {}

/// Reads requests as a server does: arrays of bulk strings, and the inline form (`PING\r\n`) of a person with telnet.
#[derive(Debug, Default)]
pub struct RequestDecoder {
    /// Position up to which the request at the front of the buffer is known to be complete.
    scanned: usize,
    /// Arguments of it still to come; `None` before its header was read.
    missing: Option<usize>,
}

/// Most arguments of one request: the limit of Redis itself.
const MAX_ARGS: i64 = 1024 * 1024;

impl RequestDecoder {
    /// A decoder at the start of a stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next request from the front of `buf`, or `None` while it is incomplete. An empty list stands for an
    /// empty line, which asks for nothing and gets no answer.
    ///
    /// # Errors
    /// The bytes are no request. Answer `ERR Protocol error: …` and close the connection.
    pub fn decode(&mut self, buf: &mut BytesMut) -> Result<Option<Vec<Bytes>>, ProtocolError> {
        let Some(&first) = buf.first() else { return Ok(None) };
        if self.missing.is_none() {
            if first != b'*' {
                return inline(buf);
            }
            let Some((digits, next)) = frame::line(buf, 1)? else { return Ok(None) };
            let count = frame::integer(digits, "multibulk length")
                .ok()
                .filter(|n| *n <= MAX_ARGS)
                .ok_or(ProtocolError::Request("invalid multibulk length"))?;
            self.scanned = next;
            self.missing = Some(usize::try_from(count).unwrap_or(0));
        }
        while let Some(missing @ 1..) = self.missing {
            let Some((_, end)) = bulk(buf, self.scanned)? else { return Ok(None) };
            self.scanned = end;
            self.missing = Some(missing - 1);
        }
        let frame = buf.split_to(self.scanned).freeze();
        *self = Self::default();
        collect(&frame).map(Some)
    }
}

/// The bulk string at `from`: the position of its first byte and the position after its CRLF.
fn bulk(buf: &[u8], from: usize) -> Result<Option<(usize, usize)>, ProtocolError> {
    match buf.get(from) {
        None => return Ok(None),
        Some(b'$') => {}
        Some(other) => return Err(ProtocolError::ExpectedBulk(*other)),
    }
    let Some((digits, start)) = frame::line(buf, from + 1)? else { return Ok(None) };
    let length = frame::integer(digits, "bulk length")
        .ok()
        .filter(|n| (0..=frame::MAX_BULK).contains(n))
        .and_then(|n| usize::try_from(n).ok())
        .ok_or(ProtocolError::Request("invalid bulk length"))?;
    let end = start + length + 2;
    Ok((buf.len() >= end).then_some((start, end)))
}

fn collect(frame: &Bytes) -> Result<Vec<Bytes>, ProtocolError> {
    let mut args = Vec::new();
    let Some((_, mut at)) = frame::line(frame, 1)? else { return Ok(args) };
    while let Some((start, end)) = bulk(frame, at)? {
        args.push(frame.slice(start..end - 2));
        at = end;
    }
    Ok(args)
}

fn inline(buf: &mut BytesMut) -> Result<Option<Vec<Bytes>>, ProtocolError> {
    let Some((content, end)) = frame::line(buf, 0)? else { return Ok(None) };
    let args =
        content.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(Bytes::copy_from_slice).collect();
    buf.advance(end);
    Ok(Some(args))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode_all(wire: &[u8], chunk: usize) -> Result<Vec<Vec<Bytes>>, ProtocolError> {
        let (mut decoder, mut buf, mut out) = (RequestDecoder::new(), BytesMut::new(), Vec::new());
        for part in wire.chunks(chunk) {
            buf.extend_from_slice(part);
            while let Some(args) = decoder.decode(&mut buf)? {
                out.push(args);
            }
        }
        assert!(buf.is_empty(), "left over: {buf:?}");
        Ok(out)
    }

    #[test]
    fn what_a_client_writes_a_server_reads_however_it_is_cut() {
        let mut wire = BytesMut::new();
        let mut request = Request::new("SCRIPT LOAD");
        let mut rest = Request::default();
        rest.arg(b"").integer(i64::MIN);
        request.arg(b"a\r\nb\0").append(&rest);
        assert_eq!(request.len(), 5);
        request.write_to(&mut wire);
        Request::new("PING").write_to(&mut wire);
        for chunk in 1..wire.len() {
            let got = decode_all(&wire, chunk).unwrap();
            assert_eq!(got.len(), 2);
            assert_eq!(got[0], ["SCRIPT", "LOAD", "a\r\nb\0", "", "-9223372036854775808"].map(Bytes::from).to_vec());
            assert_eq!(got[1], [Bytes::from("PING")]);
        }
    }

    #[test]
    fn inline_requests() {
        assert_eq!(decode_all(b"set  a b\r\n\r\nPING\n", 3).unwrap(), [vec!["set", "a", "b"], vec![], vec!["PING"]]);
    }

    #[test]
    fn broken_requests_say_what_redis_says() {
        for (wire, text) in [
            (&b"*x\r\n"[..], "invalid multibulk length"),
            (b"*2000000\r\n", "invalid multibulk length"),
            (b"*1\r\n:1\r\n", "expected '$', got ':'"),
            (b"*1\r\n$-1\r\n", "invalid bulk length"),
        ] {
            assert_eq!(decode_all(wire, wire.len()).unwrap_err().to_string(), text);
        }
    }
}
