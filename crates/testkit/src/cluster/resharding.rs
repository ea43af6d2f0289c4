//! Moving slots between masters while clients work.

use std::ops::RangeInclusive;

use nautiloid_resp::Value;

use super::Cluster;
use crate::{Connection, Credentials};

impl Cluster {
    /// Moves slots from one master to another, keys and all, while clients work: slot by slot, as `redis-cli` does.
    ///
    /// # Errors
    /// A node refuses.
    pub fn migrate_slots(&self, from: usize, to: usize, slots: RangeInclusive<u16>) -> anyhow::Result<()> {
        let mut source = self.nodes[from].server.connect()?;
        let mut target = self.nodes[to].server.connect()?;
        let others = self.masters()?.into_iter().filter(|index| *index != from && *index != to);
        let mut others = others.map(|index| self.nodes[index].server.connect()).collect::<anyhow::Result<Vec<_>>>()?;
        for slot in slots {
            let slot = slot.to_string();
            let set = |connection: &mut Connection, state: &str, node: usize| {
                connection.succeed(&["CLUSTER", "SETSLOT", &slot, state, &self.nodes[node].id])
            };
            set(&mut target, "IMPORTING", from)?;
            set(&mut source, "MIGRATING", to)?;
            self.migrate_keys(&mut source, to, &slot)?;
            // The target first: it must know itself the owner before the source sends clients to it.
            set(&mut target, "NODE", to)?;
            set(&mut source, "NODE", to)?;
            for other in &mut others {
                set(other, "NODE", to)?;
            }
        }
        Ok(())
    }

    /// Moves all keys of a slot that is being migrated.
    fn migrate_keys(&self, source: &mut Connection, to: usize, slot: &str) -> anyhow::Result<()> {
        let port = self.nodes[to].server.direct_port().to_string();
        let mut migrate = vec!["MIGRATE", "127.0.0.1", &port, "", "0", "5000"];
        match &self.options.login {
            Some(Credentials { user: Some(user), password }) => migrate.extend(["AUTH2", user, password]),
            Some(Credentials { user: None, password }) => migrate.extend(["AUTH", password]),
            None => {}
        }
        migrate.push("KEYS");
        let migrate: Vec<&[u8]> = migrate.iter().map(|argument| argument.as_bytes()).collect();
        while let Value::Array(keys) = source.succeed(&["CLUSTER", "GETKEYSINSLOT", slot, "100"])? {
            if keys.is_empty() {
                break;
            }
            let keys = keys.iter().filter_map(|key| if let Value::Bulk(key) = key { Some(key.as_ref()) } else { None });
            source.succeed(&migrate.iter().copied().chain(keys).collect::<Vec<_>>())?;
        }
        Ok(())
    }
}
