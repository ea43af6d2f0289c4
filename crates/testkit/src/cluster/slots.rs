//! Which slot a key is in.

/// The number of slots.
pub(super) const SLOTS: usize = 16_384;

/// The slot of a key, its hash tag considered.
pub fn slot(key: &[u8]) -> u16 {
    let tag = key.iter().position(|byte| *byte == b'{').and_then(|open| {
        let after = &key[open + 1..];
        let length = after.iter().position(|byte| *byte == b'}')?;
        (length > 0).then(|| &after[..length])
    });
    // CRC-16/XMODEM, bit by bit: nothing here depends on its speed.
    let crc = tag.unwrap_or(key).iter().fold(0_u16, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| (crc << 1) ^ if crc & 0x8000 == 0 { 0 } else { 0x1021 })
    });
    crc % SLOTS as u16
}
