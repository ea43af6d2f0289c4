//! Entries that stand together.
//!
//! Redis keeps a stream in nodes of at most 100 entries and about 4096 bytes, and trims whole nodes when it is told that
//! about so many may stay. To trim the same entries, the nodes here have the same bounds; so the bytes that an entry
//! would take in Redis (in a "listpack", whose format is published) are counted.

use super::id::StreamId;

/// Most entries of a node, those included that have been deleted, and most bytes: the defaults of Redis.
const MOST_ENTRIES: usize = 100;
const MOST_BYTES: usize = 4096;

/// An entry: fields and values in turn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) id: StreamId,
    pub(crate) fields: Box<[Box<[u8]>]>,
}

/// A node; its entries are in order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) entries: Vec<Entry>,
    /// The last entry that was added, which may have been deleted since.
    pub(super) last: StreamId,
    first: StreamId,
    /// The names of the first entry's fields: entries that have the same cost less.
    names: Box<[Box<[u8]>]>,
    /// How many entries have been added.
    added: usize,
    bytes: usize,
}

impl Node {
    pub(super) fn new(entry: Entry) -> Self {
        let names: Box<[_]> = entry.fields.iter().step_by(2).cloned().collect();
        // A header and an end; counts of entries, deleted ones and fields; a terminator.
        let bytes = 6 + 1 + 2 + 2 + number(names.len()) + names.iter().map(|name| element(name)).sum::<usize>() + 2;
        let mut node = Node { entries: Vec::new(), last: entry.id, first: entry.id, names, added: 0, bytes };
        node.push(entry);
        node
    }

    /// Whether an entry with these fields belongs into another node.
    pub(super) fn is_full_for(&self, fields: &[Box<[u8]>]) -> bool {
        self.bytes + fields.iter().map(|text| text.len()).sum::<usize>() >= MOST_BYTES || self.added >= MOST_ENTRIES
    }

    pub(super) fn push(&mut self, entry: Entry) {
        let same = self.names.iter().eq(entry.fields.iter().step_by(2));
        let pairs = entry.fields.len() / 2;
        let flags = 2;
        let distance = [entry.id.ms.wrapping_sub(self.first.ms), entry.id.seq.wrapping_sub(self.first.seq)];
        let id: usize = distance.iter().map(|part| integer(part.cast_signed())).sum();
        let (fields, elements) = if same {
            (entry.fields.iter().skip(1).step_by(2).map(|value| element(value)).sum(), pairs + 3)
        } else {
            (number(pairs) + entry.fields.iter().map(|text| element(text)).sum::<usize>(), 2 * pairs + 4)
        };
        self.bytes += flags + id + fields + number(elements);
        self.added += 1;
        self.last = entry.id;
        self.entries.push(entry);
    }
}

fn number(n: usize) -> usize {
    integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Bytes that an integer takes, with its length behind it.
fn integer(n: i64) -> usize {
    1 + match n {
        0..=127 => 1,
        -4096..=4095 => 2,
        -32_768..=32_767 => 3,
        -8_388_608..=8_388_607 => 4,
        -2_147_483_648..=2_147_483_647 => 5,
        _ => 9,
    }
}

/// Bytes that a text takes; what is an integer is kept as one.
fn element(text: &[u8]) -> usize {
    if let Some(n) = as_integer(text) {
        return integer(n);
    }
    let length = text.len()
        + match text.len() {
            0..=63 => 1,
            64..=4095 => 2,
            _ => 5,
        };
    length
        + match length {
            0..=127 => 1,
            128..=16_383 => 2,
            16_384..=2_097_150 => 3,
            2_097_151..=268_435_454 => 4,
            _ => 5,
        }
}

/// The integer that is written as this very text.
fn as_integer(text: &[u8]) -> Option<i64> {
    let n: i64 = std::str::from_utf8(text).ok().filter(|text| text.len() <= 20)?.parse().ok()?;
    (itoa::Buffer::new().format(n).as_bytes() == text).then_some(n)
}

#[cfg(test)]
mod tests {
    use super::{element, integer};

    /// As the format's description has them.
    #[test]
    fn sizes_of_elements() {
        let integers =
            [(0, 2), (127, 2), (128, 3), (-1, 3), (4095, 3), (4096, 4), (40_000, 5), (1 << 30, 6), (1 << 40, 10)];
        for (n, bytes) in integers {
            assert_eq!((integer(n), element(n.to_string().as_bytes())), (bytes, bytes), "{n}");
        }
        let texts = [("", 2), ("a", 3), ("-0", 4), ("007", 5), ("99999999999999999999", 22)];
        for (text, bytes) in texts {
            assert_eq!(element(text.as_bytes()), bytes, "{text}");
        }
        for (length, bytes) in [(63, 65), (64, 67), (125, 128), (126, 130), (4096, 4103)] {
            assert_eq!(element(&vec![b'x'; length]), bytes, "{length} bytes");
        }
    }
}
