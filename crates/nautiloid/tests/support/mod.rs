//! What the tests of the binary share: a folder with scripts, a running server, and a client that shows raw HTTP.
//!
//! The server is the real binary on a free port; its address is read from its start-up line, and it is killed when the
//! test ends, however it ends.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]
#![allow(dead_code, unreachable_pub, reason = "each test binary compiles this module for itself and uses a part of it")]

pub mod http;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use http::{Client, Response};

/// Longest wait for anything; what takes longer has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The binary under test.
pub fn nautiloid() -> Command {
    Command::new(env!("CARGO_BIN_EXE_nautiloid"))
}

/// Standard output of a command that has ended.
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Standard error of a command that has ended.
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with a configuration and scripts, to start a server from.
pub struct Site {
    folder: tempfile::TempDir,
    server: String,
    sections: String,
}

impl Site {
    /// A site with no hooks, on a free port.
    pub fn new() -> Self {
        Self::listening_on("127.0.0.1:0")
    }

    /// A site with no hooks, on an address of the test's choice.
    pub fn listening_on(address: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Site { folder, server: format!("listen = \"{address}\"\n"), sections: String::new() }
    }

    /// Adds lines to `[server]`.
    pub fn server(mut self, lines: &str) -> Self {
        self.server.push_str(lines);
        self.server.push('\n');
        self
    }

    /// Adds a section, heading included.
    pub fn section(mut self, text: &str) -> Self {
        self.sections.push_str(text);
        self.sections.push('\n');
        self
    }

    /// Writes a file.
    pub fn file(self, name: &str, content: &str) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    /// Adds a hook whose script is `code`, written to `hooks/<location>.<method>.lua`.
    pub fn hook(self, method: &str, location: &str, code: &str) -> Self {
        let script = format!("hooks/{}.{method}.lua", location.trim_start_matches('/').replace('/', "."));
        self.file(&script, code)
            .section(&format!("[[hooks]]\nlocation = \"{location}\"\nmethod = \"{method}\"\nscript = \"{script}\""))
    }

    /// A file's path.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the configuration and gives the command that serves it.
    pub fn command(&self) -> Command {
        let config = self.path("nautiloid.toml");
        std::fs::write(&config, format!("[server]\n{}\n{}", self.server, self.sections)).unwrap();
        let mut command = nautiloid();
        command.arg("serve").arg("--config").arg(config);
        command
    }

    /// Runs `serve` where it is expected to end by itself.
    pub fn refused(&self) -> Output {
        let mut child = self.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        wait_for_exit(&mut child);
        child.wait_with_output().unwrap()
    }

    /// Starts the server and waits until it serves.
    pub fn start(self) -> Server {
        let command = self.command();
        self.start_with(command)
    }

    /// Starts the server in the site's folder, with the `nautiloid.toml` that the test has written there.
    pub fn start_in_folder(self) -> Server {
        let mut command = nautiloid();
        command.arg("serve").current_dir(self.folder.path());
        self.start_with(command)
    }

    fn start_with(self, command: Command) -> Server {
        let process = Process::start(command);
        let line = process.log.wait_for("serving HTTP");
        let address = address_in(&line).unwrap_or_else(|| panic!("no address in the start-up line: {line}"));
        Server { log: process.log.clone(), process, address, site: self }
    }
}

/// The address in a start-up line, be it text or JSON.
fn address_in(line: &str) -> Option<String> {
    let rest = line.split_once("address=\"").or_else(|| line.split_once("\"address\":\""))?.1;
    Some(rest.split_once('"')?.0.to_owned())
}

/// A running server. Killed when dropped.
pub struct Server {
    process: Process,
    pub log: Log,
    pub address: String,
    pub site: Site,
}

impl Server {
    /// A new connection.
    pub fn connect(&self) -> Client {
        Client::connect(&self.address)
    }

    /// One `GET` on a connection of its own.
    pub fn get(&self, path: &str) -> Response {
        self.connect().request("GET", path, &[], b"")
    }

    /// One `GET` of a hook.
    pub fn hook(&self, location: &str) -> Response {
        self.get(&format!("/api/v1/custom{location}"))
    }

    /// Sends a signal: `TERM`, `INT`.
    pub fn signal(&self, name: &str) {
        self.process.signal(name);
    }

    /// Waits until the process ends.
    pub fn wait(&mut self) -> ExitStatus {
        self.process.wait()
    }

    /// Whether the process still runs.
    pub fn is_running(&mut self) -> bool {
        self.process.child.try_wait().unwrap().is_none()
    }
}

/// A process that runs until it is told to stop. Killed when dropped.
pub struct Process {
    child: Child,
    /// Standard output.
    pub output: Log,
    /// Standard error.
    pub log: Log,
}

impl Process {
    /// Starts a command and collects what it writes.
    pub fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (output, log) = (Log::default(), Log::default());
        output.follow(child.stdout.take().unwrap());
        log.follow(child.stderr.take().unwrap());
        Process { child, output, log }
    }

    /// Sends a signal: `TERM`, `INT`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status().unwrap();
        assert!(status.success(), "kill -{name}");
    }

    /// Waits until the process ends.
    pub fn wait(&mut self) -> ExitStatus {
        wait_for_exit(&mut self.child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("--- standard error of the process\n{}", self.log.text());
        }
    }
}

/// Waits until a process ends.
pub fn wait_for_exit(child: &mut Child) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if start.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("the process does not end");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// The lines that a process has written, in the order they came.
#[derive(Clone, Default)]
pub struct Log(Arc<(Mutex<Lines>, Condvar)>);

#[derive(Default)]
struct Lines {
    lines: Vec<String>,
    ended: bool,
}

impl Log {
    /// Collects the lines of `source` in the background.
    pub fn follow(&self, source: impl std::io::Read + Send + 'static) {
        let log = self.clone();
        thread::spawn(move || {
            let (state, changed) = &*log.0;
            for line in BufReader::new(source).lines().map_while(Result::ok) {
                state.lock().unwrap().lines.push(line);
                changed.notify_all();
            }
            state.lock().unwrap().ended = true;
            changed.notify_all();
        });
    }

    /// The first line with `needle` in it, waited for.
    pub fn wait_for(&self, needle: &str) -> String {
        let (state, changed) = &*self.0;
        let wanted = |lines: &Lines| lines.lines.iter().find(|line| line.contains(needle)).cloned();
        let state = state.lock().unwrap();
        let waiting = |lines: &mut Lines| !lines.ended && wanted(lines).is_none();
        let (state, _) = changed.wait_timeout_while(state, PATIENCE, waiting).unwrap();
        let (found, all) = (wanted(&state), state.lines.join("\n"));
        // A panic that held the lock would take the collecting thread and `drop` with it.
        drop(state);
        found.unwrap_or_else(|| panic!("no line with {needle:?} in the log:\n{all}"))
    }

    /// All lines so far.
    pub fn text(&self) -> String {
        self.0.0.lock().unwrap().lines.join("\n")
    }
}

/// A path as text.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
