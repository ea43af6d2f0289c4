//! The conformance suite, `tests/lua/`, through the real binary: every file passes on every topology, and every
//! topology has the same number of checks, so that none of them passes by leaving something out.
#![allow(clippy::unwrap_used, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use serde::Deserialize;
use support::{nautiloid, stderr, stdout};
use testkit::{Certificates, Cluster, ClusterOptions, Credentials, RedisServer, SentinelOptions, Sentinels};

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

/// A way to say what the default pool is.
enum Pool {
    /// `--redis URL`
    Url(String),
    /// The keys of `[redis]`, in a configuration file.
    Section(String),
}

/// Runs a file with `pool` as its default pool. `other` is a server that it may register by itself.
fn run(file: &Path, pool: &Pool, other: &RedisServer) -> Result<Report, String> {
    let mut command = nautiloid();
    command.arg("run").arg(file).arg(other.address());
    let folder = tempfile::tempdir().unwrap();
    match pool {
        Pool::Url(url) => command.args(["--redis", url]),
        Pool::Section(keys) => {
            let library = file.parent().unwrap().join("lib");
            let patterns = [library.join("?.lua"), file.with_file_name("?.lua")];
            let config = folder.path().join("nautiloid.toml");
            std::fs::write(&config, format!("[lua]\npackage_path = {patterns:?}\n[redis]\n{keys}\n")).unwrap();
            command.arg("--config").arg(config)
        }
    };
    let output = command.output().unwrap();
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
    let certificates = Certificates::new().unwrap();
    let tls = RedisServer::start_tls(&certificates, &[]).unwrap();
    let sentinels = Sentinels::start_with(&SentinelOptions {
        login: Some(Credentials::user("app", "data-secret")),
        sentinel_login: Some(Credentials::user("watcher", "sentinel-secret")),
        ..SentinelOptions::default()
    });
    let sentinels = sentinels.unwrap();
    let sentinels_tls =
        Sentinels::start_with(&SentinelOptions { tls: Some(certificates.clone()), ..SentinelOptions::default() });
    let sentinels_tls = sentinels_tls.unwrap();
    let cluster = Cluster::start().unwrap();
    let cluster_tls = Cluster::start_with(&ClusterOptions {
        login: Some(Credentials::password("conformance")),
        tls: Some(certificates.clone()),
        ..ClusterOptions::default()
    });
    let cluster_tls = cluster_tls.unwrap();

    let ca = format!("tls_enabled = true\ntls_ca_file = {:?}", certificates.ca());
    let sentinel = |setup: &Sentinels| {
        let (addresses, name) = (setup.sentinel_addresses(), setup.master_name());
        format!("mode = \"sentinel\"\naddresses = {addresses:?}\nmaster_name = \"{name}\"")
    };
    let of_cluster = |cluster: &Cluster| format!("mode = \"cluster\"\naddresses = {:?}", cluster.addresses());
    let topologies = [
        ("embedded", Pool::Url("embedded".to_owned())),
        ("tcp", Pool::Url(format!("redis://:conformance@{}", locked.address()))),
        ("tcp, db 5", Pool::Url(format!("redis://:conformance@{}/5", locked.address()))),
        ("unix socket", Pool::Url(format!("unix://{}", open.unix_socket().display()))),
        ("unix socket, db 7", Pool::Url(format!("unix://{}?db=7", open.unix_socket().display()))),
        ("tls", Pool::Section(format!("address = \"{}\"\n{ca}", tls.public_address()))),
        (
            "sentinel, with ACLs, db 3",
            Pool::Section(format!(
                "{}\nusername = \"app\"\npassword = \"data-secret\"\nsentinel_username = \"watcher\"\n\
                 sentinel_password = \"sentinel-secret\"\ndb = 3",
                sentinel(&sentinels)
            )),
        ),
        ("sentinel, tls", Pool::Section(format!("{}\n{ca}", sentinel(&sentinels_tls)))),
        ("cluster", Pool::Section(of_cluster(&cluster))),
        (
            "cluster, tls, password",
            Pool::Section(format!("{}\n{ca}\npassword = \"conformance\"", of_cluster(&cluster_tls))),
        ),
    ];

    let run_all = |pool: &Pool| files.iter().map(|file| run(file, pool, &other)).collect::<Vec<_>>();
    let outcomes: Vec<(&str, Vec<Result<Report, String>>)> = thread::scope(|scope| {
        let running = topologies.each_ref().map(|(name, pool)| (*name, scope.spawn(|| run_all(pool))));
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
