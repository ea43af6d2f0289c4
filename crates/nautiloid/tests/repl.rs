//! `nautiloid repl`, by standard input and at a terminal.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use pty_process::Size;
use pty_process::blocking::Pty;
use support::{PATIENCE, Site, nautiloid, stderr, stdout, text};
use testkit::RedisServer;

/// What comes of these lines on standard input.
fn repl(arguments: &[&str], lines: &str) -> Output {
    let mut child = nautiloid()
        .arg("repl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// What these lines print; nothing may go wrong.
fn prints(lines: &str) -> String {
    let output = repl(&[], lines);
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{lines}");
    stdout(&output)
}

#[test]
fn expressions_print_their_values() {
    assert_eq!(prints("1 + 1\n=2 + 2\n'a', nil, true\nx\nlocal y = 1\n\n"), "2\n4\n\"a\", nil, true\nnil\n");
    assert_eq!(prints("{ b = 2, 1, 'x', a = { 1 } }\n"), "{ 1, \"x\", a = { 1 }, b = 2 }\n");
    assert_eq!(prints("print('a', 1) -- a comment\n5; \n"), "a\t1\n5\n");
    assert_eq!(prints("(function() end)()\n"), "");
}

#[test]
fn globals_stay_and_locals_do_not() {
    assert_eq!(prints("x = 1\nfunction f() return x end\nx = x + 1\nf()\nlocal z = 5\nz\n"), "2\nnil\n");
    // `nauthilus_context` lives as long as the session.
    assert_eq!(prints("c = require('nauthilus_context')\nc.context_set('k', 1)\nc.context_get('k')\n"), "1\n");
}

#[test]
fn a_chunk_may_have_many_lines() {
    assert_eq!(
        prints("for i = 1, 2 do\n  print(i)\nend\nt = {\n1,\n\n2 }\n#t\n=(\n3)\n[[a\nb]]\n"),
        "1\n2\n2\n3\n\"a\\nb\"\n"
    );
    let output = repl(&[], "x = {\n");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output), "nautiloid: the input ends within a chunk: x = {\n");
}

#[test]
fn redis_and_the_default_handle_are_there() {
    let lines = "h:set('k', 'v')\nredis.redis_get('default', 'k')\nh:get('nobody')\nh\nh:hset('t', { a = 1 })\nh:hgetall('t')\n";
    assert_eq!(
        prints(lines),
        "\"OK\"\n\"v\"\nnil, \"redis: nil\"\nredis_pool(\"default\", embedded)\n1\n{ a = \"1\" }\n"
    );
}

#[test]
fn it_works_on_any_pool_with_configuration_and_init_scripts() {
    let server = RedisServer::start().unwrap();
    let url = format!("redis://{}/3", server.address());
    assert_eq!(stdout(&repl(&["--redis", &url], "h:set('k', 'in redis')\n")), "\"OK\"\n");
    let site = Site::new()
        .file("init.lua", "require('nauthilus_redis').redis_set('default', 'init', 'ran')")
        .file("lib/own.lua", "return { answer = 42 }")
        .file(
            "repl.toml",
            &format!("[redis]\naddress = \"{}\"\ndb = 3\n[lua]\npackage_path = [\"lib/?.lua\"]\n", server.address()),
        );
    let (config, init) = (site.path("repl.toml"), site.path("init.lua"));
    let output =
        repl(&["--config", text(&config), "--init", text(&init)], "h:get('k')\nh:get('init')\nrequire('own').answer\n");
    assert_eq!(stdout(&output), "\"in redis\"\n\"ran\"\n42\n", "{}", stderr(&output));
    let output = repl(&["--config", "nowhere.toml"], "1\n");
    assert_eq!((output.status.code(), stdout(&output)), (Some(1), String::new()));
}

#[test]
fn errors_are_told_and_the_session_goes_on() {
    let output =
        repl(&[], "function f() error('no') end\nf()\nx x\nnil + 1\nerror({ code = 7 })\nh:get()\n'still here'\n");
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "\"still here\"\n"));
    let log = stderr(&output);
    for part in [
        "repl:1: no\n  repl:1: in function 'f'\n  repl:1: in main chunk\n",
        "repl:1: '=' expected near 'x'\n",
        "repl:1: attempt to perform arithmetic on a nil value\n",
        "{\"code\":7}\n",
        "repl:1: bad argument #1 to 'get' (string expected, got no value)\n",
    ] {
        assert!(log.contains(part), "{part:?} in {log}");
    }
}

#[test]
fn more_results_than_fit_spoil_nothing() {
    let output = repl(
        &[],
        "t = {} for i = 1, 7900 do t[i] = i end\nmore = load('return function(...) return ' .. ('0,'):rep(200) .. '... end')()\nmore(unpack(t))\n1 + 1\n2 + 2\n",
    );
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(0), "2\n4\n"));
    assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
}

