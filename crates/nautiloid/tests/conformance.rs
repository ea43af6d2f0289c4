//! The conformance suite, `tests/lua/`, through the real binary: every file passes on every topology, and every
//! topology has the same number of checks, so that none of them passes by leaving something out.
#![allow(clippy::unwrap_used, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use serde::Deserialize;
use support::{nautiloid, stderr, stdout};
use testkit::RedisServer;

/// What a file of the suite returns.
#[derive(Deserialize)]
struct Report {
    passed: usize,
    failed: usize,
    failures: Vec<String>,
}

/// The files of the suite, in order.
fn suite() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/lua");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "lua")).collect();
    files.sort();
    files
}

/// Runs a file with `redis` as its default pool. `other` is a server that it may register by itself.
fn run(file: &Path, redis: &str, other: &RedisServer) -> Result<Report, String> {
    let output = nautiloid().arg("run").arg(file).arg(other.address()).args(["--redis", redis]).output().unwrap();
    if !output.status.success() {
        return Err(format!("{}\n{}", output.status, stderr(&output)));
    }
    // What the script prints comes before what it returns.
    let text = stdout(&output);
    let report = text.lines().last().unwrap_or_default();
    serde_json::from_str(report).map_err(|error| format!("{error}: {report:?}"))
}

#[test]
fn every_file_passes_on_every_topology_with_the_same_checks() {
    let files = suite();
    assert!(!files.is_empty(), "there is no suite");
    let other = RedisServer::start().unwrap();
    let locked = RedisServer::start_with(&["--requirepass", "conformance"]).unwrap();
    // A URL of a Unix socket has no place for a password.
    let open = RedisServer::start().unwrap();
    let topologies = [
        ("embedded", "embedded".to_owned()),
        ("tcp", format!("redis://:conformance@{}", locked.address())),
        ("tcp, db 5", format!("redis://:conformance@{}/5", locked.address())),
        ("unix socket", format!("unix://{}", open.unix_socket().display())),
        ("unix socket, db 7", format!("unix://{}?db=7", open.unix_socket().display())),
    ];

    let run_all = |url: &str| files.iter().map(|file| run(file, url, &other)).collect::<Vec<_>>();
    let outcomes: Vec<(&str, Vec<Result<Report, String>>)> = thread::scope(|scope| {
        let running = topologies.each_ref().map(|(name, url)| (*name, scope.spawn(|| run_all(url))));
        running.into_iter().map(|(name, outcomes)| (name, outcomes.join().unwrap())).collect()
    });

    let mut problems = Vec::new();
    let mut counts: BTreeMap<String, Vec<(&str, usize)>> = BTreeMap::new();
    for (topology, reports) in outcomes {
        for (file, report) in files.iter().zip(reports) {
            let file = file.file_name().unwrap().to_string_lossy().into_owned();
            match report {
                Err(error) => problems.push(format!("{file} on {topology}: {error}")),
                Ok(report) => {
                    problems.extend(report.failures.iter().map(|failure| format!("{file} on {topology}: {failure}")));
                    if report.passed == 0 || report.failed != report.failures.len() {
                        let Report { passed, failed, .. } = report;
                        problems.push(format!("{file} on {topology}: {passed} checks passed, {failed} failed"));
                    }
                    counts.entry(file).or_default().push((topology, report.passed + report.failed));
                }
            }
        }
    }
    for (file, counts) in counts {
        if counts.iter().any(|(_, count)| Some(*count) != counts.first().map(|(_, count)| *count)) {
            problems.push(format!("{file} has not the same number of checks everywhere: {counts:?}"));
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}
