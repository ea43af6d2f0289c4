//! Ports for servers that must keep them across a restart.
//!
//! They lie below the range from which the system takes the near ends of connections: a port from that range can be
//! taken by any client while its server is down, and a client that dials it can even end up connected to itself.

use std::net::TcpListener;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::bail;

const FIRST: u32 = 12_000;
const COUNT: u32 = 20_000;
/// Spreads test processes with neighbouring ids over the range. A prime, so that all ports are reached.
const STRIDE: u32 = 7_919;

/// A port of the loopback that nobody listens on now, and that no other caller in this process is given soon.
pub(crate) fn free() -> anyhow::Result<u16> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    for _ in 0..COUNT {
        let step = process::id().wrapping_mul(STRIDE).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = u16::try_from(FIRST + step % COUNT)?;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port is free")
}
