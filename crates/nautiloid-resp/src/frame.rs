//! Header lines and numbers: the part of the grammar that requests and replies have in common.

use crate::ProtocolError;

/// Longest header line accepted, in bytes; lines of text are no headers.
const MAX_LINE: usize = 64 * 1024;

/// Longest bulk string accepted, in bytes: the limit of Redis itself (`proto-max-bulk-len`).
pub(crate) const MAX_BULK: i64 = 512 * 1024 * 1024;

/// The line that starts at `from`: its content and the position after its CRLF, or `None` while it is incomplete.
pub(crate) fn line(buf: &[u8], from: usize) -> Result<Option<(&[u8], usize)>, ProtocolError> {
    let rest = &buf[from..];
    match memchr::memchr(b'\n', rest) {
        Some(end) => {
            let content = &rest[..end];
            let content = content.strip_suffix(b"\r").unwrap_or(content);
            Ok(Some((content, from + end + 1)))
        }
        None if rest.len() > MAX_LINE => Err(ProtocolError::LineTooLong),
        None => Ok(None),
    }
}

/// A decimal integer with an optional sign.
pub(crate) fn integer(digits: &[u8], what: &'static str) -> Result<i64, ProtocolError> {
    // The common case by hand: a short run of digits.
    if let [first, ..] = digits
        && digits.len() <= 18
        && first.is_ascii_digit()
    {
        let mut n = 0i64;
        for &d in digits {
            if !d.is_ascii_digit() {
                return Err(ProtocolError::InvalidNumber(what));
            }
            n = n * 10 + i64::from(d - b'0');
        }
        return Ok(n);
    }
    std::str::from_utf8(digits).ok().and_then(|s| s.parse().ok()).ok_or(ProtocolError::InvalidNumber(what))
}
