//! Looking at a cluster: what each node of the configuration says, and every node that they name.

use std::collections::BTreeMap;
use std::sync::Arc;

use nautiloid_resp::{Request, Value};

use super::facts::{ask, connect};
use super::{Expected, Inspection, look_at_each};
use crate::cluster::{Range, SLOTS, read_layout};
use crate::config::Address;
use crate::connection::Peer;
use crate::spec::PoolSpec;

pub(super) async fn inspect(spec: &Arc<PoolSpec>, found: &mut Inspection) {
    let mut layout: Option<Vec<Range>> = None;
    for address in &spec.config().addresses {
        match slots_of(address, spec).await {
            Ok(ranges) => layout = layout.filter(|known| covered(known) >= covered(&ranges)).or(Some(ranges)),
            Err(reason) => found.problems.push(format!("{address} (in addresses): {reason}")),
        }
    }
    let Some(layout) = layout else { return };
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
    let mut servers = look_at_each(&addresses, spec, Expected::ClusterNode).await;
    for (server, slots) in servers.iter_mut().zip(masters.into_values()) {
        server.details.push(format!("slots {}", slots.join(",")));
    }
    found.servers.append(&mut servers);
    replicas.sort();
    replicas.dedup();
    found.servers.append(&mut look_at_each(&replicas, spec, Expected::ClusterNode).await);
}

fn covered(layout: &[Range]) -> usize {
    layout.iter().map(|range| usize::from(range.last - range.first) + 1).sum()
}

async fn slots_of(address: &Address, spec: &Arc<PoolSpec>) -> Result<Vec<Range>, String> {
    let connection = connect(&Peer::Server(address.clone()), spec.servers(), spec).await?;
    match ask(&connection, &Request::new("CLUSTER SLOTS")).await {
        Ok(reply @ Value::Array(_)) => Ok(read_layout(&reply, address)),
        Ok(_) => Err("not a reply to CLUSTER SLOTS".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
