//! What each `tls_*` key that cannot be used is told, and what becomes of the errors of a handshake.

use std::path::{Path, PathBuf};

use testkit::Certificates;

use super::*;

fn with(config: PoolConfig) -> PoolConfig {
    PoolConfig { tls_enabled: true, ..config }
}

fn error(config: PoolConfig) -> String {
    Tls::new(&with(config)).unwrap_err().to_string()
}

#[test]
fn without_tls_enabled_there_is_none() {
    assert!(Tls::new(&PoolConfig::default()).unwrap().is_none());
}

#[test]
fn files_that_can_be_used() {
    let certificates = Certificates::new().unwrap();
    let client = certificates.client();
    let mutual = with(PoolConfig {
        tls_ca_file: Some(certificates.ca()),
        tls_cert_file: Some(client.certificate),
        tls_key_file: Some(client.key),
        ..PoolConfig::default()
    });
    for name in [None, Some("redis.example.org"), Some("192.0.2.1"), Some("::1")] {
        let tls_server_name = name.map(str::to_owned);
        let tls = Tls::new(&PoolConfig { tls_server_name, ..mutual.clone() }).unwrap().unwrap();
        assert!(tls.own_ca && tls.own_certificate);
    }
    Tls::new(&with(PoolConfig { tls_insecure_skip_verify: true, ..PoolConfig::default() })).unwrap().unwrap();
}

#[test]
fn files_that_cannot_be_used_are_named_with_their_key() {
    let certificates = Certificates::new().unwrap();
    let (client, other) = (certificates.client(), certificates.other_client());
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let ca = |path: &Path| error(PoolConfig { tls_ca_file: Some(path.to_owned()), ..PoolConfig::default() });
    let pair = |certificate: &Path, key: &Path| {
        error(PoolConfig {
            tls_ca_file: Some(certificates.ca()),
            tls_cert_file: Some(certificate.to_owned()),
            tls_key_file: Some(key.to_owned()),
            ..PoolConfig::default()
        })
    };
    let told = |message: String, key: &str, path: &Path, reason: &str| {
        assert_eq!(message, format!("{key}: cannot use {}: {reason}", path.display()));
    };
    let gone = PathBuf::from("/nonexistent/x.pem");
    let (none, damaged, nonsense) = (
        file("none", "SECRET\n"),
        file("damaged", "-----BEGIN CERTIFICATE-----\nSECRET!\n-----END CERTIFICATE-----\n"),
        file("nonsense", "-----BEGIN CERTIFICATE-----\nU0VDUkVU\n-----END CERTIFICATE-----\n"),
    );
    let (no_such_file, no_certificate) =
        ("No such file or directory (os error 2)", "there is no certificate in it (PEM, -----BEGIN CERTIFICATE-----)");
    told(ca(&gone), "tls_ca_file", &gone, no_such_file);
    told(ca(&none), "tls_ca_file", &none, no_certificate);
    told(ca(&damaged), "tls_ca_file", &damaged, "its PEM is damaged");
    let message = ca(&nonsense);
    assert!(message.contains("a certificate in it cannot be read") && !message.contains("SECRET"), "{message}");

    told(pair(&gone, &client.key), "tls_cert_file", &gone, no_such_file);
    told(pair(&client.key, &client.key), "tls_cert_file", &client.key, no_certificate);
    told(pair(&client.certificate, &gone), "tls_key_file", &gone, no_such_file);
    let no_key = "there is no private key in it (PEM, -----BEGIN PRIVATE KEY-----; not an encrypted one)";
    told(pair(&client.certificate, &client.certificate), "tls_key_file", &client.certificate, no_key);
    let mixed = format!("it is not the key of the certificate in {}", client.certificate.display());
    told(pair(&client.certificate, &other.key), "tls_key_file", &other.key, &mixed);

    for name in ["", "a b", "redis.example.org:6379"] {
        let tls_server_name = Some(name.to_owned());
        assert_eq!(
            error(PoolConfig { tls_server_name, tls_insecure_skip_verify: true, ..PoolConfig::default() }),
            format!("tls_server_name: {name:?} is neither a host name nor an IP address")
        );
    }
    // It is told also when it would not be looked into.
    let message =
        error(PoolConfig { tls_ca_file: Some(gone.clone()), tls_insecure_skip_verify: true, ..PoolConfig::default() });
    told(message, "tls_ca_file", &gone, no_such_file);
}
