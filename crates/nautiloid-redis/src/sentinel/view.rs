//! One Sentinel's view of a master, read from its replies.
//!
//! Source: the documentation of Redis, "High availability with Redis Sentinel", and the replies of Redis 7.0.

use nautiloid_resp::Value;

use crate::config::Address;

const MASTER_ADDRESS: &str = "SENTINEL GET-MASTER-ADDR-BY-NAME";
const MASTER: &str = "SENTINEL MASTER";
const SENTINELS: &str = "SENTINEL SENTINELS";
const REPLICAS: &str = "SENTINEL REPLICAS";

/// The commands that a view is made from; each takes the master's name.
pub(super) const QUESTIONS: [&str; 4] = [MASTER_ADDRESS, MASTER, SENTINELS, REPLICAS];

/// What a Sentinel thinks. Whatever its ACL keeps from us besides the master's address is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct View {
    /// `None` when it watches no master of that name.
    pub(crate) master: Option<Address>,
    /// Grows with each failover. 0 when it is not known.
    pub(crate) epoch: u64,
    /// The other Sentinels; `None` when they are not known.
    pub(crate) sentinels: Option<Vec<Address>>,
    /// The replicas that can be read from.
    pub(crate) replicas: Vec<Address>,
}

impl View {
    /// Adds the reply to one of the [`QUESTIONS`].
    ///
    /// # Errors
    /// It does not tell the master's address.
    pub(super) fn add(&mut self, question: &str, reply: &Value) -> Result<(), String> {
        match (question, reply) {
            // Not the address of `SENTINEL MASTER`: during a failover that is the old one.
            (MASTER_ADDRESS, Value::Nil) => self.master = None,
            (MASTER_ADDRESS, Value::Error(text)) => return Err(String::from_utf8_lossy(text).into_owned()),
            (MASTER_ADDRESS, reply) => {
                self.master = Some(pair(reply).ok_or("the Sentinel does not tell the master's address")?);
            }
            (MASTER, Value::Array(fields)) => {
                self.epoch = field(fields, "config-epoch").and_then(|epoch| epoch.parse().ok()).unwrap_or(0);
            }
            (SENTINELS, Value::Array(others)) => self.sentinels = Some(addresses(others, |_| true)),
            (REPLICAS, Value::Array(replicas)) => self.replicas = addresses(replicas, is_healthy),
            // Forbidden, or no such master.
            _ => {}
        }
        Ok(())
    }
}

/// `["127.0.0.1", "6379"]`
fn pair(reply: &Value) -> Option<Address> {
    let Value::Array(parts) = reply else { return None };
    let [host, port] = parts.as_slice() else { return None };
    Address::of_parts(text(host)?, text(port)?.parse().ok()?)
}

/// The addresses of the servers that are fit.
fn addresses(servers: &[Value], fit: impl Fn(&[Value]) -> bool) -> Vec<Address> {
    let fields = servers.iter().filter_map(|server| match server {
        Value::Array(fields) => Some(fields.as_slice()),
        _ => None,
    });
    let address = |fields: &[Value]| Address::of_parts(field(fields, "ip")?, field(fields, "port")?.parse().ok()?);
    fields.filter(|fields| fit(fields)).filter_map(address).collect()
}

/// Whether a replica can be reached and follows its master.
fn is_healthy(replica: &[Value]) -> bool {
    let unfit = |flag: &str| matches!(flag, "s_down" | "o_down" | "disconnected");
    field(replica, "flags").is_some_and(|flags| !flags.split(',').any(unfit))
        && field(replica, "master-link-status") == Some("ok")
}

/// A value of `[name, value, name, value, …]`.
fn field<'a>(fields: &'a [Value], name: &str) -> Option<&'a str> {
    fields.chunks_exact(2).find(|pair| pair.first().and_then(text) == Some(name)).and_then(|pair| text(pair.get(1)?))
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Bulk(bytes) | Value::Status(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &str) -> Value {
        Value::Array(words.split(' ').map(|word| Value::bulk(word.to_owned())).collect())
    }

    fn at(port: u16) -> Address {
        Address::Tcp { host: "127.0.0.1".into(), port }
    }

    #[test]
    fn replies_become_a_view() {
        let mut view = View::default();
        view.add(MASTER_ADDRESS, &strings("127.0.0.1 6380")).unwrap();
        view.add(MASTER, &strings("name m ip 127.0.0.1 port 6379 flags master config-epoch 7")).unwrap();
        view.add(SENTINELS, &Value::Array(vec![strings("name x ip 127.0.0.1 port 26380 flags sentinel,s_down")]))
            .unwrap();
        let replica = |port, flags, link| {
            strings(&format!("ip 127.0.0.1 port {port} flags {flags} master-link-status {link} master-port 6379"))
        };
        let replicas = vec![
            replica(1, "slave", "ok"),
            replica(2, "s_down,slave", "ok"),
            replica(3, "slave,disconnected", "ok"),
            replica(4, "slave", "err"),
            replica(5, "slave,o_down", "ok"),
            strings("ip 127.0.0.1 port 6"),
            Value::Nil,
        ];
        view.add(REPLICAS, &Value::Array(replicas)).unwrap();
        let expected =
            View { master: Some(at(6380)), epoch: 7, sentinels: Some(vec![at(26380)]), replicas: vec![at(1)] };
        assert_eq!(view, expected);
    }

    #[test]
    fn a_sentinel_may_know_or_tell_nothing() {
        let mut view = View::default();
        view.add(MASTER_ADDRESS, &Value::Nil).unwrap();
        for question in [MASTER, SENTINELS, REPLICAS] {
            view.add(question, &Value::error("ERR No such master with that name")).unwrap();
        }
        assert_eq!(view, View::default());
        let forbidden = Value::error("NOPERM this user has no permissions");
        assert_eq!(view.add(MASTER_ADDRESS, &forbidden), Err("NOPERM this user has no permissions".to_owned()));
        for nonsense in [Value::Integer(1), strings("a b"), strings("127.0.0.1 0"), Value::Array(Vec::new())] {
            assert!(view.add(MASTER_ADDRESS, &nonsense).is_err(), "{nonsense:?}");
        }
    }
}
