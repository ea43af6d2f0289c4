//! Certificates made by the test itself, good ones and bad ones, as files in a temporary folder.
//!
//! All are made at once (a few milliseconds with elliptic curves), so that a test only picks the files it needs. Server
//! certificates also serve as client certificates: with `tls-replication` and `tls-cluster` servers dial each other.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use tempfile::TempDir;

/// What servers of the tests are called.
const LOOPBACK: [&str; 2] = ["127.0.0.1", "localhost"];
/// A name that nothing has (RFC 6761).
const ELSEWHERE: [&str; 1] = ["redis.invalid"];

/// A folder of certificates; clones share it, and it is deleted with the last of them.
#[derive(Debug, Clone)]
pub struct Certificates {
    folder: Arc<TempDir>,
}

/// A certificate and its key, as PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its private key (PKCS #8).
    pub key: PathBuf,
}

impl Certificates {
    /// Makes all of them.
    ///
    /// # Errors
    /// The files could not be written.
    pub fn new() -> anyhow::Result<Self> {
        let certificates = Certificates { folder: Arc::new(TempDir::new()?) };
        let ca = authority("The CA of the tests")?;
        let other_ca = authority("Another CA")?;
        fs::write(certificates.ca(), ca.pem())?;
        fs::write(certificates.other_ca(), other_ca.pem())?;
        certificates.write(&certificates.server(), leaf(&LOOPBACK)?, &ca)?;
        certificates.write(&certificates.client(), leaf(&["client.invalid"])?, &ca)?;
        certificates.write(&certificates.other_client(), leaf(&["client.invalid"])?, &other_ca)?;
        certificates.write(&certificates.wrong_name(), leaf(&ELSEWHERE)?, &ca)?;
        let mut expired = leaf(&LOOPBACK)?;
        expired.not_before = date_time_ymd(2001, 1, 1);
        expired.not_after = date_time_ymd(2002, 1, 1);
        certificates.write(&certificates.expired(), expired, &ca)?;
        Ok(certificates)
    }

    /// The CA that signed all but [`other_client`](Self::other_client): `ca.pem`.
    pub fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A CA that signed no server's certificate: `other-ca.pem`.
    pub fn other_ca(&self) -> PathBuf {
        self.folder.path().join("other-ca.pem")
    }

    /// A server's, for 127.0.0.1 and `localhost`: `server.pem`, `server.key`.
    pub fn server(&self) -> Identity {
        self.identity("server")
    }

    /// A client's, for mutual TLS: `client.pem`, `client.key`.
    pub fn client(&self) -> Identity {
        self.identity("client")
    }

    /// A client's that the [`other_ca`](Self::other_ca) signed.
    pub fn other_client(&self) -> Identity {
        self.identity("other-client")
    }

    /// A server's for 127.0.0.1 and `localhost` that expired in 2002.
    pub fn expired(&self) -> Identity {
        self.identity("expired")
    }

    /// A server's for `redis.invalid` alone.
    pub fn wrong_name(&self) -> Identity {
        self.identity("wrong-name")
    }

    fn identity(&self, name: &str) -> Identity {
        let file = |extension| self.folder.path().join(format!("{name}.{extension}"));
        Identity { certificate: file("pem"), key: file("key") }
    }

    fn write(&self, files: &Identity, parameters: CertificateParams, ca: &Authority) -> anyhow::Result<()> {
        let key = KeyPair::generate()?;
        fs::write(&files.certificate, parameters.signed_by(&key, ca)?.pem())?;
        fs::write(&files.key, key.serialize_pem())?;
        Ok(())
    }
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> anyhow::Result<Authority> {
    let mut parameters = CertificateParams::default();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(CertifiedIssuer::self_signed(parameters, KeyPair::generate()?)?)
}

/// Valid for as long as dates go, unless changed.
fn leaf(names: &[&str]) -> anyhow::Result<CertificateParams> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut parameters = CertificateParams::new(names.clone())?;
    parameters.distinguished_name.push(DnType::CommonName, names.join(" or "));
    parameters.use_authority_key_identifier_extension = true;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    Ok(parameters)
}
