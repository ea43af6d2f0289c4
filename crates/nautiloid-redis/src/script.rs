//! Redis scripts with a name: uploaded once, run from anywhere.

use std::sync::Arc;

use bytes::Bytes;

/// The source of a Redis script and its SHA-1, by which servers know it.
#[derive(Debug)]
pub struct Script {
    source: Vec<u8>,
    sha1: String,
}

impl Script {
    /// A script of that source.
    pub fn new(source: &[u8]) -> Arc<Self> {
        Arc::new(Script { source: source.to_vec(), sha1: sha1_smol::Sha1::from(source).digest().to_string() })
    }

    /// The source.
    pub fn source(&self) -> &[u8] {
        &self.source
    }

    /// SHA-1 of the source, 40 lower-case hexadecimal digits.
    pub fn sha1(&self) -> &str {
        &self.sha1
    }
}

/// Whether an error reply says that the server does not know the script (it was restarted, or another one took over).
pub(crate) fn is_unknown(error: &Bytes) -> bool {
    error.starts_with(b"NOSCRIPT No matching script")
}
