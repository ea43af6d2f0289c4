//! Requests as a client writes them: a command, its arguments, and which of these are names of keys.
//!
//! A cluster has to know the keys: they decide where a request goes, and one with many keys may be split between nodes.

use std::ops::Range;

use bytes::BytesMut;

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
        let mut words = command.as_bytes();
        while let Some(space) = words.iter().position(|&byte| byte == b' ') {
            let (word, rest) = words.split_at(space);
            request.arg(word);
            words = &rest[1..];
        }
        request.arg(words);
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

    /// The arguments behind the first key, in order; none when there is no key.
    pub fn after_key(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest =
            self.first_key.as_ref().and_then(|place| self.body.get(place.bytes.end + 2..)).unwrap_or_default();
        std::iter::from_fn(move || {
            let (argument, others) = split_argument(rest)?;
            rest = others;
            Some(argument)
        })
    }

    fn places(&self) -> KeyPlaces<'_> {
        KeyPlaces { first: self.first_key.as_ref(), others: self.other_keys.iter() }
    }

    /// A request of the same command for some of the keys, by their positions among the keys, each with the arguments
    /// that follow it up to the next key (the value, for `MSET`). Positions past the last key are left out.
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
        let shift = self.body.len();
        for place in other.places() {
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

/// The first of some encoded arguments, and the others.
fn split_argument(encoded: &[u8]) -> Option<(&[u8], &[u8])> {
    let line_end = memchr::memchr(b'\r', encoded)?;
    let length: usize = std::str::from_utf8(encoded.get(1..line_end)?).ok()?.parse().ok()?;
    let start = line_end + b"\r\n".len();
    let end = start + length;
    Some((encoded.get(start..end)?, encoded.get(end + b"\r\n".len()..)?))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RequestDecoder;

    /// The arguments as a server reads them.
    fn arguments(request: &Request) -> Vec<String> {
        let mut wire = BytesMut::new();
        request.write_to(&mut wire);
        let arguments = RequestDecoder::new().decode(&mut wire).unwrap().unwrap();
        assert!(wire.is_empty(), "more than was counted: {wire:?}");
        assert_eq!(arguments.len(), request.len());
        arguments.iter().map(|argument| argument.escape_ascii().to_string()).collect()
    }

    fn keys(request: &Request) -> Vec<&[u8]> {
        request.keys().collect()
    }

    #[test]
    fn keys_are_told_from_other_arguments() {
        let mut request = Request::new("SET");
        assert_eq!(request.keys().len(), 0);
        request.key(b"k").arg(b"value");
        assert_eq!(keys(&request), [b"k"]);

        let mut request = Request::new("MSET");
        request.key(b"").arg(b"1").key(b"a\r\nb\0").arg(b"k").key(b"k").arg(b"");
        assert_eq!(keys(&request), [&b""[..], b"a\r\nb\0", b"k"]);
        let mut left = request.keys();
        assert_eq!((left.len(), left.next(), left.len()), (3, Some(&b""[..]), 2));
        assert_eq!(arguments(&request), ["MSET", "", "1", "a\\r\\nb\\x00", "k", "k", ""]);
    }

    #[test]
    fn keys_move_with_the_arguments_they_are_appended_with() {
        let mut rest = Request::default();
        rest.integer(2).key(b"a").key(b"bcd").arg(b"e");
        let mut request = Request::new("EVALSHA");
        request.arg(b"0123").append(&rest).key(b"last");
        assert_eq!(keys(&request), [&b"a"[..], b"bcd", b"last"]);
        assert_eq!(arguments(&request), ["EVALSHA", "0123", "2", "a", "bcd", "e", "last"]);

        let mut after_keys = Request::new("DEL");
        after_keys.key(b"first").append(&rest);
        assert_eq!(keys(&after_keys), [&b"first"[..], b"a", b"bcd"]);
        assert_eq!(arguments(&after_keys.with_keys(&[2])), ["DEL", "bcd", "e"]);
    }

    #[test]
    fn a_part_has_the_keys_asked_for_and_what_belongs_to_them() {
        let mut get = Request::new("MGET");
        get.key(b"a").key(b"b").key(b"a").key(b"c");
        assert_eq!(arguments(&get.with_keys(&[0, 3])), ["MGET", "a", "c"]);
        assert_eq!(arguments(&get.with_keys(&[2, 1])), ["MGET", "a", "b"]);
        assert_eq!(arguments(&get.with_keys(&[0, 1, 2, 3])), arguments(&get));
        assert_eq!(arguments(&get.with_keys(&[4])), ["MGET"]);

        let mut set = Request::new("MSET");
        set.key(b"a").arg(b"1").key(b"b").arg(b"").key(b"c").arg(b"3\r\n");
        assert_eq!(arguments(&set.with_keys(&[1])), ["MSET", "b", ""]);
        let part = set.with_keys(&[0, 2]);
        assert_eq!(arguments(&part), ["MSET", "a", "1", "c", "3\\r\\n"]);
        // A part can be split once more.
        assert_eq!(keys(&part), [b"a", b"c"]);
        assert_eq!(arguments(&part.with_keys(&[1])), ["MSET", "c", "3\\r\\n"]);
    }

    #[test]
    fn the_arguments_behind_the_first_key_can_be_read_again() {
        let mut request = Request::new("HMGET");
        assert_eq!(request.after_key().count(), 0);
        request.key(b"h").arg(b"").arg(b"a\r\n$1").integer(12);
        assert_eq!(request.after_key().collect::<Vec<_>>(), [&b""[..], b"a\r\n$1", b"12"]);
    }

    #[test]
    fn what_comes_before_the_first_key_is_in_every_part() {
        let mut request = Request::new("OBJECT FREQ");
        request.key(b"a").key(b"b");
        assert_eq!(arguments(&request.with_keys(&[0])), ["OBJECT", "FREQ", "a"]);
        assert_eq!(arguments(&request.with_keys(&[1])), ["OBJECT", "FREQ", "b"]);
    }
}
