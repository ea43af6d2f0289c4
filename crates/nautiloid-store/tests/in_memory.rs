//! In-memory connections: one store, several threads, each with a runtime of its own, as the workers have.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

use bytes::BytesMut;
use nautiloid_resp::{ReplyDecoder, Request, Value};
use nautiloid_store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::task::LocalSet;

const THREADS: usize = 4;
const ROUNDS: usize = 500;

/// Sends commands, their words separated by spaces, in one write, and gives the replies.
async fn talk(stream: &mut DuplexStream, commands: &[&str]) -> Vec<Value> {
    let mut wire = BytesMut::new();
    for command in commands {
        Request::new(command).write_to(&mut wire);
    }
    stream.write_all(&wire).await.unwrap();
    let (mut decoder, mut incoming, mut replies) = (ReplyDecoder::new(), BytesMut::new(), Vec::new());
    while replies.len() < commands.len() {
        assert_ne!(stream.read_buf(&mut incoming).await.unwrap(), 0, "the store closed the connection");
        while let Some(reply) = decoder.decode(&mut incoming).unwrap() {
            replies.push(reply);
        }
    }
    replies
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, work)
}

/// Reads, thinks and writes in three steps: wrong as soon as another command comes between.
const INCREMENT: &str = "local n = tonumber(redis.call('GET',KEYS[1])or'0');\
                         for i=1,20 do redis.call('SET','busy',i)end;\
                         return(redis.call('SET',KEYS[1],n+1))";

#[test]
fn threads_share_the_data_and_scripts_are_atomic() {
    let store = Store::new();
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let store = store.clone();
            std::thread::spawn(move || {
                block_on(async {
                    let mut stream = store.connect();
                    let script = INCREMENT.replace(' ', "\t");
                    for _ in 0..ROUNDS {
                        let eval = format!("EVAL {script} 1 scripted");
                        let replies = talk(&mut stream, &["INCR plain", &eval, "SADD set m"]).await;
                        assert_eq!(replies[1], Value::OK);
                    }
                });
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let total = Value::bulk((THREADS * ROUNDS).to_string());
    let replies = block_on(async { talk(&mut store.connect(), &["GET plain", "GET scripted", "SCARD set"]).await });
    assert_eq!(replies, [total.clone(), total, Value::Integer(1)]);
}

#[test]
fn connections_have_a_database_and_a_name_of_their_own() {
    let store = Store::new();
    block_on(async {
        let (mut one, mut other) = (store.connect(), store.connect());
        talk(&mut one, &["SELECT 5", "SET k v", "CLIENT SETNAME one", "HELLO 3"]).await;
        let replies = talk(&mut other, &["GET k", "CLIENT GETNAME", "SELECT 5", "GET k"]).await;
        assert_eq!(replies, [Value::Nil, Value::Nil, Value::OK, Value::bulk("v")]);
        assert_eq!(talk(&mut one, &["HGETALL h"]).await, [Value::Map(vec![])]);
        assert_eq!(talk(&mut other, &["HGETALL h"]).await, [Value::Array(vec![])]);
    });
}

#[test]
fn what_a_script_does_wrong_hurts_nobody_else() {
    let store = Store::new();
    block_on(async {
        let mut stream = store.connect();
        for script in [
            "local\tfunction\tf()return\tf()+1\tend\treturn\tf()",
            "local\tt={};t[1]=t;return\tt",
            "local\tt={};t[1]=t;return\tcjson.encode(t)",
            "return\tcjson.decode(('['):rep(100000))",
            "return\tunpack({},1,1e7)",
            "error(setmetatable({},{__tostring=function()error('x')end}))",
            "return\tredis.call('SRANDMEMBER','set',-9e15)",
            "redis.call=nil",
            "setmetatable(_G,{})",
            "KEYS=nil",
        ] {
            let eval = format!("EVAL {script} 0");
            let replies = talk(&mut stream, &["SADD set m", &eval, "SCARD set", "EVAL return\t1 0"]).await;
            assert_eq!(replies[2..], [Value::Integer(1), Value::Integer(1)], "{script}");
            assert!(!matches!(replies[1], Value::Bulk(_)), "{script}: {:?}", replies[1]);
        }
        // Other connections, on other threads, find the lock sound.
        let store = store.clone();
        let asked = std::thread::spawn(move || block_on(async { talk(&mut store.connect(), &["SCARD set"]).await }));
        assert_eq!(asked.join().unwrap(), [Value::Integer(1)]);
    });
}
