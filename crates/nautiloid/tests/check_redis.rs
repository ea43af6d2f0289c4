//! `nautiloid check-redis`: every server of every pool is listed, what is wrong is named, and no password is shown.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use support::{PATIENCE, Site, nautiloid, stderr, stdout, text};
use testkit::{Certificates, Cluster, ClusterOptions, Credentials, RedisServer, SentinelOptions, Sentinels};

/// Longest a check may take here, where the pools wait for a second, on a busy machine.
const DEADLINE: Duration = Duration::from_secs(10);

/// What a check says.
struct Report {
    code: i32,
    text: String,
}

impl Report {
    /// Runs the command. All passwords of the tests have this word in them, and no output may.
    fn of(command: &mut Command) -> Self {
        let start = Instant::now();
        let output = command.output().unwrap();
        let took = start.elapsed();
        let text = stdout(&output);
        let all = format!("{text}{}", stderr(&output));
        assert!(took < DEADLINE, "{took:?}\n{all}");
        assert!(!all.contains("secret"), "a password is shown:\n{all}");
        let code = output.status.code().unwrap();
        let complaint = if code == 0 { "" } else { "nautiloid: not all pools are as they should be\n" };
        assert_eq!(stderr(&output), complaint, "{text}");
        Report { code, text }
    }

    /// Everything is as it should be.
    fn good(self) -> Self {
        assert_eq!(self.code, 0, "{}", self.text);
        assert!(!self.text.contains("problem: ") && !self.text.contains("not ok"), "{}", self.text);
        self
    }

    /// Something is wrong.
    fn bad(self) -> Self {
        assert_eq!(self.code, 1, "{}", self.text);
        assert!(self.text.contains("  not ok\n"), "{}", self.text);
        self
    }

    /// The line of a server, which tells its role, version and time.
    #[track_caller]
    fn shows(self, role: &str, address: &str) -> Self {
        let line = self.line(&format!("  {role:<8} {address}  "));
        assert!(line.contains("  redis 7.") && line.contains(" ms"), "{}", self.text);
        self
    }

    /// A problem that begins like this.
    #[track_caller]
    fn names(self, problem: &str) -> Self {
        self.line(&format!("  problem: {problem}"));
        self
    }

    /// The line that begins like this; there is just one.
    #[track_caller]
    fn line(&self, beginning: &str) -> &str {
        let lines: Vec<&str> = self.text.lines().filter(|line| line.starts_with(beginning)).collect();
        let [line] = lines[..] else { panic!("{} lines begin with {beginning:?}:\n{}", lines.len(), self.text) };
        line
    }
}

/// A site whose default pool has these keys.
fn site(redis: &str) -> Site {
    Site::new().section(&format!("[redis]\n{redis}\nconnect_timeout = \"1s\"\nread_timeout = \"1s\""))
}

fn command(site: &Site) -> Command {
    site.command();
    let mut command = nautiloid();
    command.args(["check-redis", "--config", text(&site.path("nautiloid.toml"))]);
    command
}

/// The report on a default pool with these keys.
fn check(redis: &str) -> Report {
    Report::of(&mut command(&site(redis)))
}

fn standalone(address: &str) -> String {
    format!("mode = \"standalone\"\naddress = \"{address}\"\n")
}

fn sentinel(setup: &Sentinels, more: &str) -> String {
    let addresses = setup.sentinel_addresses();
    format!("mode = \"sentinel\"\naddresses = {addresses:?}\nmaster_name = \"{}\"\n{more}", setup.master_name())
}

fn cluster(addresses: &[String], more: &str) -> String {
    format!("mode = \"cluster\"\naddresses = {addresses:?}\n{more}")
}

