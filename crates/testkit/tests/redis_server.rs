//! What the tests of the other crates rely on.

use nautiloid_resp::Value;
use testkit::RedisServer;

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
