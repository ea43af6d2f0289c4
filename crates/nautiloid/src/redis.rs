//! `nautiloid redis`: the embedded store by itself, over TCP.

use std::io::Write;
use std::net::SocketAddr;

use anyhow::Context;
use clap::Args;
use nautiloid_server::StopSignals;
use nautiloid_store::Store;
use tokio::net::TcpListener;

/// Serve an embedded store over TCP, for redis-cli and tests
///
/// The store lives in memory and nothing in it is durable: it ends with the process. It asks for no password, so
/// listen only where everybody may read and write it.
#[derive(Debug, Args)]
pub(crate) struct Redis {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:6380")]
    listen: SocketAddr,
}

impl Redis {
    pub(crate) fn execute(self) -> anyhow::Result<()> {
        let runtime = nautiloid_server::runtime()?;
        runtime.block_on(async {
            let listener =
                TcpListener::bind(self.listen).await.with_context(|| format!("cannot listen on {}", self.listen))?;
            let mut signals = StopSignals::new()?;
            let address = listener.local_addr()?;
            writeln!(
                std::io::stdout(),
                "the embedded store listens on {address}; it lives in memory: nothing in it is durable"
            )?;
            let store = Store::new();
            let stopped = async {
                signals.next().await;
            };
            tokio::select! {
                outcome = store.listen(listener, stopped) => Ok(outcome?),
                () = store.sweep_forever() => Ok(()),
            }
        })
    }
}
