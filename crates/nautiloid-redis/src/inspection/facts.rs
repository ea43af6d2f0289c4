//! What a server says about itself: the reply to `INFO`, and how long it takes to answer.

use std::time::Duration;

use nautiloid_resp::{Request, Value};
use tokio::time::Instant;

use crate::RedisError;
use crate::connection::{Connection, Limits, Peer, Role, Setup, dial};
use crate::spec::PoolSpec;

/// How often the time of an answer is taken.
const SAMPLES: usize = 5;

/// A server's place in replication.
pub(super) enum Position {
    Master { replicas: u32 },
    Replica { master: String, linked: bool },
}

/// What is known of a server.
pub(super) struct Facts {
    /// `redis 7.0.15`
    pub(super) version: Option<String>,
    pub(super) latency: Option<Duration>,
    pub(super) position: Option<Position>,
    /// Whether it is a node of a cluster.
    pub(super) cluster: bool,
    /// Whether it could not save its data last time.
    pub(super) saving_failed: bool,
}

impl Facts {
    /// Connects to a server and asks it. The reason of a failure is for people.
    pub(super) async fn ask(peer: &Peer, setup: &Setup, spec: &PoolSpec) -> Result<Facts, String> {
        let connection = connect(peer, setup, spec).await?;
        let mut times = Vec::with_capacity(SAMPLES);
        for _ in 0..SAMPLES {
            let start = Instant::now();
            // An error is an answer, too: a user that may not PING has connected.
            match ask(&connection, &Request::new("PING")).await {
                Ok(_) | Err(RedisError::Server(_)) => times.push(start.elapsed()),
                Err(error) => return Err(error.to_string()),
            }
        }
        times.sort_unstable();
        let info = match ask(&connection, &Request::new("INFO")).await {
            Ok(Value::Bulk(text)) => String::from_utf8_lossy(&text).into_owned(),
            // One that may not be asked keeps its facts to itself.
            Ok(_) | Err(RedisError::Server(_)) => String::new(),
            Err(error) => return Err(error.to_string()),
        };
        Ok(Facts { latency: times.get(SAMPLES / 2).copied(), ..Facts::read(&info) })
    }

    fn read(info: &str) -> Facts {
        let field = |name: &str| {
            info.lines().find_map(|line| Some(line.split_once(':').filter(|(key, _)| *key == name)?.1.trim()))
        };
        let number = |name| field(name).and_then(|text| text.parse().ok()).unwrap_or(0);
        let position = match field("role") {
            Some("master") => Some(Position::Master { replicas: number("connected_slaves") }),
            Some("slave") => Some(Position::Replica {
                master: format!(
                    "{}:{}",
                    field("master_host").unwrap_or_default(),
                    field("master_port").unwrap_or_default()
                ),
                linked: field("master_link_status") == Some("up"),
            }),
            _ => None,
        };
        let version = match (field("server_name"), field("valkey_version"), field("redis_version")) {
            (Some(name), Some(version), _) => Some(format!("{name} {version}")),
            (_, _, Some(version)) => Some(format!("redis {version}")),
            _ => None,
        };
        Facts {
            version,
            latency: None,
            position,
            cluster: field("cluster_enabled") == Some("1"),
            saving_failed: field("rdb_last_bgsave_status") == Some("err"),
        }
    }
}

/// A connection to a server, with the pool's timeouts.
pub(super) async fn connect(peer: &Peer, setup: &Setup, spec: &PoolSpec) -> Result<Connection, String> {
    let stream = dial(peer, setup, Role::Any).await?;
    let limits = Limits::new(spec.label(), spec.config());
    Ok(Connection::spawn(stream, limits))
}

pub(super) async fn ask(connection: &Connection, request: &Request) -> Result<Value, RedisError> {
    connection.send(request)?.await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn info_is_read() {
        let info = "# Server\r\nredis_version:7.0.15\r\n# Replication\r\nrole:slave\r\nmaster_host:127.0.0.1\r\n\
                    master_port:6379\r\nmaster_link_status:down\r\n# Cluster\r\ncluster_enabled:0\r\n";
        let facts = Facts::read(info);
        assert_eq!(facts.version.as_deref(), Some("redis 7.0.15"));
        assert!(!facts.cluster && !facts.saving_failed);
        let Some(Position::Replica { master, linked }) = facts.position else { panic!("it is a replica") };
        assert_eq!((master.as_str(), linked), ("127.0.0.1:6379", false));

        let facts = Facts::read(
            "redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.0.1\r\nrole:master\r\n\
                                 connected_slaves:2\r\ncluster_enabled:1\r\nrdb_last_bgsave_status:err\r\n",
        );
        assert_eq!(facts.version.as_deref(), Some("valkey 8.0.1"));
        assert!(matches!(facts.position, Some(Position::Master { replicas: 2 })));
        assert!(facts.cluster && facts.saving_failed);
        assert!(Facts::read("").position.is_none());
    }
}
