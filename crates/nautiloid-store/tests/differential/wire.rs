//! Bytes on the connection: odd requests, broken ones, and pieces.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use testkit::RedisServer;

use crate::both::Both;
use crate::commands;
use crate::compare;
use crate::embedded::Embedded;

/// Sends bytes, says that no more come, and reads what is answered until the server closes.
fn answer(address: &str, pieces: &[&[u8]]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    for piece in pieces {
        // A server that has closed already has said all it will.
        if stream.write_all(piece).is_err() {
            break;
        }
    }
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer.escape_ascii().to_string()
}

#[test]
fn bytes_are_answered_with_the_same_bytes() {
    let (redis, store) = (RedisServer::start().unwrap(), Embedded::start());
    let wires: [&[u8]; 24] = [
        b"PING\r\n",
        b"PING\n",
        b"\r\n\r\nPING\r\n",
        b"  set   k   v  \r\nGET k\r\n",
        b"*1\r\n$4\r\nPING\r\n*2\r\n$4\r\nECHO\r\n$3\r\na\r\n\r\n",
        b"*0\r\nPING\r\n",
        b"*-1\r\nPING\r\n",
        b"*2\r\n$3\r\nGET\r\n$0\r\n\r\n",
        b"*1\r\n$4\r\nQUIT\r\n*1\r\n$4\r\nPING\r\n",
        b"HELLO 3\r\nGET nosuch\r\nHGETALL nosuch\r\nSMEMBERS nosuch\r\n",
        b"MGET a b c\r\nHMGET a b\r\nEXISTS a\r\nTYPE a\r\n",
        // Arrays that are not there.
        b"LPOP no\r\nLPOP no 1\r\nRPOP no 2\r\nWATCH w\r\nSET w 1\r\nMULTI\r\nEXEC\r\nXREAD STREAMS no 0\r\n\
          XADD s 1-1 f v\r\nXRANGE s - + COUNT 0\r\nXGROUP CREATE s g 0\r\nXPENDING s g\r\nXADD no NOMKSTREAM * f v\r\nFLUSHALL\r\n",
        b"HELLO 3\r\nLPOP no\r\nLPOP no 1\r\nXREAD STREAMS no 0\r\nXADD s 1-1 f v\r\nXGROUP CREATE s g 0\r\nXPENDING s g\r\nFLUSHALL\r\n",
        b"*x\r\nPING\r\n",
        b"*2147483647\r\nPING\r\n",
        b"*2147483648\r\nPING\r\n",
        b"*1\r\n$x\r\nPING\r\n",
        b"*1\r\n$-1\r\nPING\r\n",
        b"*1\r\n$-7\r\nPING\r\n",
        b"*1\r\n$99999999999\r\nPING\r\n",
        b"*1\r\n:4\r\nPING\r\n",
        b"*2\r\n$4\r\nECHO\r\n*1\r\n",
        b"*1\r\n$4\r\nPI",
        b"",
    ];
    for wire in wires {
        let shown = wire.escape_ascii();
        let expected = answer(&redis.address(), &[wire]).split("modules").map(str::to_owned).collect::<Vec<_>>();
        let got = answer(&store.address(), &[wire]).split("modules").map(str::to_owned).collect::<Vec<_>>();
        // The reply to HELLO has the connection's number in its first part.
        assert_eq!(got.last(), expected.last(), "{shown}");
        let bytes: Vec<&[u8]> = wire.chunks(1).collect();
        let in_pieces = answer(&store.address(), &bytes);
        assert_eq!(in_pieces.split("modules").last(), got.last().map(String::as_str), "{shown} in pieces");
    }
}

/// Every command that is compared, with every number of arguments up to six.
#[test]
fn numbers_of_arguments_are_those_of_redis() {
    let mut both = Both::start();
    for name in commands::names() {
        // `COMMAND` alone lists what there is, which differs.
        for count in usize::from(name == "COMMAND")..=6 {
            let args: Vec<_> = std::iter::once(name).chain(std::iter::repeat_n("x", count)).map(Vec::from).collect();
            let [redis, store] = both.each().map(|(_, connection)| connection.command(&args).unwrap());
            assert!(compare::same(&args, &redis, &store), "{name} with {count}\nRedis {redis:?}\nstore {store:?}");
        }
    }
}

/// A value larger than every buffer on the way.
#[test]
fn a_large_value_comes_back_whole() {
    let mut both = Both::start();
    let value: Vec<u8> = (0..3_000_000u32).map(|n| (n % 251) as u8).collect();
    for (name, connection) in both.each() {
        let replies = connection.pipeline(&[&[&b"SET"[..], b"k", &value][..], &[b"GET", b"k"]]).unwrap();
        assert!(replies[1] == nautiloid_resp::Value::bulk(value.clone()), "{name}");
    }
}

/// Scripts may give a table of any length.
#[test]
fn a_request_may_have_more_than_a_million_keys() {
    let mut both = Both::start();
    let args: Vec<_> = std::iter::once("EXISTS").chain(std::iter::repeat_n("k", 1_100_000)).collect();
    for (name, connection) in both.each() {
        connection.command(&["SET", "k", "v"]).unwrap();
        let reply = connection.command(&args).unwrap();
        assert_eq!(reply, nautiloid_resp::Value::Integer(1_100_000), "{name}");
    }
}
