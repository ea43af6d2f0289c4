//! Real Redis servers for the tests: started on free ports of the loopback, killed when the test ends.
//!
//! Blocking and without a runtime, so that every kind of test can use it. A missing `redis-server` is an error that
//! fails the test: nothing here ever skips one.
#![deny(missing_docs)]

mod certificates;
mod cluster;
mod connection;
mod credentials;
mod fault_proxy;
mod patience;
mod ports;
mod process;
mod redis_server;
mod sentinel;
mod settings;

pub use certificates::{Certificates, Identity};
pub use cluster::{Cluster, ClusterOptions, slot};
pub use connection::Connection;
pub use credentials::Credentials;
pub use fault_proxy::{At, Fault, FaultProxy, Way};
pub use redis_server::RedisServer;
pub use sentinel::{SentinelOptions, Sentinels};
