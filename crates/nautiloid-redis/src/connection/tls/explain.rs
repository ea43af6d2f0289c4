//! Why TLS failed, and which key to change: rustls' errors in the words of the configuration.

use std::io::{self, ErrorKind};

use rustls::pki_types::{ServerName, UnixTime};
use rustls::{AlertDescription, CertificateError, Error};

use super::Tls;

/// The reason of a failed handshake.
pub(super) fn handshake(error: &io::Error, tls: &Tls) -> String {
    let reason = match (of_tls(error), error.kind()) {
        (Some(error), _) => explain(error, tls),
        (None, ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => {
            "the server closed the connection; does it speak TLS on this port?".to_owned()
        }
        (None, _) => error.to_string(),
    };
    format!("TLS: {reason}")
}

/// The reason of a failure after the handshake, if TLS is the reason.
pub(super) fn first_read(error: &io::Error, tls: &Tls) -> Option<String> {
    let reason = match (of_tls(error), error.kind()) {
        (Some(error), _) => explain(error, tls),
        // The server's words about the missing certificate can be lost with the connection.
        (None, ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
            if !tls.own_certificate =>
        {
            "the server closed the connection after the handshake; if it wants a client certificate, set tls_cert_file \
             and tls_key_file"
                .to_owned()
        }
        (None, _) => return None,
    };
    Some(format!("TLS: {reason}"))
}

fn of_tls(error: &io::Error) -> Option<&Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

fn explain(error: &Error, tls: &Tls) -> String {
    match error {
        Error::InvalidCertificate(error) => certificate(error, tls),
        Error::AlertReceived(alert) => refused(*alert, tls),
        Error::InvalidMessage(_) => {
            "the server does not speak TLS on this port: dial its TLS port, or set tls_enabled = false".to_owned()
        }
        Error::PeerIncompatible(what) => format!("the server and this client have no way in common ({what:?})"),
        error => error.to_string(),
    }
}

/// What is wrong with the server's certificate.
fn certificate(error: &CertificateError, tls: &Tls) -> String {
    use CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet, NotValidYetContext,
        UnknownIssuer,
    };
    match error {
        UnknownIssuer if tls.own_ca => {
            "the server's certificate is not signed by a CA that is trusted: set tls_ca_file \
                                        to the CA that signed it; the one it names now did not"
                .to_owned()
        }
        UnknownIssuer => "the server's certificate is not signed by a CA that is trusted: set tls_ca_file to the CA \
                          that signed it"
            .to_owned(),
        ExpiredContext { not_after, .. } => {
            format!("the server's certificate expired on {}: renew it, or set this machine's clock", date(*not_after))
        }
        Expired => "the server's certificate has expired: renew it, or set this machine's clock".to_owned(),
        NotValidYetContext { not_before, .. } => {
            format!("the server's certificate is valid from {} on: set this machine's clock", date(*not_before))
        }
        NotValidYet => "the server's certificate is not valid yet: set this machine's clock".to_owned(),
        NotValidForNameContext { expected, presented } => {
            let names = match presented.as_slice() {
                [] => "no name at all".to_owned(),
                names => names.iter().map(|name| plain(name)).collect::<Vec<_>>().join(", "),
            };
            let expected = match expected {
                ServerName::IpAddress(address) => std::net::IpAddr::from(*address).to_string(),
                name => name.to_str().into_owned(),
            };
            format!(
                "the server's certificate is for {names} and not for {expected}: set tls_server_name to a name that \
                 it is for"
            )
        }
        NotValidForName => {
            "the server's certificate is for another name: set tls_server_name to one it is for".to_owned()
        }
        error if error.to_string().contains("CaUsedAsEndEntity") => {
            "the server's certificate is that of a CA: make the server one of its own, signed by the CA".to_owned()
        }
        error => format!("the server's certificate cannot be trusted ({error})"),
    }
}

/// `DnsName("redis.example.org")` and `IpAddress(127.0.0.1)`, without what is around them.
fn plain(name: &str) -> String {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
    inner.trim_matches('"').to_owned()
}

fn date(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    match jiff::Timestamp::from_second(seconds) {
        Ok(timestamp) => timestamp.strftime("%Y-%m-%d").to_string(),
        Err(_) => format!("second {seconds}"),
    }
}

/// What the server did not like.
fn refused(alert: AlertDescription, tls: &Tls) -> String {
    use AlertDescription::{
        AccessDenied, BadCertificate, CertificateExpired, CertificateRequired, CertificateRevoked, CertificateUnknown,
        DecryptError, HandshakeFailure, NoCertificate, ProtocolVersion, UnknownCA, UnsupportedCertificate,
    };
    const WANTED: &str = "the server wants a client certificate: set tls_cert_file and tls_key_file";
    match alert {
        CertificateRequired | NoCertificate => WANTED.to_owned(),
        // Before TLS 1.3 there was no alert of its own for that.
        HandshakeFailure if !tls.own_certificate => {
            "the server refused the handshake (HandshakeFailure); if it wants a client certificate, set tls_cert_file \
             and tls_key_file"
                .to_owned()
        }
        BadCertificate if !tls.own_certificate => WANTED.to_owned(),
        BadCertificate
        | UnsupportedCertificate
        | CertificateRevoked
        | CertificateExpired
        | CertificateUnknown
        | UnknownCA
        | AccessDenied
        | DecryptError
            if tls.own_certificate =>
        {
            format!("the server does not accept the certificate in tls_cert_file ({alert:?})")
        }
        ProtocolVersion => "the server speaks neither TLS 1.2 nor TLS 1.3".to_owned(),
        alert => format!("the server refused the handshake ({alert:?})"),
    }
}
