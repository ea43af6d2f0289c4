//! Looking at what Sentinel watches over: each Sentinel of the configuration, and the servers that they name.

use std::sync::Arc;

use super::{Expected, Inspection, look_at, look_at_each};
use crate::config::Address;
use crate::connection::Peer;
use crate::sentinel::{self, View};
use crate::spec::PoolSpec;

pub(super) async fn inspect(spec: &Arc<PoolSpec>, found: &mut Inspection) {
    let setup = spec.sentinels();
    let master_name = spec.config().master_name.as_deref().unwrap_or_default();
    let (mut masters, mut replicas): (Vec<Address>, Vec<Address>) = Default::default();
    for address in &spec.config().addresses {
        let mut server = look_at(&Peer::Server(address.clone()), setup, spec, Expected::Sentinel).await;
        if server.problems.is_empty() {
            match sentinel::ask(address, setup, master_name).await {
                Ok(View { master: Some(master), replicas: named, .. }) => {
                    server.details.push(format!("says that the master is {master}"));
                    masters.push(master);
                    replicas.extend(named);
                }
                Ok(View { master: None, .. }) => {
                    server.problems.push(format!("it knows no master \"{master_name}\": check master_name"));
                }
                Err(reason) => server.problems.push(reason),
            }
        }
        found.servers.push(server);
    }
    for addresses in [&mut masters, &mut replicas] {
        addresses.sort();
        addresses.dedup();
    }
    if masters.len() > 1 {
        found.problems.push("the Sentinels name different masters".to_owned());
    }
    if masters.is_empty() {
        found.problems.push("no Sentinel names a master".to_owned());
    }
    replicas.retain(|replica| !masters.contains(replica));
    found.servers.append(&mut look_at_each(&masters, spec, Expected::Master).await);
    found.servers.append(&mut look_at_each(&replicas, spec, Expected::Replica).await);
}
