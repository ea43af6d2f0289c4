//! What a server is started with: its configuration file, its ports, and how the test itself gets in.

use std::path::Path;

use crate::certificates::{Certificates, Identity};
use crate::{Credentials, ports};

/// Everything that two starts of the same server have in common but its ports and its folder.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    /// Lines of the configuration file, beyond those that every server has.
    pub(crate) lines: Vec<String>,
    /// Arguments after the file's name: they override it, even when the server has rewritten it.
    pub(crate) arguments: Vec<String>,
    /// Opens a port with TLS beside the plain one.
    pub(crate) tls: Option<Tls>,
    /// Has a port for the bus of a Cluster.
    pub(crate) bus: bool,
    /// Has a proxy before the port for clients, and tells others the port of the proxy.
    pub(crate) proxied: bool,
    /// With what the test's own connections identify themselves.
    pub(crate) login: Option<Credentials>,
}

/// A server's side of TLS.
#[derive(Debug, Clone)]
pub(crate) struct Tls {
    pub(crate) certificates: Certificates,
    pub(crate) identity: Identity,
}

impl Tls {
    /// With the good certificate.
    pub(crate) fn of_server(certificates: &Certificates) -> Self {
        Tls { certificates: certificates.clone(), identity: certificates.server() }
    }
}

/// Where a server listens. They stay the same when it is started again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    pub(crate) plain: u16,
    pub(crate) tls: Option<u16>,
    pub(crate) bus: Option<u16>,
}

impl Ports {
    /// The one for clients.
    pub(crate) fn of_clients(&self) -> u16 {
        self.tls.unwrap_or(self.plain)
    }
}

impl Settings {
    /// Ports that are free now, and may be taken a moment later by another test.
    pub(crate) fn free_ports(&self) -> anyhow::Result<Ports> {
        Ok(Ports {
            plain: ports::free()?,
            tls: self.tls.as_ref().map(|_| ports::free()).transpose()?,
            bus: self.bus.then(ports::free).transpose()?,
        })
    }

    /// The text of the configuration file. `announced` is the port of a proxy.
    pub(crate) fn file(&self, ports: &Ports, announced: Option<u16>, folder: &Path, socket: &Path) -> String {
        let mut lines = vec![
            format!("port {}", ports.plain),
            "bind 127.0.0.1".to_owned(),
            format!("dir {}", folder.display()),
            format!("unixsocket {}", socket.display()),
            "save \"\"".to_owned(),
            "appendonly no".to_owned(),
        ];
        if let (Some(tls), Some(port)) = (&self.tls, ports.tls) {
            lines.push(format!("tls-port {port}"));
            lines.push(format!("tls-ca-cert-file {}", tls.certificates.ca().display()));
            lines.push(format!("tls-cert-file {}", tls.identity.certificate.display()));
            lines.push(format!("tls-key-file {}", tls.identity.key.display()));
            lines.push("tls-auth-clients no".to_owned());
        }
        lines.extend(ports.bus.map(|port| format!("cluster-port {port}")));
        match announced {
            Some(port) if ports.bus.is_some() && ports.tls.is_some() => {
                lines.push(format!("cluster-announce-tls-port {port}"));
                lines.push(format!("cluster-announce-port {}", ports.plain));
            }
            Some(port) if ports.bus.is_some() => lines.push(format!("cluster-announce-port {port}")),
            Some(port) => lines.push(format!("replica-announce-port {port}")),
            None => {}
        }
        lines.extend(self.lines.iter().cloned());
        lines.join("\n") + "\n"
    }
}
