//! How often a command is sent, on a node of our own.

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
async fn serve(mut stream: TcpStream, slowness: Duration, refused: Rc<Cell<usize>>) {
    let port = stream.local_addr().unwrap().port();
    let (mut decoder, mut buffer) = (RequestDecoder::new(), BytesMut::new());
    loop {
        while let Some(request) = decoder.decode(&mut buffer).unwrap() {
            let reply = match request.first().map(Bytes::as_ref) {
                Some(b"HELLO") => "-ERR unknown command 'HELLO'\r\n".to_owned(),
                Some(b"PING") => "+PONG\r\n".to_owned(),
                Some(b"CLUSTER") => format!("*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:{port}\r\n"),
                _ => {
                    refused.set(refused.get() + 1);
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

#[tokio::test]
async fn a_command_is_not_sent_on_after_its_deadline() {
    const CONNECT: Duration = Duration::from_secs(1);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addresses = vec![listener.local_addr().unwrap().to_string().parse().unwrap()];
    let config = PoolConfig { mode: Mode::Cluster, addresses, connect_timeout: CONNECT, ..PoolConfig::default() };
    let sent = Rc::new(Cell::new(0));
    let call = async {
        let refused = Rc::clone(&sent);
        spawn_local(async move {
            while let Ok((stream, _)) = listener.accept().await {
                spawn_local(serve(stream, CONNECT, Rc::clone(&refused)));
            }
        });
        let cluster = Cluster::new(&Arc::new(PoolSpec::new("p", config, Path::new("")).unwrap()), 1);
        let mut request = Request::new("INCR");
        request.key(b"k");
        let until = Instant::now() + CONNECT;
        let outcome = cluster.call(&request, Access::Write, Spread::OneSlot, until).await;
        assert!(matches!(&outcome, Err(RedisError::Server(text)) if text.starts_with(b"MOVED ")), "{outcome:?}");
        assert_eq!(sent.get(), 1);
    };
    LocalSet::new().run_until(call).await;
}
