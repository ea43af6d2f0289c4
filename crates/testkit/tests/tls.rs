//! The certificates are what their names say, judged by an independent implementation of TLS.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, Error, RootCertStore, StreamOwned};
use testkit::{Certificates, Identity, RedisServer};

/// `PING` with a server's certificate checked against a CA and the name 127.0.0.1.
fn ping(server: &RedisServer, ca: &Path, client: Option<&Identity>) -> std::io::Result<()> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(ca).unwrap()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots);
    let config = match client {
        None => config.with_no_client_auth(),
        Some(identity) => {
            let chain = vec![CertificateDer::from_pem_file(&identity.certificate).unwrap()];
            config.with_client_auth_cert(chain, PrivateKeyDer::from_pem_file(&identity.key).unwrap()).unwrap()
        }
    };
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(server.tls_address().unwrap())?);
    stream.write_all(b"PING\r\n")?;
    let mut reply = [0; 7];
    stream.read_exact(&mut reply)?;
    assert_eq!(&reply, b"+PONG\r\n");
    Ok(())
}

/// Why the client refuses the server's certificate.
fn refusal(result: std::io::Result<()>) -> CertificateError {
    let error = result.unwrap_err();
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
        Some(Error::InvalidCertificate(reason)) => reason.clone(),
        _ => panic!("not refused for its certificate: {error:?}"),
    }
}

#[test]
fn a_server_speaks_tls_and_plain_and_does_so_again_after_a_restart() {
    let certificates = Certificates::new().unwrap();
    let mut server = RedisServer::start_tls(&certificates, &[]).unwrap();
    ping(&server, &certificates.ca(), None).unwrap();
    let (pid, address) = (server.pid(), server.tls_address());
    server.restart().unwrap();
    assert_ne!(server.pid(), pid);
    assert_eq!(server.tls_address(), address);
    ping(&server, &certificates.ca(), None).unwrap();
    server.connect().unwrap().succeed(&["PING"]).unwrap();
}

#[test]
fn a_bad_certificate_is_refused_for_the_reason_it_was_made_for() {
    let certificates = Certificates::new().unwrap();
    let good = RedisServer::start_tls(&certificates, &[]).unwrap();
    assert_eq!(refusal(ping(&good, &certificates.other_ca(), None)), CertificateError::UnknownIssuer);

    let expired = RedisServer::start_tls_as(&certificates, certificates.expired(), &[]).unwrap();
    let reason = refusal(ping(&expired, &certificates.ca(), None));
    assert!(matches!(reason, CertificateError::ExpiredContext { .. }), "{reason:?}");

    let elsewhere = RedisServer::start_tls_as(&certificates, certificates.wrong_name(), &[]).unwrap();
    let reason = refusal(ping(&elsewhere, &certificates.ca(), None));
    assert!(matches!(reason, CertificateError::NotValidForNameContext { .. }), "{reason:?}");
}

#[test]
fn with_mutual_tls_only_the_right_client_comes_in() {
    let certificates = Certificates::new().unwrap();
    let server = RedisServer::start_tls(&certificates, &["--tls-auth-clients", "yes"]).unwrap();
    ping(&server, &certificates.ca(), Some(&certificates.client())).unwrap();
    ping(&server, &certificates.ca(), None).unwrap_err();
    ping(&server, &certificates.ca(), Some(&certificates.other_client())).unwrap_err();
}
