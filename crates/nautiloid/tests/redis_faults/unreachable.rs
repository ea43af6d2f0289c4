//! Addresses where there is no Redis.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use testkit::RedisServer;

use crate::site::{COUNT, TIMEOUT, error_of, label, site, site_on};

#[test]
fn a_port_where_nobody_listens_is_an_error_at_once() {
    let address = format!("127.0.0.1:{}", RedisServer::free_port().unwrap());
    let server = site_on(&address).server("workers = 1").start();
    for _ in 0..20 {
        let (error, took) = error_of(&server, COUNT);
        assert!(error.starts_with(&format!("{}cannot connect: Connection refused", label(&address))), "{error}");
        assert!(took < TIMEOUT, "{took:?}");
    }
    // A line of the init scripts' connection and one of the worker's, not one a call or an attempt.
    assert!(server.log.text().matches("is down").count() <= 2, "{}", server.log.text());
}

#[test]
fn a_listener_that_never_answers_is_an_error_after_the_connect_timeout() {
    // The system completes the connections; nobody ever takes them.
    let black_hole = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = black_hole.local_addr().unwrap().to_string();
    let server = site_on(&address).start();
    for _ in 0..3 {
        let (error, _) = error_of(&server, COUNT);
        let expected = "cannot connect: no answer within 500ms (connect_timeout); nothing was sent";
        assert_eq!(error, format!("{}{expected}", label(&address)));
    }
}

#[test]
fn a_server_of_another_kind_is_recognised() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            // It may hang up before: then there is nobody to answer.
            if matches!(stream.read(&mut [0; 512]), Ok(1..)) {
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            }
        }
    });
    let server = site_on(&address).start();
    let (error, _) = error_of(&server, COUNT);
    assert!(error.starts_with(&format!("{}not a Redis server: ", label(&address))), "{error}");
}

#[test]
fn a_server_that_hangs_up_after_the_greeting_keeps_nobody_waiting() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let greeted = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&greeted);
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            counter.fetch_add(1, Ordering::Relaxed);
            if matches!(stream.read(&mut [0; 512]), Ok(1..)) {
                let _ = stream.write_all(b"+PONG\r\n");
            }
        }
    });
    let server = site_on(&address).server("workers = 1").start();
    let before = greeted.load(Ordering::Relaxed);
    for _ in 0..10 {
        let (error, _) = error_of(&server, COUNT);
        assert!(error.starts_with(&label(&address)), "{error}");
    }
    // A connection a call and one when it broke, and not one after the other as fast as it goes.
    let calls = greeted.load(Ordering::Relaxed) - before;
    assert!(calls <= 20, "{calls} connections for 10 calls");
}

#[test]
fn a_name_without_an_address_and_a_missing_socket_are_errors() {
    let server = site_on("no-such-host.invalid:6379").start();
    let (error, _) = error_of(&server, COUNT);
    assert!(error.starts_with(&format!("{}cannot connect: ", label("no-such-host.invalid:6379"))), "{error}");

    let server = site("mode = \"standalone\"\naddress = \"unix:/nonexistent/redis.sock\"").start();
    let (error, _) = error_of(&server, COUNT);
    let expected = format!("{}cannot connect: No such file or directory", label("unix:/nonexistent/redis.sock"));
    assert!(error.starts_with(&expected), "{error}");
}
