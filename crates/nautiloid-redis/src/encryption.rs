//! Encryption of values that scripts keep in Redis: whoever reads the database learns nothing, and whoever changes it is
//! found out.
//!
//! ChaCha20-Poly1305, with SHA-256 of the pool's `encryption_secret` as its key, and a random nonce for each text. What
//! is stored is the base64 of the nonce and the ciphertext with its tag.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

use crate::config::Secret;

/// Encrypts and decrypts with one key.
pub struct Encryption {
    key: LessSafeKey,
    random: SystemRandom,
}

/// Why a text could not be encrypted or decrypted. It says nothing of the text or the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncryptionError {
    /// The operating system gave no random bytes.
    #[error("cannot encrypt: the operating system gives no random bytes")]
    NoRandomness,
    /// It is no base64, or too short: it was never encrypted, or something was cut off.
    #[error("cannot decrypt: this is no text that redis_encrypt has made")]
    NotEncrypted,
    /// The tag does not fit.
    #[error(
        "cannot decrypt: the text was changed, or encrypted with another secret; check the pool's encryption_secret"
    )]
    Rejected,
}

impl Encryption {
    /// With a key made of the secret.
    pub(crate) fn new(secret: &Secret) -> Option<Self> {
        let key = digest(&SHA256, secret.expose().as_bytes());
        let key = UnboundKey::new(&CHACHA20_POLY1305, key.as_ref()).ok()?;
        Some(Encryption { key: LessSafeKey::new(key), random: SystemRandom::new() })
    }

    /// The text, encrypted: another result each time.
    ///
    /// # Errors
    /// [`EncryptionError::NoRandomness`]
    pub fn encrypt(&self, text: &[u8]) -> Result<String, EncryptionError> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| EncryptionError::NoRandomness)?;
        self.encrypt_with(nonce, text)
    }

    fn encrypt_with(&self, nonce: [u8; NONCE_LEN], text: &[u8]) -> Result<String, EncryptionError> {
        let mut sealed = text.to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
            .map_err(|_| EncryptionError::NoRandomness)?;
        Ok(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// The text that was encrypted.
    ///
    /// # Errors
    /// [`EncryptionError::NotEncrypted`], [`EncryptionError::Rejected`]
    pub fn decrypt(&self, encrypted: &[u8]) -> Result<Vec<u8>, EncryptionError> {
        let mut sealed = STANDARD.decode(encrypted).map_err(|_| EncryptionError::NotEncrypted)?;
        if sealed.len() < NONCE_LEN + CHACHA20_POLY1305.tag_len() {
            return Err(EncryptionError::NotEncrypted);
        }
        let mut body = sealed.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&sealed).map_err(|_| EncryptionError::NotEncrypted)?;
        let text = self.key.open_in_place(nonce, Aad::empty(), &mut body).map_err(|_| EncryptionError::Rejected)?;
        Ok(text.to_vec())
    }
}

/// Nothing of the key.
impl fmt::Debug for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Encryption")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(secret: &str) -> Encryption {
        Encryption::new(&Secret::new(secret)).unwrap()
    }

    #[test]
    fn what_is_encrypted_can_be_decrypted_with_the_same_secret_alone() {
        let (mine, other) = (with("sesame"), with("Sesame"));
        for text in [&b""[..], b"hello", b"\0\xff\r\n", &[7; 100_000]] {
            let first = mine.encrypt(text).unwrap();
            assert_ne!(first, mine.encrypt(text).unwrap());
            assert_eq!(mine.decrypt(first.as_bytes()).unwrap(), text);
            assert_eq!(other.decrypt(first.as_bytes()), Err(EncryptionError::Rejected));
        }
        assert!(!format!("{mine:?}").contains("sesame"));
    }

    #[test]
    fn what_was_changed_is_found_out() {
        let encryption = with("sesame");
        let encrypted = encryption.encrypt(b"admin=0").unwrap();
        let mut bytes = STANDARD.decode(&encrypted).unwrap();
        for place in 0..bytes.len() {
            bytes[place] ^= 1;
            assert_eq!(encryption.decrypt(STANDARD.encode(&bytes).as_bytes()), Err(EncryptionError::Rejected));
            bytes[place] ^= 1;
        }
        for text in ["", "hello", "aGVsbG8=", "*", &encrypted[1..]] {
            assert_eq!(encryption.decrypt(text.as_bytes()), Err(EncryptionError::NotEncrypted), "{text}");
        }
    }

    /// Made with another implementation (Python's `cryptography`), so that the form stays what it is.
    #[test]
    fn the_form_is_nonce_ciphertext_and_tag() {
        let encrypted = with("sesame").encrypt_with([1; NONCE_LEN], b"hello").unwrap();
        assert_eq!(encrypted, "AQEBAQEBAQEBAQEB2QZu4Qo6BtbTkxZJIBoaTMYuJFyS");
    }
}
