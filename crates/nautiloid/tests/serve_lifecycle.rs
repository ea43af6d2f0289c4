//! How `nautiloid serve` starts and stops.

mod support;

use std::net::TcpListener;
use std::time::Instant;

use support::{Server, Site, nautiloid, stderr};

const PRINT: &str = "function nauthilus_run_hook() print('hook runs') return 1 end";

/// A site whose hook `/slow` says in the log that it has begun and answers after `seconds`.
fn slow(seconds: f64) -> Site {
    Site::new().hook(
        "GET",
        "/slow",
        &format!("local time = require('time') function nauthilus_run_hook() print('begun') time.sleep({seconds}) return 'done' end"),
    )
}

fn finishes_requests_in_flight(signal: &str) {
    let mut server = slow(1.0).start();
    let mut idle = server.connect();
    assert_eq!(idle.request("GET", "/ping", &[], b"").status, 200);
    let mut busy = server.connect();
    busy.send_request("GET", "/api/v1/custom/slow", &[], b"");
    server.log.wait_for("begun");

    server.signal(signal);
    server.log.wait_for(&format!("signal=\"SIG{signal}\""));
    assert!(idle.is_closed());
    let answer = busy.read();
    assert_eq!((answer.status, answer.text()), (200, "\"done\""));
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(busy.is_closed());
    assert_eq!(server.wait().code(), Some(0));
    server.log.wait_for("stopped");
}

#[test]
fn sigterm_finishes_the_requests_in_flight() {
    finishes_requests_in_flight("TERM");
}

#[test]
fn sigint_finishes_the_requests_in_flight() {
    finishes_requests_in_flight("INT");
}

#[test]
fn requests_that_outlast_the_shutdown_timeout_are_cut_off() {
    for wait in ["require('time').sleep(60)", "while true do end"] {
        let mut server = Site::new()
            .server("shutdown_timeout = \"100ms\"")
            .hook("GET", "/slow", &format!("function nauthilus_run_hook() print('begun') {wait} end"))
            .start();
        let mut busy = server.connect();
        busy.send_request("GET", "/api/v1/custom/slow", &[], b"");
        server.log.wait_for("begun");
        server.signal("TERM");
        assert_eq!(server.wait().code(), Some(0));
        server.log.wait_for("cut off");
        assert!(busy.is_closed());
    }
}

#[test]
fn a_second_signal_ends_at_once() {
    let mut server = slow(60.0).start();
    let mut busy = server.connect();
    busy.send_request("GET", "/api/v1/custom/slow", &[], b"");
    server.log.wait_for("begun");
    server.signal("TERM");
    server.log.wait_for("signal=\"SIGTERM\"");
    assert!(server.is_running());
    server.signal("TERM");
    assert_eq!(server.wait().code(), Some(1));
    server.log.wait_for("nautiloid: stopped at once by a second signal");
}

#[test]
fn the_start_up_line_tells_what_is_served() {
    let start = Instant::now();
    let server = Site::new().server("workers = 3").hook("GET", "/a", PRINT).hook("POST", "/a", PRINT).start();
    assert_eq!(server.get("/ping").status, 200);
    println!("first answer {:?} after the start of the process", start.elapsed());
    let line = server.log.wait_for("serving HTTP");
    for part in [&format!("address=\"{}\"", server.address), "workers=3", "hooks=2", "redis=\"embedded\"", "lost when"]
    {
        assert!(line.contains(part), "no {part} in {line}");
    }
}

#[test]
fn connections_go_to_the_workers_in_turn() {
    // A module is run once a worker, so the address of its table tells the worker.
    let server = Site::new()
        .server("workers = 3")
        .file("vm.lua", "return {}")
        .hook("GET", "/vm", "function nauthilus_run_hook(request) return tostring(require('vm')) end")
        .start();
    let vms: Vec<String> = (0..6).map(|_| server.hook("/vm").text().to_owned()).collect();
    assert_eq!(vms[..3], vms[3..]);
    assert!(vms[0] != vms[1] && vms[1] != vms[2] && vms[2] != vms[0], "{vms:?}");
}

