//! Who a client is to a server.

/// A password, and the ACL user it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The ACL user; `None` is the default user.
    pub user: Option<String>,
    /// The password, in clear.
    pub password: String,
}

impl Credentials {
    /// The default user with a password (`requirepass`).
    pub fn password(password: &str) -> Self {
        Credentials { user: None, password: password.to_owned() }
    }

    /// An ACL user. A server that is started with these has no default user.
    pub fn user(user: &str, password: &str) -> Self {
        Credentials { user: Some(user.to_owned()), password: password.to_owned() }
    }

    /// Lines of a server's configuration file that let nobody else in.
    pub(crate) fn required(&self) -> Vec<String> {
        match &self.user {
            None => vec![format!("requirepass {}", self.password)],
            Some(user) => {
                vec![format!("user {user} on >{} ~* &* +@all", self.password), "user default off".to_owned()]
            }
        }
    }

    /// Lines that let a server in at its master, or nodes of a Cluster at each other.
    pub(crate) fn of_replication(&self) -> Vec<String> {
        let user = self.user.iter().map(|user| format!("masteruser {user}"));
        user.chain([format!("masterauth {}", self.password)]).collect()
    }

    /// `AUTH …`
    pub(crate) fn auth(&self) -> Vec<&str> {
        [Some("AUTH"), self.user.as_deref(), Some(self.password.as_str())].into_iter().flatten().collect()
    }
}
