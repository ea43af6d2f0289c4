//! Hash slots: which part of a cluster's key space a key belongs to.
//!
//! Source: the specification of Redis Cluster, "Key distribution model" and "Hash tags".

use crate::{PoolSpec, RedisError};

/// Number of hash slots of every cluster.
pub(crate) const SLOTS: u16 = 16384;

/// The slot of a key: CRC16 of the key, or of what is between the first `{` and the next `}` if that is not empty.
pub(crate) fn of(key: &[u8]) -> u16 {
    crc16(hash_tag(key)) % SLOTS
}

/// Checks that all keys are in the slot of the first.
///
/// # Errors
/// [`RedisError::CrossSlot`] with the first that is not.
pub(crate) fn same<'a>(
    first: &[u8],
    mut others: impl Iterator<Item = &'a [u8]>,
    pool: &PoolSpec,
) -> Result<(), RedisError> {
    let slot = of(first);
    match others.find(|key| of(key) != slot) {
        None => Ok(()),
        Some(other) => Err(RedisError::CrossSlot {
            pool: pool.label(),
            keys: [first, other].map(|key| String::from_utf8_lossy(key).into_owned()),
        }),
    }
}

fn hash_tag(key: &[u8]) -> &[u8] {
    let tag = key.iter().position(|&byte| byte == b'{').and_then(|open| {
        let rest = &key[open + 1..];
        rest.iter().position(|&byte| byte == b'}').map(|close| &rest[..close])
    });
    tag.filter(|tag| !tag.is_empty()).unwrap_or(key)
}

/// CRC-16/XMODEM, a table look-up a byte.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc: u16, byte| (crc << 8) ^ TABLE[usize::from((crc >> 8) as u8 ^ byte)])
}

const TABLE: [u16; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut crc = (index as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
            bit += 1;
        }
        table[index] = crc;
        index += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_those_of_redis() {
        // The check value of the specification, and answers of `CLUSTER KEYSLOT`.
        assert_eq!(crc16(b"123456789"), 0x31C3);
        for (key, slot) in [
            (&b"123456789"[..], 12739),
            (b"", 0),
            (b"foo", 12182),
            (b"{foo}.bar", 12182),
            (b"x{foo}{bar}", 12182),
            (b"foo{}{bar}", 8363),
            (b"foo{{bar}}zap", 4015),
        ] {
            assert_eq!(of(key), slot, "{}", String::from_utf8_lossy(key));
        }
    }
}
