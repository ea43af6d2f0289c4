//! The limit: what the benchmark's hooks cost when they are written by hand in Rust.
//!
//! The same HTTP crate, runtime and sockets as nautiloid's, one multiplexed Redis connection a worker, every command and
//! every answer known beforehand, no Lua and nothing that a server needs besides. What nautiloid costs more is what its
//! scripts, limits and errors cost.
//!
//! `bench-limit HTTP_PORT REDIS_PORT WORKERS`, all on the loopback interface. It runs until it is killed.

mod hooks;
mod redis;

use std::convert::Infallible;
use std::net::{Ipv4Addr, TcpStream};
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::runtime::LocalOptions;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use hooks::Hooks;
use redis::Redis;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |name: &str| -> Result<u16> {
        arguments.next().with_context(|| format!("{name} is missing"))?.parse().with_context(|| name.to_owned())
    };
    let (http_port, redis_port, workers) = (number("HTTP_PORT")?, number("REDIS_PORT")?, number("WORKERS")?);
    let workers: Vec<_> = (0..workers).map(|_| start_worker(redis_port)).collect();
    runtime()?.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, http_port)).await?;
        for worker in workers.iter().cycle() {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            worker.send(stream.into_std()?).context("a worker has ended")?;
        }
        Ok(())
    })
}

/// As nautiloid's.
fn runtime() -> Result<tokio::runtime::LocalRuntime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    Ok(builder.enable_all().event_interval(16).build_local(LocalOptions::default())?)
}

fn start_worker(redis_port: u16) -> UnboundedSender<TcpStream> {
    let (sender, receiver) = unbounded_channel();
    thread::spawn(move || {
        if let Err(error) = work(redis_port, receiver) {
            eprintln!("bench-limit: {error:#}");
        }
    });
    sender
}

fn work(redis_port: u16, mut connections: UnboundedReceiver<TcpStream>) -> Result<()> {
    runtime()?.block_on(async {
        let hooks = Rc::new(Hooks::new(Redis::connect(redis_port).await?).await?);
        while let Some(stream) = connections.recv().await {
            let stream = tokio::net::TcpStream::from_std(stream)?;
            let hooks = Rc::clone(&hooks);
            tokio::task::spawn_local(async move {
                let service = service_fn(|request| {
                    let hooks = Rc::clone(&hooks);
                    async move { Ok::<_, Infallible>(hooks.answer(&request).await) }
                });
                let mut http = Builder::new();
                http.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(60));
                // A client that breaks its connection is no concern of a benchmark.
                let _ = http.serve_connection(TokioIo::new(stream), service).await;
            });
        }
        Ok(())
    })
}
