//! How long a call takes, on a node of our own and a clock that stands still until all wait.

use std::path::Path;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use nautiloid_resp::RequestDecoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::sleep;

use super::*;
use crate::PoolConfig;
use crate::config::Mode;

/// A node that has all slots, and says after a while of each key that it has moved to the node itself.
async fn serve(mut stream: TcpStream, slowness: Duration) {
    let port = stream.local_addr().unwrap().port();
    let (mut decoder, mut buffer) = (RequestDecoder::new(), BytesMut::new());
    loop {
        while let Some(request) = decoder.decode(&mut buffer).unwrap() {
            let reply = match request.first().map(Bytes::as_ref) {
                Some(b"PING") => "+PONG\r\n".to_owned(),
                Some(b"CLUSTER") => format!("*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:{port}\r\n"),
                _ => {
                    sleep(slowness).await;
                    format!("-MOVED {} 127.0.0.1:{port}\r\n", slot::of(b"k"))
                }
            };
            stream.write_all(reply.as_bytes()).await.unwrap();
        }
        if stream.read_buf(&mut buffer).await.unwrap() == 0 {
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_command_is_not_sent_on_after_its_deadline() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string().parse().unwrap();
    let config = PoolConfig { mode: Mode::Cluster, addresses: vec![address], ..PoolConfig::default() };
    let (connect, read) = (config.connect_timeout, config.read_timeout);
    let slowness = connect.max(read / 2) + Duration::from_millis(100);
    let call = async {
        spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                spawn_local(serve(stream, slowness));
            }
        });
        let cluster = Cluster::new(&Arc::new(PoolSpec::new("p", config, Path::new("")).unwrap()), 1);
        let mut request = Request::new("INCR");
        request.key(b"k");
        let start = Instant::now();
        let outcome = cluster.call(&request, Access::Write, Spread::OneSlot, start + connect).await;
        assert!(matches!(&outcome, Err(RedisError::Server(text)) if text.starts_with(b"MOVED ")), "{outcome:?}");
        assert!(start.elapsed() < connect + read, "{:?}", start.elapsed());
    };
    LocalSet::new().run_until(call).await;
}