#[test]
fn commands_of_the_prompt_explain_and_end() {
    let output = repl(&[], ".help hlen\n.help hgte\n.frobnicate\n.quit\nprint('not run')\n");
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).starts_with("redis_hlen\n  Counts the fields of a hash.\n"), "{}", stdout(&output));
    assert!(!stdout(&output).contains("not run"));
    assert_eq!(
        stderr(&output),
        "there is no help on 'hgte': did you mean 'hget'?\nthere is no .frobnicate: .help says what there is\n"
    );
    assert!(prints(".help\n").contains(".quit"));
}

/// A session at a pseudo-terminal.
struct Terminal {
    child: Child,
    keys: Arc<Pty>,
    screen: Receiver<String>,
    /// What has come and nobody has waited for yet.
    unread: String,
}

/// What the prompt writes as soon as it takes keys: it turns bracketed paste on.
const PROMPT: &str = "\x1b[?2004h";

impl Terminal {
    fn start(state: &Path) -> Self {
        let (pty, process_end) = pty_process::blocking::open().unwrap();
        pty.resize(Size::new(24, 80)).unwrap();
        let child = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_nautiloid"))
            .arg("repl")
            .env("XDG_STATE_HOME", state)
            .env("TERM", "xterm")
            .spawn(process_end)
            .unwrap();
        let keys = Arc::new(pty);
        let output = Arc::clone(&keys);
        let (send, screen) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = (&*output).read(&mut bytes) {
                if send.send(String::from_utf8_lossy(&bytes[..count]).into_owned()).is_err() {
                    return;
                }
            }
        });
        let mut terminal = Terminal { child, keys, screen, unread: String::new() };
        terminal.shows("nautiloid: .help explains");
        terminal.shows(PROMPT);
        terminal
    }

    /// Waits until this comes, after all that was waited for before.
    fn shows(&mut self, text: &str) {
        loop {
            if let Some((_, rest)) = self.unread.split_once(text) {
                self.unread = rest.to_owned();
                return;
            }
            match self.screen.recv_timeout(PATIENCE) {
                Ok(more) => self.unread.push_str(&more),
                Err(_) => panic!("{text:?} does not come, but {:?}", self.unread),
            }
        }
    }

    fn types(&mut self, keys: &str) {
        (&*self.keys).write_all(keys.as_bytes()).unwrap();
    }

    /// Types a line, and waits for what it prints and for the next prompt.
    fn answers(&mut self, keys: &str, text: &str) {
        self.types(&format!("{keys}\r"));
        self.shows(text);
        self.shows(PROMPT);
    }

    fn ends(mut self) {
        let status = support::wait_for_exit(&mut self.child);
        self.unread.extend(self.screen.try_iter());
        assert!(status.success(), "{status}: {}", self.unread);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_terminal_completes_names() {
    let state = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(state.path());
    terminal.answers("print('<' .. type(redis.redis_hincrbyfl\t) .. '>')", "<function>");
    terminal.answers("print('[' .. tostring(h:hl\t('nothing')) .. ']')", "[0]");
    terminal.answers("my_global_name = 'found it'; print('s' .. 'et')", "set");
    terminal.answers("my_glo\t .. '!'", "\"found it!\"");
    terminal.answers("type(require('nauthilus_con\t'))", "\"table\"");
    terminal.answers(".help redis_hle\t", "Counts the fields of a hash.");
    terminal.types("\x04");
    terminal.ends();
}

#[test]
fn ctrl_c_stops_what_waits_and_what_computes() {
    let state = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(state.path());
    for (name, chunk) in [
        ("waits", "require('time').sleep(80000)"),
        ("computes", "while true do end"),
        ("catches", "while true do pcall(function() while true do end end) end"),
        ("catches and waits", "while true do pcall(require('time').sleep, 80000) end"),
    ] {
        terminal.types(&format!("print('it ' .. '{name}') {chunk}\r"));
        terminal.shows(&format!("it {name}\r\n"));
        terminal.types("\x03");
        terminal.shows("interrupted");
        terminal.shows(PROMPT);
        terminal.answers("'still ' .. 'here'", "\"still here\"");
    }
    // What was typed is left, and so is a chunk that has begun.
    terminal.types("begun = {\r");
    terminal.shows(">> ");
    terminal.types("1,\x03");
    terminal.shows(PROMPT);
    terminal.answers("'all ' .. 'new'", "\"all new\"");
    terminal.types(".quit\r");
    terminal.ends();
}

#[test]
fn what_was_typed_is_there_in_the_next_session() {
    let state = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(state.path());
    terminal.answers("'kept ' .. 'for later'", "\"kept for later\"");
    terminal.types("\x04");
    terminal.ends();
    let history = std::fs::read_to_string(state.path().join("nautiloid/history")).unwrap();
    assert!(history.contains("'kept ' .. 'for later'"), "{history}");
    let mut terminal = Terminal::start(state.path());
    terminal.answers("\x1b[A", "\"kept for later\"");
    terminal.types(".quit\r");
    terminal.ends();
}

#[test]
fn a_terminal_is_told_in_bold() {
    let state = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::start(state.path());
    terminal.answers(".help hlen", "\x1b[1mredis_hlen\x1b[0m");
    terminal.types(".quit\r");
    terminal.ends();
}
