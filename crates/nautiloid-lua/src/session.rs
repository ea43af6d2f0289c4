//! The id of one run of a script, as scripts see it.

/// 32 hexadecimal digits.
pub(crate) struct Session([u8; 32]);

impl Session {
    pub(crate) fn new(parts: [u64; 2]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let bytes = parts.iter().flat_map(|part| part.to_be_bytes());
        let mut digits = [b'0'; 32];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
            pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        Session(digits)
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Session;

    #[test]
    fn is_written_as_numbers_are() {
        let parts = [0x0123_4567_89ab_cdef, 0xf];
        let [high, low] = parts;
        assert_eq!(Session::new(parts).as_str(), format!("{high:016x}{low:016x}"));
    }
}
