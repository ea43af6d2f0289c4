//! `nautiloid redis`: the embedded store over TCP.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use support::{Process, nautiloid, stderr, stdout};

/// A store on a free port, and its address.
fn start() -> (Process, String) {
    let mut command = nautiloid();
    command.args(["redis", "--listen", "127.0.0.1:0"]);
    let process = Process::start(command);
    let line = process.output.wait_for("the embedded store listens on ");
    assert!(line.contains("nothing in it is durable"), "{line}");
    let address = line.split_once("listens on ").unwrap().1.split_once(';').unwrap().0.to_owned();
    (process, address)
}

/// Sends commands in Redis' inline form and gives the first line of each reply.
fn talk(address: &str, commands: &[&str]) -> Vec<String> {
    let mut stream = BufReader::new(TcpStream::connect(address).unwrap());
    stream.get_ref().set_read_timeout(Some(support::PATIENCE)).unwrap();
    let mut replies = Vec::new();
    for command in commands {
        stream.get_mut().write_all(format!("{command}\r\n").as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_line(&mut reply).unwrap();
        replies.push(reply.trim_end().to_owned());
    }
    replies
}

#[test]
fn it_answers_as_redis_does_until_it_is_told_to_stop() {
    for signal in ["TERM", "INT"] {
        let (mut process, address) = start();
        assert_eq!(talk(&address, &["PING", "SET k v", "INCR n", "INCR n"]), ["+PONG", "+OK", ":1", ":2"]);
        assert_eq!(talk(&address, &["INCR n", "INCR k"]), [":3", "-ERR value is not an integer or out of range"]);
        // A client that stays must not keep it from stopping.
        let _open = TcpStream::connect(&address).unwrap();
        process.signal(signal);
        assert_eq!(process.wait().code(), Some(0));
    }
}

#[test]
fn run_reaches_it_by_its_url() {
    let (_process, address) = start();
    let url = format!("redis://{address}");
    for n in 1..=3 {
        let output = nautiloid()
            .args(["run", "--redis", &url, "-e", "return (require('nauthilus_redis').redis_incr('default', 'runs'))"])
            .output()
            .unwrap();
        assert_eq!(stdout(&output), format!("{n}\n"), "{}", stderr(&output));
    }
    assert_eq!(talk(&address, &["INCR runs"]), [":4"]);
}

#[test]
fn an_address_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = nautiloid().args(["redis", "--listen", &address]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = stderr(&output);
    assert!(error.starts_with(&format!("nautiloid: cannot listen on {address}: ")), "{error}");
}