#[test]
fn the_start_up_line_is_json_when_asked() {
    let server = Site::new()
        .section("[log]\nformat = \"json\"\n[redis]\naddress = \"127.0.0.1:1\"\npassword = \"sesame\"\ndb = 3")
        .server("workers = 1")
        .start();
    let line: serde_json::Value = serde_json::from_str(&server.log.wait_for("serving HTTP")).unwrap();
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["message"], "serving HTTP");
    assert_eq!(line["address"], server.address.as_str());
    assert_eq!((line["workers"].as_u64(), line["hooks"].as_u64()), (Some(1), Some(0)));
    assert_eq!(line["redis"], "standalone 127.0.0.1:1 db 3");
    assert!(line.get("durability").is_none(), "{line}");
    assert!(!server.log.text().contains("sesame"));
}

#[test]
fn init_scripts_run_once_and_in_order_before_anything_is_served() {
    let server = Site::new()
        .server("workers = 3")
        .section("[lua]\ninit_scripts = [\"first.lua\", \"second.lua\"]")
        .file("first.lua", "print('first: top') function nauthilus_run_hook(l) print('first: ' .. l.log_level) end")
        .file("second.lua", "require('time').sleep(0.05) print('second: top')")
        .start();
    let log = server.log.text();
    let order: Vec<&str> = log
        .lines()
        .filter_map(|line| {
            ["first: top", "first: info", "second: top", "serving HTTP"].into_iter().find(|part| line.contains(part))
        })
        .collect();
    assert_eq!(order, ["first: top", "first: info", "second: top", "serving HTTP"], "{log}");
}

#[test]
fn a_failing_init_script_stops_the_start() {
    for (script, message) in [
        ("local x = nil\nx.y = 1", "init.lua:2: attempt to index local 'x'"),
        ("function nauthilus_run_hook()\n error('no pool')\nend", "init.lua:2: no pool"),
    ] {
        let output = Site::new()
            .section("[lua]\ninit_scripts = [\"init.lua\"]")
            .file("init.lua", script)
            .hook("GET", "/a", PRINT)
            .refused();
        let error = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("nautiloid: the init script init.lua failed: ") && error.contains(message), "{error}");
        assert!(!error.contains("serving HTTP"), "{error}");
    }
}

#[test]
fn an_address_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let site = Site::listening_on(&address);
    let output = site.refused();
    assert_eq!(output.status.code(), Some(1));
    let reason = "Address already in use (os error 98)";
    assert_eq!(stderr(&output).trim_end(), format!("nautiloid: cannot listen on {address}: {reason}"));
}

#[test]
fn a_server_can_be_started_again_at_once_on_the_same_address() {
    let mut first = Site::new().start();
    let address = first.address.clone();
    // The server closes this connection first, which leaves it in TIME_WAIT.
    assert_eq!(first.connect().request("GET", "/ping", &[("connection", "close")], b"").status, 200);
    first.signal("TERM");
    assert_eq!(first.wait().code(), Some(0));
    let second = Site::listening_on(&address).start();
    assert_eq!(second.get("/ping").text(), "pong");
}

#[test]
fn without_a_configuration_the_error_shows_one_that_works() {
    let folder = tempfile::tempdir().unwrap();
    let output = nautiloid().arg("serve").current_dir(folder.path()).output().unwrap();
    let error = stderr(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(error.starts_with("nautiloid: there is no nautiloid.toml here."), "{error}");
    let shown = error.split_once("\n\n").unwrap().1;

    // What it shows, written where it says, is served.
    let site =
        Site::new().file("hello.lua", "function nauthilus_run_hook(request) return { hello = request.client_ip } end");
    let server: Server = site.file("nautiloid.toml", &shown.replace(":9080", ":0")).start_in_folder();
    assert_eq!(server.hook("/hello").json(), serde_json::json!({ "hello": "127.0.0.1" }));
}
