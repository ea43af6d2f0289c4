//! Looking at what Sentinel watches over: each Sentinel of the configuration, and the servers that they name.

use std::sync::Arc;

use nautiloid_resp::{Request, Value};

use super::facts::{ask, connect};
use super::{Expected, Inspection, look_at, look_at_each};
use crate::RedisError;
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
                Ok(View { master: Some(master), .. }) => {
                    server.details.push(format!("says that the master is {master}"));
                    masters.push(master);
                    match replicas_of(address, spec, master_name).await {
                        Ok(mut named) => replicas.append(&mut named),
                        Err(reason) => server.problems.push(reason),
                    }
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

/// All replicas that the Sentinel at `address` knows of: also those that the pool would not use, which are what is to be
/// found out here.
async fn replicas_of(address: &Address, spec: &Arc<PoolSpec>, master_name: &str) -> Result<Vec<Address>, String> {
    let connection = connect(&Peer::Server(address.clone()), spec.sentinels(), spec).await?;
    let mut request = Request::new("SENTINEL REPLICAS");
    request.arg(master_name.as_bytes());
    match ask(&connection, &request).await {
        Ok(Value::Array(replicas)) => Ok(replicas.iter().filter_map(address_of).collect()),
        // A user that may not ask that may use the pool all the same.
        Ok(_) | Err(RedisError::Server(_)) => Ok(Vec::new()),
        Err(error) => Err(error.to_string()),
    }
}

/// Where a replica is: `["name", …, "ip", "127.0.0.1", "port", "6379", …]`
fn address_of(replica: &Value) -> Option<Address> {
    let Value::Array(pairs) = replica else { return None };
    let field = |name: &str| {
        pairs.chunks_exact(2).find_map(|pair| match pair {
            [Value::Bulk(key), Value::Bulk(value)] if key == name => std::str::from_utf8(value).ok(),
            _ => None,
        })
    };
    Address::of_parts(field("ip")?, field("port")?.parse().ok()?)
}
