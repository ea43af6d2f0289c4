//! The proxy does to connections what each fault says, and nothing else.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use testkit::{At, Fault, FaultProxy, RedisServer, Way};

const INCR: &[u8] = b"INCR k\r\n";

struct Client(TcpStream);

/// What a client hears.
#[derive(Debug, PartialEq)]
enum Heard {
    Reply(String),
    Nothing,
    HangUp,
}

impl Client {
    fn open(proxy: &FaultProxy) -> Self {
        Client(TcpStream::connect(proxy.address()).unwrap())
    }

    fn say(&mut self, request: &[u8]) -> &mut Self {
        // A connection that is closed is told of when listening.
        let _ = self.0.write_all(request);
        self
    }

    fn hear(&mut self) -> Heard {
        self.hear_for(Duration::from_secs(20))
    }

    fn hear_for(&mut self, patience: Duration) -> Heard {
        let mut buffer = [0; 1024];
        self.0.set_read_timeout(Some(patience)).unwrap();
        match self.0.read(&mut buffer) {
            Ok(0) => Heard::HangUp,
            Ok(length) => Heard::Reply(String::from_utf8_lossy(&buffer[..length]).into_owned()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Heard::Nothing,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Heard::HangUp,
            Err(error) => panic!("{error}"),
        }
    }

    /// What is heard within the time that a server would need to answer, many times over.
    fn hear_soon(&mut self) -> Heard {
        self.hear_for(Duration::from_millis(100))
    }
}

fn start() -> (RedisServer, FaultProxy) {
    let redis = RedisServer::start().unwrap();
    let proxy = FaultProxy::start(&redis.address()).unwrap();
    (redis, proxy)
}

/// Asks the server itself until it has counted so far.
fn wait_for_count(redis: &RedisServer, wanted: &str) {
    let start = Instant::now();
    while redis.connect().unwrap().text(&["GET", "k"]).ok().as_deref() != Some(wanted) {
        assert!(start.elapsed() < Duration::from_secs(20), "the server never counted to {wanted}");
    }
}

fn wait_for_drops(proxy: &FaultProxy, bytes: usize) {
    let start = Instant::now();
    while proxy.dropped() != bytes {
        assert!(start.elapsed() < Duration::from_secs(20), "{} bytes dropped instead of {bytes}", proxy.dropped());
    }
}

fn reply(text: &str) -> Heard {
    Heard::Reply(text.to_owned())
}

#[test]
fn without_a_fault_everything_passes() {
    let (_redis, proxy) = start();
    let (mut one, mut two) = (Client::open(&proxy), Client::open(&proxy));
    assert_eq!(one.say(INCR).hear(), reply(":1\r\n"));
    assert_eq!(two.say(INCR).hear(), reply(":2\r\n"));
    assert_eq!((proxy.connections(), proxy.cuts(), proxy.dropped()), (2, 0, 0));
    proxy.close_connections();
    assert_eq!(one.hear(), Heard::HangUp);
    assert_eq!(Client::open(&proxy).say(INCR).hear(), reply(":3\r\n"));
    let address = proxy.address();
    drop(proxy);
    assert_eq!(two.hear(), Heard::HangUp);
    TcpStream::connect(address).unwrap_err();
}

#[test]
fn a_delay_holds_each_direction_and_ends_when_it_is_lifted() {
    let (_redis, proxy) = start();
    let mut client = Client::open(&proxy);
    client.say(INCR).hear();
    proxy.set(Fault::Delay(Duration::from_millis(50)));
    let start = Instant::now();
    assert_eq!(client.say(INCR).hear(), reply(":2\r\n"));
    assert!(start.elapsed() >= Duration::from_millis(100), "{:?}", start.elapsed());
    proxy.set(Fault::Pass);
    assert_eq!(client.say(INCR).hear(), reply(":3\r\n"));
}

#[test]
fn a_cut_comes_where_it_was_ordered() {
    let (redis, proxy) = start();
    // "+PONG\r\n" twice is 14 bytes; counting begins with the fault.
    let mut client = Client::open(&proxy);
    assert_eq!(client.say(b"PING\r\n").hear(), reply("+PONG\r\n"));
    proxy.set(Fault::Cut(Way::Replies, At::Byte(10)));
    assert_eq!(client.say(b"PING\r\n").hear(), reply("+PONG\r\n"));
    assert_eq!(client.say(b"PING\r\n").hear(), reply("+PO"));
    assert_eq!(client.hear(), Heard::HangUp);
    assert_eq!(proxy.cuts(), 1);

    // A request that is not whole never runs.
    proxy.set(Fault::Cut(Way::Requests, At::InsidePiece(2)));
    let mut client = Client::open(&proxy);
    assert_eq!(client.say(INCR).hear(), reply(":1\r\n"));
    assert_eq!(client.say(INCR).hear(), Heard::HangUp);
    wait_for_count(&redis, "1");

    // One whose reply is cut off has run.
    proxy.set(Fault::Cut(Way::Replies, At::Piece(1)));
    assert_eq!(Client::open(&proxy).say(INCR).hear(), Heard::HangUp);
    wait_for_count(&redis, "2");
    assert_eq!(proxy.cuts(), 3);
}

#[test]
fn swallowed_replies_are_of_requests_that_ran() {
    let (redis, proxy) = start();
    let (mut before, mut silent) = (Client::open(&proxy), Client::open(&proxy));
    assert_eq!(before.say(INCR).hear(), reply(":1\r\n"));
    assert_eq!(silent.say(INCR).hear(), reply(":2\r\n"));
    proxy.set(Fault::SwallowReplies);
    before.say(INCR);
    wait_for_count(&redis, "3");
    assert_eq!(before.hear_soon(), Heard::Nothing);
    wait_for_drops(&proxy, ":3\r\n".len());
    proxy.set(Fault::Pass);
    // The next reply would be taken for the lost one.
    assert_eq!(before.hear(), Heard::HangUp);
    assert_eq!(silent.say(INCR).hear(), reply(":4\r\n"));
}

#[test]
fn a_black_hole_takes_everything_and_gives_nothing() {
    let (redis, proxy) = start();
    let mut before = Client::open(&proxy);
    assert_eq!(before.say(INCR).hear(), reply(":1\r\n"));
    proxy.set(Fault::BlackHole);
    let mut during = Client::open(&proxy);
    assert_eq!(during.say(INCR).hear_soon(), Heard::Nothing);
    assert_eq!(before.say(INCR).hear_soon(), Heard::Nothing);
    wait_for_drops(&proxy, 2 * INCR.len());
    wait_for_count(&redis, "1");
    proxy.set(Fault::Pass);
    assert_eq!(before.hear(), Heard::HangUp);
    assert_eq!(during.hear(), Heard::HangUp);
    assert_eq!(Client::open(&proxy).say(INCR).hear(), reply(":2\r\n"));
}

#[test]
fn a_half_open_connection_is_closed_for_the_server_alone() {
    let (redis, proxy) = start();
    let mut client = Client::open(&proxy);
    assert_eq!(client.say(INCR).hear(), reply(":1\r\n"));
    proxy.set(Fault::HalfOpen);
    let start = Instant::now();
    while redis.connect().unwrap().text(&["CLIENT", "LIST"]).unwrap().lines().count() > 1 {
        assert!(start.elapsed() < Duration::from_secs(20), "the server's side is still open");
    }
    assert_eq!(client.say(INCR).hear_soon(), Heard::Nothing);
    proxy.set(Fault::Pass);
    assert_eq!(client.say(INCR).hear_soon(), Heard::Nothing);
    assert_eq!(Client::open(&proxy).say(INCR).hear(), reply(":2\r\n"));
    proxy.close_connections();
    assert_eq!(client.hear(), Heard::HangUp);
}

#[test]
fn refused_connections_are_closed_and_the_port_opens_again() {
    let (_redis, proxy) = start();
    let mut client = Client::open(&proxy);
    for count in 1..=5 {
        assert_eq!(client.say(INCR).hear(), reply(&format!(":{count}\r\n")));
        proxy.set(Fault::Refuse);
        assert_eq!(client.hear(), Heard::HangUp);
        assert_eq!(TcpStream::connect(proxy.address()).unwrap_err().kind(), ErrorKind::ConnectionRefused);
        proxy.set(Fault::Pass);
        client = Client::open(&proxy);
    }
    assert_eq!(client.say(INCR).hear(), reply(":6\r\n"));
    assert_eq!(proxy.connections(), 6);
}

#[test]
fn each_connection_can_have_a_fault_of_its_own() {
    let (_redis, proxy) = start();
    proxy.set_each(|number| if number == 1 { Fault::Cut(Way::Replies, At::Byte(2)) } else { Fault::Pass });
    assert_eq!(Client::open(&proxy).say(INCR).hear(), reply(":1\r\n"));
    assert_eq!(Client::open(&proxy).say(INCR).hear(), reply(":2"));
    assert_eq!(Client::open(&proxy).say(INCR).hear(), reply(":3\r\n"));
}

#[test]
fn without_a_server_clients_are_hung_up_on() {
    let (mut redis, proxy) = start();
    redis.kill().unwrap();
    assert_eq!(Client::open(&proxy).say(INCR).hear(), Heard::HangUp);
    redis.restart().unwrap();
    assert_eq!(Client::open(&proxy).say(INCR).hear(), reply(":1\r\n"));
}
