//! What the tests of the other crates rely on.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use nautiloid_resp::Value;
use testkit::{Credentials, RedisServer};

#[test]
fn a_server_starts_answers_dies_and_comes_back_empty() {
    let mut server = RedisServer::start().unwrap();
    let mut connection = server.connect().unwrap();
    assert_eq!(connection.command(&["SET", "k", "v"]).unwrap(), Value::OK);
    let replies = connection.pipeline(&[vec!["GET", "k"], vec!["DBSIZE"]]).unwrap();
    assert_eq!(replies, [Value::bulk("v"), Value::Integer(1)]);
    assert!(server.unix_socket().exists());
    server.kill().unwrap();
    assert!(server.connect().is_err());
    server.restart().unwrap();
    assert_eq!(server.connect().unwrap().command(&["GET", "k"]).unwrap(), Value::Nil);
}

#[test]
fn servers_do_not_get_in_each_others_way() {
    let servers: Vec<_> = (0..4).map(|_| RedisServer::start_with(&["--requirepass", "x"]).unwrap()).collect();
    for server in &servers {
        let mut connection = server.connect().unwrap();
        assert!(matches!(connection.command(&["PING"]).unwrap(), Value::Error(_)));
        assert_eq!(connection.command(&["AUTH", "x"]).unwrap(), Value::OK);
    }
}

#[test]
fn an_acl_user_may_do_what_its_rules_say() {
    let server = RedisServer::start().unwrap();
    server.set_user("reader", &["on", ">secret", "~app:*", "+get"]).unwrap();
    let mut connection = server.connect().unwrap();
    assert!(connection.authenticate(&Credentials::user("reader", "wrong")).is_err());
    connection.authenticate(&Credentials::user("reader", "secret")).unwrap();
    assert_eq!(connection.command(&["GET", "app:k"]).unwrap(), Value::Nil);
    assert!(connection.succeed(&["SET", "app:k", "v"]).unwrap_err().to_string().contains("NOPERM"));
}

#[test]
fn a_paused_server_says_nothing_until_it_goes_on() {
    let server = RedisServer::start().unwrap();
    server.pause().unwrap();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(b"PING\r\n").unwrap();
    let mut reply = [0; 7];
    stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert_eq!(stream.read(&mut reply).unwrap_err().kind(), ErrorKind::WouldBlock);
    server.resume().unwrap();
    stream.set_read_timeout(None).unwrap();
    stream.read_exact(&mut reply).unwrap();
    assert_eq!(&reply, b"+PONG\r\n");
}
