//! One client: HTTP/1.1 over its socket, from the first request to the last.

use std::net::{SocketAddr, TcpStream};
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use nautiloid_lua::ClientAddress;

use crate::service;
use crate::workbench::Workbench;

/// Longest wait for a request's line and headers, and so the longest that a connection may be idle.
const HEADER_TIMEOUT: Duration = Duration::from_secs(60);

/// Most bytes of a request's line and headers together; more is answered with 431.
const MAX_HEADER_SIZE: usize = 64 * 1024;

/// Serves a connection until the client leaves, or until `stopped`: then the request in flight is the last.
pub(crate) async fn serve(
    bench: Rc<Workbench>,
    stream: TcpStream,
    peer: SocketAddr,
    stopped: impl Future<Output = ()>,
) {
    let stream = match tokio::net::TcpStream::from_std(stream) {
        Ok(stream) => stream,
        Err(error) => return tracing::error!(%error, "cannot serve a connection"),
    };
    let client = Rc::new(ClientAddress::from(peer));
    let service = service_fn(|request| service::answer(Rc::clone(&bench), Rc::clone(&client), request));
    // Pipelined requests are answered one by one: with hyper's `pipeline_flush`, the refusal of a malformed request is
    // never sent, nor is an answer while a part of the next request is already there.
    let mut connection = pin!(
        Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .max_header_size(MAX_HEADER_SIZE)
            .serve_connection(TokioIo::new(stream), service)
    );
    let outcome = tokio::select! {
        biased;
        outcome = connection.as_mut() => outcome,
        () = stopped => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        // Clients that break the protocol or the connection: nothing that an operator has to act upon.
        tracing::debug!(%peer, %error, "connection ended early");
    }
}
