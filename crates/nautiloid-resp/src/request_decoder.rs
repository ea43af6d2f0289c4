//! Requests as a server reads them.

use bytes::{Buf, Bytes, BytesMut};

use crate::ProtocolError;
use crate::frame;

/// Reads requests as a server does: arrays of bulk strings, and the inline form (`PING\r\n`) of a person with telnet.
#[derive(Debug, Default)]
pub struct RequestDecoder {
    /// Position up to which the request at the front of the buffer is known to be complete.
    scanned: usize,
    /// Arguments of it still to come; `None` before its header was read.
    missing: Option<usize>,
}

/// Most arguments of one request: the limit of Redis itself.
const MAX_ARGS: i64 = i32::MAX as i64;

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
    use crate::Request;

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
            (b"*2147483648\r\n", "invalid multibulk length"),
            (b"*1\r\n:1\r\n", "expected '$', got ':'"),
            (b"*1\r\n$-1\r\n", "invalid bulk length"),
        ] {
            assert_eq!(decode_all(wire, wire.len()).unwrap_err().to_string(), text);
        }
    }
}
