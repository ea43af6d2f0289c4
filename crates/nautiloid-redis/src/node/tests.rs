//! How often a server is dialled that takes no connections.

use std::cell::Cell;
use std::path::Path;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::task::{LocalSet, spawn_local, yield_now};
use tokio::time::sleep;

use super::*;
use crate::PoolConfig;
use crate::connection::{Peer, Role};

/// A node of many slots, on a server that greets this many clients, answers none of their commands, and hangs up on all
/// that come later, and the number of those.
async fn serve(greeted: usize) -> (Rc<Node>, Rc<Cell<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: Address = listener.local_addr().unwrap().to_string().parse().unwrap();
    let config = PoolConfig { address: Some(address.clone()), pool_size: 100, ..PoolConfig::default() };
    let spec = Arc::new(PoolSpec::new("p", config, Path::new("")).unwrap());
    let refused = Rc::new(Cell::new(0));
    let counter = Rc::clone(&refused);
    spawn_local(async move {
        let mut clients = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            if clients.len() < greeted {
                stream.write_all(b"-ERR unknown command 'HELLO'\r\n+PONG\r\n").await.unwrap();
                clients.push(stream);
            } else {
                counter.set(counter.get() + 1);
            }
        }
    });
    let target = Target::Peer(Peer::Server(address), Role::Any);
    (Node::new(&spec, target, spec.label(), 1), refused)
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(1)
}

#[tokio::test]
async fn a_server_that_takes_no_more_connections_is_dialled_once_at_a_time() {
    let busy = async {
        let (node, refused) = serve(1).await;
        node.open_ahead(1);
        while node.health() != Health::Up {
            yield_now().await;
        }
        for number in 0..BUSY + 300 {
            let node = Rc::clone(&node);
            spawn_local(async move { node.call(&Request::new("GET"), soon()).await });
            if number > BUSY {
                sleep(Duration::from_millis(1)).await;
            }
        }
        assert_eq!(node.health(), Health::Up);
        assert!((2..20).contains(&refused.get()), "{} dials in a moment", refused.get());
    };
    LocalSet::new().run_until(busy).await;
}

#[tokio::test]
async fn a_connection_for_one_caller_fails_at_once_while_the_server_is_known_to_be_down() {
    let down = async {
        let (node, refused) = serve(0).await;
        node.open_ahead(1);
        while node.health() != Health::Down {
            yield_now().await;
        }
        let before = refused.get();
        for _ in 0..100 {
            let outcome = node.exclusive(soon()).await;
            assert!(matches!(outcome, Err(RedisError::Unavailable { .. })));
        }
        assert!(refused.get() < before + 10, "{} dials", refused.get() - before);
    };
    LocalSet::new().run_until(down).await;
}
