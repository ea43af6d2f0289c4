//! Redis scripts with a name: uploaded once, run from anywhere.

use std::sync::Arc;

use nautiloid_resp::Request;

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

    /// What runs the script on a server that knows it. `arguments` are those after the script: the number of keys, the
    /// keys, and the others.
    pub fn evalsha(&self, arguments: &Request) -> Request {
        let mut request = Request::new("EVALSHA");
        request.arg(self.sha1.as_bytes()).append(arguments);
        request
    }

    /// What runs the script on any server, which knows it from then on.
    pub fn eval(&self, arguments: &Request) -> Request {
        let mut request = Request::new("EVAL");
        request.arg(&self.source).append(arguments);
        request
    }
}
