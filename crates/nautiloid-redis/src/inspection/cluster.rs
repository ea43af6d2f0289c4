//! Looking at a cluster: what each node of the configuration says, and every node that they name.

use std::collections::BTreeMap;
use std::sync::Arc;

use nautiloid_resp::{Request, Value};

use super::facts::{ask, connect};
use super::{Expected, Inspection, look_at, look_at_each};
use crate::RedisError;
use crate::cluster::{Range, SLOTS, read_layout};
use crate::config::Address;
use crate::connection::Peer;
use crate::spec::PoolSpec;

pub(super) async fn inspect(spec: &Arc<PoolSpec>, found: &mut Inspection) {
    let mut view: Option<View> = None;
    for address in &spec.config().addresses {
        match view_of(address, spec).await {
            Ok(other) => view = view.filter(|known| known.covered() >= other.covered()).or(Some(other)),
            Err(reason) => found.problems.push(format!("{address} (in addresses): {reason}")),
        }
    }
    let Some(View { layout, nodes }) = view else { return };
    let covered = covered(&layout);
    if covered < usize::from(SLOTS) {
        found.problems.push(format!("only {covered} of {SLOTS} slots are served"));
    }
    let mut masters: BTreeMap<&Address, Vec<String>> = BTreeMap::new();
    let mut replicas: Vec<Address> = Vec::new();
    for range in &layout {
        let slots =
            if range.first == range.last { range.first.to_string() } else { format!("{}-{}", range.first, range.last) };
        masters.entry(&range.master).or_default().push(slots);
        replicas.extend(range.replicas.iter().cloned());
    }
    let addresses: Vec<Address> = masters.keys().map(|address| (*address).clone()).collect();
    let mut servers = look_at_each(&addresses, spec, Expected::ClusterMaster).await;
    for (server, slots) in servers.iter_mut().zip(masters.into_values()) {
        server.details.push(format!("slots {}", slots.join(",")));
    }
    found.servers.append(&mut servers);
    replicas.sort();
    replicas.dedup();
    found.servers.append(&mut look_at_each(&replicas, spec, Expected::ClusterReplica).await);
    for Named { address, by_name, expected } in nodes {
        let is_known = |address: &Address| addresses.contains(address) || replicas.contains(address);
        if !is_known(&address) && !by_name.is_some_and(|by_name| is_known(&by_name)) {
            found.servers.push(look_at(&Peer::Server(address), spec.servers(), spec, expected).await);
        }
    }
}

/// What a node says about the others.
struct View {
    layout: Vec<Range>,
    /// All nodes. The layout leaves those out that have no slots, and replicas that are dead or have no data yet.
    nodes: Vec<Named>,
}

/// A node that another one knows.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    address: Address,
    /// The same node under its host name, which the layout may have in place of the address.
    by_name: Option<Address>,
    expected: Expected,
}

impl View {
    fn covered(&self) -> usize {
        covered(&self.layout)
    }
}

fn covered(layout: &[Range]) -> usize {
    layout.iter().map(|range| usize::from(range.last - range.first) + 1).sum()
}

async fn view_of(address: &Address, spec: &Arc<PoolSpec>) -> Result<View, String> {
    let connection = connect(&Peer::Server(address.clone()), spec.servers(), spec).await?;
    let layout = match ask(&connection, &Request::new("CLUSTER SLOTS")).await {
        Ok(reply @ Value::Array(_)) => read_layout(&reply, address),
        Ok(_) => return Err("not a reply to CLUSTER SLOTS".to_owned()),
        Err(error) => return Err(error.to_string()),
    };
    let nodes = match ask(&connection, &Request::new("CLUSTER NODES")).await {
        Ok(Value::Bulk(text)) => String::from_utf8_lossy(&text).lines().filter_map(read_node).collect(),
        // A user that may not ask that may use the cluster all the same.
        Ok(_) | Err(RedisError::Server(_)) => Vec::new(),
        Err(error) => return Err(error.to_string()),
    };
    Ok(View { layout, nodes })
}

/// A line of `CLUSTER NODES`: `id 10.0.0.1:7000@17000,host slave,fail …`
fn read_node(line: &str) -> Option<Named> {
    let mut words = line.split(' ').skip(1);
    let (place, bus) = words.next()?.split_once('@')?;
    let address = Address::announced(place)?;
    let by_name = match (bus.split(',').nth(1), &address) {
        (Some(host), Address::Tcp { port, .. }) => Address::of_parts(host, *port),
        _ => None,
    };
    let mut flags = words.next()?.split(',');
    let expected = match flags.find(|flag| matches!(*flag, "master" | "slave" | "handshake"))? {
        "master" => Expected::ClusterMaster,
        "slave" => Expected::ClusterReplica,
        // Not part of the cluster yet.
        _ => return None,
    };
    Some(Named { address, by_name, expected })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_read() {
        let at = |host: &str| Address::Tcp { host: host.to_owned(), port: 7000 };
        for (flags, expected) in [
            ("slave,fail", Expected::ClusterReplica),
            ("master,fail?", Expected::ClusterMaster),
            ("myself,master", Expected::ClusterMaster),
        ] {
            for (host, by_name) in [("", None), (",", None), (",redis.example", Some(at("redis.example")))] {
                let line = format!("07c37df 10.0.0.1:7000@17000{host} {flags} e7d1eec 0 1426238317239 4 disconnected");
                assert_eq!(read_node(&line), Some(Named { address: at("10.0.0.1"), by_name, expected }), "{line}");
            }
        }
        for line in [
            "",
            "07c37df",
            "07c37df :0@0 master,noaddr - 0 0 0 disconnected",
            "07c37df 10.0.0.1:7000@17000 handshake - 0 0 0 connected",
        ] {
            assert_eq!(read_node(line), None, "{line}");
        }
    }
}
