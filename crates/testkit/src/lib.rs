//! Real Redis servers for the tests: started on free ports of the loopback, killed when the test ends.
//!
//! Blocking and without a runtime, so that every kind of test can use it. A missing `redis-server` is an error that
//! fails the test: nothing here ever skips one.
#![deny(missing_docs)]

mod connection;
mod redis_server;

pub use connection::Connection;
pub use redis_server::RedisServer;
