//! TLS: what a pool's `tls_*` keys ask for, built once when the pool is registered and shared by all workers.
//!
//! Certificates and their checks are those of rustls with the ring provider, chosen here and not process-wide, so that
//! no other crate can change them. Why a handshake failed is put into words in `explain`.

mod explain;
mod files;
mod unverified;

use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::client::WantsClientCert;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::config::{ConfigError, PoolConfig};
use unverified::Unverified;

/// How connections of a pool are encrypted. Clones share it.
#[derive(Clone)]
pub(crate) struct Tls {
    config: Arc<ClientConfig>,
    /// The name to verify in place of the address's host.
    server_name: Option<ServerName<'static>>,
    /// Whether `tls_ca_file` says whom to trust, and not the system.
    own_ca: bool,
    /// Whether there is a certificate for servers that want one.
    own_certificate: bool,
}

impl Tls {
    /// Reads the files that the configuration names; `None` without `tls_enabled`.
    ///
    /// # Errors
    /// A file cannot be used, or `tls_server_name` is no name.
    pub(crate) fn new(config: &PoolConfig) -> Result<Option<Self>, ConfigError> {
        if !config.tls_enabled {
            return Ok(None);
        }
        let server_name = config.tls_server_name.as_deref().map(|name| {
            ServerName::try_from(name.to_owned()).map_err(|_| ConfigError::Tls {
                key: "tls_server_name",
                reason: format!("{name:?} is neither a host name nor an IP address"),
            })
        });
        let verifying = builder(config)?;
        let client = match (&config.tls_cert_file, &config.tls_key_file) {
            (Some(certificate), Some(key)) => {
                let (chain, private) = (files::certificates("tls_cert_file", certificate)?, files::key(key)?);
                verifying
                    .with_client_auth_cert(chain, private)
                    .map_err(|error| files::useless_key(key, certificate, &error))?
            }
            _ => verifying.with_no_client_auth(),
        };
        Ok(Some(Tls {
            config: Arc::new(client),
            server_name: server_name.transpose()?,
            own_ca: config.tls_ca_file.is_some(),
            own_certificate: config.tls_cert_file.is_some(),
        }))
    }

    /// Does the handshake with the server at `host`. The reason of a failure is for people.
    pub(super) async fn connect(&self, host: &str, stream: TcpStream) -> Result<TlsStream<TcpStream>, String> {
        let name = match &self.server_name {
            Some(name) => name.clone(),
            None => ServerName::try_from(host.to_owned())
                .map_err(|_| format!("no certificate can be for the name {host:?}: set tls_server_name"))?,
        };
        let connecting = TlsConnector::from(Arc::clone(&self.config)).connect(name, stream);
        connecting.await.map_err(|error| explain::handshake(&error, self))
    }

    /// Why a stream that was connected cannot be used; `None` when that has nothing to do with TLS.
    ///
    /// With TLS 1.3 a client is connected before the server has looked at its certificate: what the server thinks of it
    /// comes in place of the first reply.
    pub(super) fn explain_first_read(&self, error: &io::Error) -> Option<String> {
        explain::first_read(error, self)
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("server_name", &self.server_name).finish_non_exhaustive()
    }
}

/// With whom to trust; the client's own certificate is still to be chosen.
fn builder(config: &PoolConfig) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, ConfigError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let unsupported = |error: rustls::Error| ConfigError::Tls {
        key: "tls_enabled",
        reason: format!("TLS cannot be set up: {error}"),
    };
    let versions = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(unsupported)?;
    // A file that cannot be used is told also when nobody looks at what is in it.
    let own = config.tls_ca_file.as_deref().map(files::roots).transpose()?;
    if config.tls_insecure_skip_verify {
        return Ok(versions.dangerous().with_custom_certificate_verifier(Arc::new(Unverified::new(provider))));
    }
    let roots = match own {
        Some(roots) => roots,
        None => system_roots()?,
    };
    Ok(versions.with_root_certificates(roots))
}

/// The CAs that this system trusts.
fn system_roots() -> Result<RootCertStore, ConfigError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (usable, _) = roots.add_parsable_certificates(found.certs);
    if usable == 0 {
        let why = found.errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
        let reason = format!("this system has no trusted CAs{why}: set tls_ca_file");
        return Err(ConfigError::Tls { key: "tls_enabled", reason });
    }
    Ok(roots)
}

#[cfg(test)]
mod tests;
