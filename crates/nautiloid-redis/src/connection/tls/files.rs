//! Certificates and keys from PEM files. What a file holds is never repeated: it may be a key.

use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::ConfigError;

/// The certificates in a file, in its order; at least one.
pub(super) fn certificates(key: &'static str, path: &Path) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
    let unusable = |reason: &str| unusable(key, path, reason);
    let bytes = read(key, path)?;
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(&bytes).collect::<Result<_, _>>().map_err(|_| unusable("its PEM is damaged"))?;
    if certificates.is_empty() {
        return Err(unusable("there is no certificate in it (PEM, -----BEGIN CERTIFICATE-----)"));
    }
    Ok(certificates)
}

/// The certificates in `tls_ca_file`, to be trusted.
pub(super) fn roots(path: &Path) -> Result<RootCertStore, ConfigError> {
    const KEY: &str = "tls_ca_file";
    let mut roots = RootCertStore::empty();
    for certificate in certificates(KEY, path)? {
        roots
            .add(certificate)
            .map_err(|error| unusable(KEY, path, &format!("a certificate in it cannot be read ({error})")))?;
    }
    Ok(roots)
}

/// The private key in `tls_key_file`.
pub(super) fn key(path: &Path) -> Result<PrivateKeyDer<'static>, ConfigError> {
    const KEY: &str = "tls_key_file";
    let bytes = read(KEY, path)?;
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|_| {
        unusable(KEY, path, "there is no private key in it (PEM, -----BEGIN PRIVATE KEY-----; not an encrypted one)")
    })
}

/// The key and the certificate cannot be used together.
pub(super) fn useless_key(key: &Path, certificate: &Path, error: &rustls::Error) -> ConfigError {
    let certificate = certificate.display();
    let reason = match error {
        rustls::Error::InconsistentKeys(_) => format!("it is not the key of the certificate in {certificate}"),
        error => format!("it cannot be used with the certificate in {certificate} ({error})"),
    };
    unusable("tls_key_file", key, &reason)
}

fn read(key: &'static str, path: &Path) -> Result<Vec<u8>, ConfigError> {
    std::fs::read(path).map_err(|error| unusable(key, path, &error.to_string()))
}

fn unusable(key: &'static str, path: &Path, reason: &str) -> ConfigError {
    ConfigError::File { key, path: path.to_owned(), reason: reason.to_owned() }
}
