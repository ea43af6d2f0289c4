//! Unit tests of the configuration: what is read, and what each mistake is told.

use std::path::Path;
use std::time::Duration;

use super::document::Document;
use super::{Config, ConfigError, LogFormat, LogLevel, MINIMAL};

/// Reads `text` as `conf/nautiloid.toml` in a folder that has `hello.lua` and `init.lua`.
fn read(text: &str) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    for script in ["hello.lua", "init.lua"] {
        std::fs::write(folder.path().join(script), "return 1").unwrap();
    }
    Config::read(&Document::parse(Path::new("conf/nautiloid.toml"), text)?, folder.path())
}

fn error(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn the_minimal_configuration_is_valid() {
    let config = read(MINIMAL).unwrap();
    assert_eq!(config.hooks.len(), 1);
    assert_eq!(config.redis.to_string(), "embedded");
}

#[test]
fn an_empty_file_is_all_defaults() {
    let config = read("").unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:9080");
    assert!(config.server.worker_count() >= 1);
    assert_eq!(config.server.max_body_size, 1024 * 1024);
    assert_eq!(config.server.shutdown_timeout, Duration::from_secs(10));
    assert_eq!((config.log.level, config.log.format), (LogLevel::Info, LogFormat::Text));
    assert!(config.lua.package_path.iter().all(|pattern| pattern.is_absolute()));
}

#[test]
fn every_key_is_read() {
    let config = read(
        r#"
        [server]
        listen = "[::1]:0"
        workers = 3
        max_body_size = "64KiB"
        shutdown_timeout = "1m 30s"

        [log]
        level = "debug"
        format = "json"

        [lua]
        package_path = ["modules/?.lua", "/usr/share/lua/?.lua"]
        init_scripts = ["init.lua"]
        env = ["POOL"]

        [redis]
        address = "127.0.0.1:6379"
        db = 3
        read_timeout = "500ms"

        [[hooks]]
        location = "login/count"
        method = "post"
        script = "hello.lua"
        public = true

        [[hooks]]
        location = "/login/count"
        method = "GET"
        script = "hello.lua"
        "#,
    )
    .unwrap();
    assert_eq!(config.server.listen.to_string(), "[::1]:0");
    assert_eq!(config.server.worker_count(), 3);
    assert_eq!(config.server.max_body_size, 65_536);
    assert_eq!(config.server.shutdown_timeout, Duration::from_secs(90));
    assert_eq!((config.log.level, config.log.format), (LogLevel::Debug, LogFormat::Json));
    assert_eq!(config.lua.package_path[1], Path::new("/usr/share/lua/?.lua"));
    assert!(config.lua.package_path[0].ends_with("modules/?.lua") && config.lua.package_path[0].is_absolute());
    assert_eq!(config.lua.init_scripts[0].name(), "init.lua");
    assert_eq!(config.lua.env, ["POOL"]);
    assert_eq!(config.redis.to_string(), "standalone 127.0.0.1:6379 db 3");
    let hook = &config.hooks[0];
    assert_eq!((hook.location.as_str(), hook.method.as_str(), hook.public), ("/login/count", "POST", true));
    assert!(!config.hooks[1].public);
}

#[test]
fn mistakes_name_the_file_the_line_and_the_key() {
    const HOOK: &str = "[[hooks]]\nlocation = \"/a\"\nmethod = \"GET\"\nscript = \"hello.lua\"\n";
    let second = |lines: &str| format!("{HOOK}\n[[hooks]]\n{lines}");
    for (text, expected) in [
        ("[server]\n\nwrokers = 2\n".to_owned(), "conf/nautiloid.toml:3: server.wrokers: unknown field `wrokers`"),
        ("\n[sever]\nlisten = \"\"".into(), "conf/nautiloid.toml:2: sever: unknown field `sever`, expected one of"),
        ("[lua]\ntimeout = \"5s\"".into(), "conf/nautiloid.toml:2: lua.timeout: unknown field `timeout`"),
        ("[redis]\nadress = \"x\"".into(), "conf/nautiloid.toml:2: redis.adress: unknown field `adress`"),
        ("listen = ".into(), "conf/nautiloid.toml:1: "),
        ("[server]\nlisten = \"localhost\"".into(), "conf/nautiloid.toml:2: server.listen: "),
        ("[server]\nworkers = 0".into(), "conf/nautiloid.toml:2: server.workers: "),
        (
            "[server]\nmax_body_size = 5".into(),
            "conf/nautiloid.toml:2: server.max_body_size: invalid type: integer `5`",
        ),
        ("[server]\nmax_body_size = \"5\"".into(), "conf/nautiloid.toml:2: server.max_body_size: \"5\" is not a size"),
        ("[server]\nshutdown_timeout = \"5\"".into(), "conf/nautiloid.toml:2: server.shutdown_timeout: \"5\" is not a"),
        ("[server]\nshutdown_timeout = \"-5s\"".into(), "conf/nautiloid.toml:2: server.shutdown_timeout: a duration"),
        ("[log]\nlevel = \"loud\"".into(), "conf/nautiloid.toml:2: log.level: \"loud\" is none of error, warn, info"),
        ("[lua]\npackage_path = [\n\"?.lua\",\n\"lib\"]".into(), "conf/nautiloid.toml:4: lua.package_path[1]: no ? in"),
        ("[lua]\ninit_scripts = [\"gone.lua\"]".into(), "conf/nautiloid.toml:2: lua.init_scripts[0]: cannot read the"),
        ("\n[redis]\ndb = 1\n".into(), "conf/nautiloid.toml:2: redis: address is missing"),
        ("[redis]\npool_size = -1".into(), "conf/nautiloid.toml:2: redis.pool_size: -1 is negative: write a whole"),
        ("[redis]\ndb = 65536".into(), "conf/nautiloid.toml:2: redis.db: 65536 is too large"),
        ("[redis]\ndb = \"1\"".into(), "conf/nautiloid.toml:2: redis.db: invalid type: string \"1\", expected a whole"),
        ("[redis]\naddress = \"a:0\"".into(), "conf/nautiloid.toml:2: redis.address: the port of address \"a:0\" is"),
        (
            "[redis]\nmode = \"cluster\"\naddresses = [\n  \"a:1\",\n  \"b:99999\",\n]".into(),
            "conf/nautiloid.toml:3: redis.addresses: the port of address \"b:99999\" is not a number from 1 to 65535",
        ),
        (
            "[redis]\nmode = \"standalone\"\naddresses = [\"a:1\"]".into(),
            "conf/nautiloid.toml:3: redis: addresses has no meaning in mode standalone: write address",
        ),
        (
            "[redis]\naddress = \"a:1\"\n\ntls_ca_file = \"ca.pem\"".into(),
            "conf/nautiloid.toml:4: redis: tls_ca_file has no meaning without tls_enabled = true",
        ),
        ("[redis]\naddress = \"a\"\npool_size = 0".into(), "conf/nautiloid.toml:3: redis: pool_size must be at least"),
        (
            "[[hooks]]\nmethod = \"GET\"\nscript = \"hello.lua\"".into(),
            "conf/nautiloid.toml:1: hooks[0]: missing field",
        ),
        (
            second("location = \"/a\"\nmethod = \"GET\"\nscript = \"hello.lua\""),
            "conf/nautiloid.toml:6: hooks[1]: a second",
        ),
        (second("location = \"a b\""), "conf/nautiloid.toml:7: hooks[1].location: \"a b\" is not a path"),
        (second("location = \"/a?b\""), "conf/nautiloid.toml:7: hooks[1].location: "),
        (second("location = \"\""), "conf/nautiloid.toml:7: hooks[1].location: "),
        (second("method = \"FETCH\""), "conf/nautiloid.toml:7: hooks[1].method: \"FETCH\" is not a method"),
        (
            second("location = \"/b\"\nmethod = \"GET\"\nscript = \"gone.lua\""),
            "conf/nautiloid.toml:9: hooks[1].script: cannot read the script",
        ),
        (second("location = \"/b\"\nmethod = \"GET\"\nscript = \".\""), "conf/nautiloid.toml:9: hooks[1].script: "),
    ] {
        let error = error(&text);
        assert!(error.starts_with(expected), "{text}\nsaid:     {error}\nexpected: {expected}");
    }
}

#[test]
fn a_mistyped_password_is_not_repeated() {
    let error = error("[redis]\naddress = \"a\"\npassword = 424242");
    assert_eq!(error, "conf/nautiloid.toml:3: redis.password: write a string in quotes");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Config::load(Path::new("no/such.toml")).unwrap_err();
    assert_eq!(error.to_string(), "cannot read the configuration no/such.toml");
    assert!(std::error::Error::source(&error).is_some(), "what the system says is missing");
}