/// Looks until there is an answer.
fn wait_until<T>(what: &str, mut look: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match look() {
            Ok(answer) => return answer,
            Err(reason) => assert!(start.elapsed() < PATIENCE, "{what}, not yet: {reason}"),
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// A replica of a server, in sync.
fn replica_of(master: &RedisServer) -> RedisServer {
    let replica = RedisServer::start_with(&["--replicaof", &format!("127.0.0.1 {}", master.port())]).unwrap();
    wait_until("the replica is in sync", || {
        let info = replica.connect().unwrap().text(&["INFO", "replication"]).unwrap();
        if info.contains("master_link_status:up") { Ok(()) } else { Err(info) }
    });
    replica
}

#[test]
fn the_embedded_store() {
    let report = check("mode = \"embedded\"").good().shows("master", "in this process");
    report.line("redis pool \"default\" (embedded)");
    Report::of(nautiloid().args(["check-redis", "--redis", "embedded"])).good().shows("master", "in this process");
}

#[test]
fn a_server_and_its_replicas() {
    let master = RedisServer::start_with(&["--requirepass", "secret-of-master"]).unwrap();
    let password = "password = \"secret-of-master\"";
    let report = check(&format!("{}{password}", standalone(&master.address()))).good();
    report.shows("master", &master.address()).line("  ok");

    let url = |password: &str| format!("redis://:{password}@{}", master.address());
    Report::of(nautiloid().args(["check-redis", "--redis", &url("secret-of-master")]))
        .good()
        .shows("master", &master.address());
    Report::of(nautiloid().args(["check-redis", "--redis", &url("wrong-secret")]))
        .bad()
        .names("the server refused the connection: WRONGPASS")
        .names(&format!("redis pool \"default\" (standalone {}): the server refused", master.address()));
    check(&standalone(&master.address())).bad().names("the server refused the connection: NOAUTH");
}

#[test]
fn replicas_that_are_read_from() {
    let mut master = RedisServer::start().unwrap();
    let mut replicas = [replica_of(&master), replica_of(&master)];
    let addresses = replicas.each_ref().map(RedisServer::address);
    let pool = format!("{}read_from_replicas = true\nreplicas = {addresses:?}", standalone(&master.address()));
    let report = check(&pool).good().shows("master", &master.address());
    let report = report.shows("replica", &addresses[0]).shows("replica", &addresses[1]);
    let line = report.line(&format!("  replica  {}", addresses[1]));
    assert!(line.ends_with(&format!("of {}", master.address())), "{line}");

    replicas[0].kill().unwrap();
    let report = check(&pool).bad().names("cannot connect: Connection refused").shows("replica", &addresses[1]);
    report.line(&format!("  replica  {}", addresses[0]));

    master.kill().unwrap();
    wait_until("the replica knows", || {
        let info = replicas[1].connect().unwrap().text(&["INFO", "replication"]).unwrap();
        if info.contains("master_link_status:down") { Ok(()) } else { Err(info) }
    });
    check(&pool).bad().names("it is not connected to its master: what it answers is old");
}

#[test]
fn servers_that_are_something_else_than_the_configuration_says() {
    let master = RedisServer::start().unwrap();
    let replica = replica_of(&master);
    check(&standalone(&replica.address()))
        .bad()
        .shows("replica", &replica.address())
        .names("it is a replica: every write is refused");
    let other = RedisServer::start().unwrap();
    check(&format!("{}read_from_replicas = true\nreplicas = [\"{}\"]", standalone(&master.address()), other.address()))
        .bad()
        .names("it is no replica but a master of its own");
    check(&cluster(&[master.address()], ""))
        .bad()
        .names(&format!("{} (in addresses): ERR This instance has cluster support disabled", master.address()));
    // Neither is a Sentinel.
    let pool = format!("mode = \"sentinel\"\naddresses = [\"{}\"]\nmaster_name = \"main\"", master.address());
    check(&pool).bad().names("no Sentinel names a master");
}

#[test]
fn what_sentinel_watches_over() {
    let options = SentinelOptions {
        login: Some(Credentials::user("app", "data-secret")),
        sentinel_login: Some(Credentials::user("watcher", "sentinel-secret")),
        ..SentinelOptions::default()
    };
    let mut setup = Sentinels::start_with(&options).unwrap();
    let passwords = |data: &str, sentinel: &str| {
        format!(
            "username = \"app\"\npassword = \"{data}\"\nsentinel_username = \"watcher\"\n\
             sentinel_password = \"{sentinel}\""
        )
    };
    let pool = sentinel(&setup, &passwords("data-secret", "sentinel-secret"));
    let mut report = check(&pool).good().shows("master", &setup.node(0).address());
    for address in setup.sentinel_addresses() {
        report = report.shows("sentinel", &address);
        let line = report.line(&format!("  sentinel {address}"));
        assert!(line.ends_with(&format!("says that the master is {}", setup.node(0).address())), "{line}");
    }
    report.shows("replica", &setup.node(1).address()).shows("replica", &setup.node(2).address());
    check(&pool.replace("\"sentinel\"", "\"sentinel_replica\"")).good().shows("replica", &setup.node(1).address());

    check(&sentinel(&setup, &passwords("wrong-secret", "sentinel-secret")))
        .bad()
        .names("redis pool \"default\" (sentinel ");
    let report = check(&sentinel(&setup, &passwords("data-secret", "wrong-secret"))).bad();
    assert_eq!(report.text.matches("problem: the server refused the connection: WRONGPASS").count(), 3);
    let report = check(&pool.replace("\"main\"", "\"mian\"")).bad().names("no Sentinel names a master");
    assert_eq!(report.text.matches("problem: it knows no master \"mian\": check master_name").count(), 3);

    // A Sentinel, and a replica.
    setup.sentinels_mut()[2].kill().unwrap();
    let gone = setup.sentinel_addresses().remove(2);
    let report = check(&pool).bad().names("cannot connect: Connection refused");
    report.shows("replica", &setup.node(1).address()).line(&format!("  sentinel {gone}"));
    setup.sentinels_mut()[2].restart().unwrap();
    check(&pool).good();
    setup.node_mut(2).kill().unwrap();
    let replica = setup.node(2).address();
    for noticed in [false, true] {
        if noticed {
            wait_until("the Sentinels take it for dead", || {
                let command = ["SENTINEL", "REPLICAS", setup.master_name()];
                let down = |server: &RedisServer| {
                    format!("{:?}", server.connect().unwrap().command(&command).unwrap()).contains("s_down")
                };
                if setup.sentinels().iter().all(down) { Ok(()) } else { Err("not all".to_owned()) }
            });
        }
        let report = check(&pool).bad().names("cannot connect: Connection refused");
        report.shows("replica", &setup.node(1).address()).line(&format!("  replica  {replica}"));
    }
}

#[test]
fn a_cluster() {
    let login = Some(Credentials::password("cluster-secret"));
    let mut nodes = Cluster::start_with(&ClusterOptions { login, ..ClusterOptions::default() }).unwrap();
    let password = "password = \"cluster-secret\"";
    // One address is enough to find all.
    let pool = cluster(&nodes.addresses()[..1], password);
    let mut report = check(&pool).good();
    for node in 0..6 {
        report = report.shows(if node < 3 { "master" } else { "replica" }, &nodes.node(node).address());
    }
    let line = report.line(&format!("  master   {}", nodes.node(1).address()));
    assert!(line.ends_with("1 replicas connected  slots 5461-10921"), "{line}");

    let everybody = cluster(&nodes.addresses(), "password = \"wrong-secret\"");
    let report = check(&everybody).bad();
    for address in nodes.addresses() {
        report.line(&format!("  problem: {address} (in addresses): the server refused the connection: WRONGPASS"));
    }
    check(&format!("{}{password}", standalone(&nodes.node(0).address())))
        .bad()
        .names("it is a node of a cluster: use mode cluster");

    nodes.node_mut(4).kill().unwrap();
    let gone = nodes.node(4).address();
    for noticed in [false, true] {
        if noticed {
            wait_until("the others take it for dead", || {
                let view = nodes.node(0).connect().unwrap().text(&["CLUSTER", "NODES"]).unwrap();
                if view.contains("slave,fail ") { Ok(()) } else { Err(view) }
            });
        }
        let report = check(&pool).bad().names("cannot connect: Connection refused");
        report.shows("replica", &nodes.node(3).address()).line(&format!("  replica  {gone}"));
    }
}

#[test]
fn a_cluster_without_all_slots() {
    let options = ClusterOptions { replicas_each: 0, require_full_coverage: false, ..ClusterOptions::default() };
    let nodes = Cluster::start_with(&options).unwrap();
    for node in 0..3 {
        nodes.node(node).connect().unwrap().succeed(&["CLUSTER", "DELSLOTS", "5", "6"]).unwrap();
    }
    check(&cluster(&nodes.addresses(), "")).bad().names("only 16382 of 16384 slots are served");
}

#[test]
fn a_cluster_whose_master_is_gone() {
    let options = ClusterOptions { replicas_each: 0, require_full_coverage: false, ..ClusterOptions::default() };
    let mut nodes = Cluster::start_with(&options).unwrap();
    let addresses = nodes.addresses();
    nodes.node_mut(2).kill().unwrap();
    let report = check(&cluster(&addresses[..2], "")).bad().names("cannot connect: Connection refused");
    report.shows("master", &addresses[0]).shows("master", &addresses[1]).line(&format!("  master   {}", addresses[2]));
}

#[test]
fn behind_tls() {
    let certificates = Certificates::new().unwrap();
    let trusting = |ca: &std::path::Path| format!("tls_enabled = true\ntls_ca_file = \"{}\"\n", ca.display());
    let redis = RedisServer::start_tls(&certificates, &[]).unwrap();
    let address = redis.tls_address().unwrap();
    let pool = standalone(&address);
    check(&(pool.clone() + &trusting(&certificates.ca()))).good().shows("master", &address);
    check(&(pool + &trusting(&certificates.other_ca())))
        .bad()
        .names("cannot connect: TLS: the server's certificate is not signed by a CA that is trusted");
    let options = SentinelOptions { tls: Some(certificates.clone()), ..SentinelOptions::default() };
    let setup = Sentinels::start_with(&options).unwrap();
    let mut report = check(&sentinel(&setup, &trusting(&certificates.ca()))).good();
    for (node, role) in ["master", "replica", "replica"].iter().enumerate() {
        report = report.shows(role, &setup.node(node).public_address());
    }
    let options = ClusterOptions { tls: Some(certificates.clone()), ..ClusterOptions::default() };
    let nodes = Cluster::start_with(&options).unwrap();
    let mut report = check(&cluster(&nodes.addresses()[..1], &trusting(&certificates.ca()))).good();
    for address in nodes.addresses() {
        report = report.shows(if nodes.addresses()[..3].contains(&address) { "master" } else { "replica" }, &address);
    }
}

#[test]
fn pools_that_the_init_scripts_register() {
    let redis = RedisServer::start().unwrap();
    let down = format!("127.0.0.1:{}", RedisServer::free_port().unwrap());
    let site = site(&standalone(&redis.address())).section("[lua]\ninit_scripts = [\"init.lua\"]").file(
        "init.lua",
        &format!(
            "local config = {{ address = \"{down}\", password = \"secret\" }}\n\
             assert(require(\"nauthilus_redis\").register_redis_pool(\"other\", \"standalone\", config))\n"
        ),
    );
    let report = Report::of(&mut command(&site)).bad().shows("master", &redis.address()).names("cannot connect: ");
    report.line("redis pool \"default\" (standalone ");
    report.line(&format!("redis pool \"other\" (standalone {down})"));
    report.line("  ok");
    report.line(&format!("  problem: redis pool \"other\" (standalone {down}): cannot connect: "));

    let report = Report::of(command(&site).arg("--no-init")).good();
    assert!(!report.text.contains("other"), "{}", report.text);
}

#[test]
fn an_init_script_that_fails_is_told_and_the_pools_are_looked_at() {
    let down = format!("127.0.0.1:{}", RedisServer::free_port().unwrap());
    let site = site(&standalone(&down)).section("[lua]\ninit_scripts = [\"init.lua\"]").file(
        "init.lua",
        "local value, err = require(\"nauthilus_redis\").redis_get(\"default\", \"k\")\nassert(value, err)\n",
    );
    let report = Report::of(&mut command(&site)).bad();
    let line = report.text.lines().next().unwrap();
    assert!(line.starts_with("problem: ") && line.contains("init.lua"), "{}", report.text);
    report.line("  problem: cannot connect: ");
}
