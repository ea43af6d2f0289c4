//! The life of the server: what is started in which order, and how it stops.

use std::rc::Rc;
use std::sync::Arc;

use nautiloid_lua::Host;
use nautiloid_redis::{Client, Mode};
use nautiloid_store::Store;
use tokio::net::TcpListener;

use crate::ServeError;
use crate::config::Config;
use crate::listener::{self, Reserved};
use crate::runtime::runtime;
use crate::site::Site;
use crate::stop::StopSignals;
use crate::worker::Worker;

/// Serves until SIGTERM or SIGINT, and returns when the requests in flight are answered or `shutdown_timeout` is over.
///
/// Worker threads whose scripts do not end by then are left behind: the caller ends the process.
///
/// # Errors
/// The server could not start, a worker died, or a second signal came before the first was obeyed.
pub fn serve(config: &Config) -> Result<(), ServeError> {
    let runtime = runtime().map_err(|error| ServeError::Worker(error.to_string()))?;
    runtime.block_on(async {
        let store = Store::new();
        let site = Arc::new(Site::new(config, store.clone())?);
        // Tasks of this runtime end with it.
        tokio::task::spawn_local(async move { store.sweep_forever().await });

        let (listener, workers) = start(config, &site).await?;
        let mut signals = StopSignals::new().map_err(|error| ServeError::Worker(error.to_string()))?;
        announce(config, &site, &listener, workers.len());
        let signal = tokio::select! {
            error = listener::accept(&listener, &workers) => return Err(error),
            signal = signals.next() => signal,
        };
        drop(listener);
        tracing::info!(signal, "stopping: finishing the requests in flight");
        stop(config, workers, signals).await
    })
}

/// Does all that can fail before the first client can connect: nobody ever sees a server that is half started.
async fn start(config: &Config, site: &Arc<Site>) -> Result<(TcpListener, Vec<Worker>), ServeError> {
    let reserved = Reserved::new(config.server.listen)?;
    prepare(site).await?;
    let mut workers = Vec::new();
    for index in 0..config.server.worker_count() {
        workers.push(Worker::start(index, Arc::clone(site)).await?);
    }
    Ok((reserved.listen()?, workers))
}

/// Compiles every script, so that a mistake shows now and not at the first request, and does what is done once.
async fn prepare(site: &Site) -> Result<(), ServeError> {
    let client = Client::new(Arc::clone(&site.registry));
    let host = Host::new(&site.settings, Rc::clone(&client)).map_err(|error| ServeError::Worker(error.to_string()))?;
    for script in site.init.scripts.iter().chain(&site.scripts) {
        host.compile(script).map_err(ServeError::Compile)?;
    }
    Ok(site.init.run(&host, &client).await?)
}

fn announce(config: &Config, site: &Site, listener: &TcpListener, workers: usize) {
    let address = listener.local_addr().map_or_else(|_| config.server.listen.to_string(), |real| real.to_string());
    let durability = (config.redis.mode == Mode::Embedded)
        .then_some("none: the embedded store lives in memory, and all in it is lost when this process ends");
    tracing::info!(
        address,
        workers,
        hooks = site.hooks.len(),
        redis = site.registry.default_description(),
        durability,
        "serving HTTP"
    );
}

async fn stop(config: &Config, workers: Vec<Worker>, mut signals: StopSignals) -> Result<(), ServeError> {
    // All are told before the first is waited for.
    let stopping: Vec<_> = workers.into_iter().map(Worker::stop).collect();
    let all = async {
        for stopped in stopping {
            // The sender is never used: its end, by whatever cause, is the thread's end.
            let _ = stopped.await;
        }
    };
    tokio::select! {
        () = all => tracing::info!("stopped"),
        () = tokio::time::sleep(config.server.shutdown_timeout) => tracing::warn!(
            "stopped: the requests still in flight after {:?} were cut off", config.server.shutdown_timeout
        ),
        _ = signals.next() => return Err(ServeError::Interrupted),
    }
    Ok(())
}
