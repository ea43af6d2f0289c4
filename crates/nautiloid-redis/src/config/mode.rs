//! How the servers of a pool are found.

use std::fmt;

use serde::Deserialize;

/// How the servers of a pool are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The store inside this process; nothing in it is durable.
    Embedded,
    /// One server at `address`.
    #[default]
    Standalone,
    /// The master that the Sentinels at `addresses` name.
    Sentinel,
    /// The replicas of that master, for reads.
    SentinelReplica,
    /// A Redis Cluster.
    Cluster,
}

impl Mode {
    /// Every mode with its name in configuration files and in `register_redis_pool`.
    pub const ALL: [(Mode, &'static str); 5] = [
        (Mode::Embedded, "embedded"),
        (Mode::Standalone, "standalone"),
        (Mode::Sentinel, "sentinel"),
        (Mode::SentinelReplica, "sentinel_replica"),
        (Mode::Cluster, "cluster"),
    ];

    /// The mode of that name.
    pub fn from_name(name: &str) -> Option<Mode> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(mode, _)| *mode)
    }

    /// The names there are.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(_, name)| *name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(mode, _)| *mode == self).map_or("", |(_, name)| name)
    }

    /// Whether Sentinels are asked for the servers.
    pub(crate) fn has_sentinels(self) -> bool {
        matches!(self, Mode::Sentinel | Mode::SentinelReplica)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_has_a_name_that_serde_agrees_with() {
        for (mode, name) in Mode::ALL {
            let read: Mode =
                Mode::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name)).unwrap();
            assert_eq!((read, Mode::from_name(name), mode.name()), (mode, Some(mode), name));
        }
    }
}
