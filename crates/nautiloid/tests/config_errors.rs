//! Mistakes in the configuration and in scripts: each is told with the file, line or key where it is.

mod support;

use support::{Site, stderr};

const HOOK: &str = "function nauthilus_run_hook() return 1 end";

/// Serves a site that must be refused and gives what is said of it.
fn refused(site: &Site) -> String {
    let output = site.refused();
    let error = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.starts_with("nautiloid: "), "{error}");
    error
}

#[test]
fn unknown_sections_and_keys_are_named_with_their_line() {
    // The configuration begins with `[server]`, `listen = …` and an empty line.
    for (lines, place) in [
        ("[redsi]\naddress = \"127.0.0.1:6379\"", ":4: redsi: unknown field `redsi`"),
        ("[redis]\naddress = \"127.0.0.1:6379\"\npool_sise = 3", ":6: redis.pool_sise: unknown field `pool_sise`"),
        ("[lua]\n\nmemory_limit = \"64MiB\"", ":6: lua.memory_limit: unknown field `memory_limit`"),
        ("[log]\ncolour = true", ":5: log.colour: unknown field `colour`"),
        ("[[hooks]]\npath = \"/a\"", ":5: hooks[0].path: unknown field `path`"),
    ] {
        let site = Site::new().section(lines);
        let expected = format!("nautiloid: {}{place}", support::text(&site.path("nautiloid.toml")));
        let error = refused(&site);
        assert!(error.starts_with(&expected), "said:     {error}expected: {expected}");
    }
    let error = refused(&Site::new().server("worker = 2"));
    assert!(
        error.contains(":3: server.worker: unknown field `worker`, expected one of `listen`, `workers`"),
        "{error}"
    );
}

#[test]
fn values_that_cannot_be_are_told_with_their_key() {
    for (lines, place) in [
        ("[redis]\nmode = \"cluster\"", ":4: redis: addresses is missing"),
        ("[redis]\naddress = \"127.0.0.1:6379\"\nread_timeout = 5", ":6: redis.read_timeout: "),
        ("[redis]\naddress = \"127.0.0.1:6379\"\nread_timeout = \"5\"", ":6: redis.read_timeout: "),
        ("[[hooks]]\nlocation = \"/a\"\nmethod = \"GTE\"\nscript = \"a.lua\"", ":6: hooks[0].method: \"GTE\" is not a"),
        ("[[hooks]]\nlocation = \"/a b\"\nmethod = \"GET\"\nscript = \"a.lua\"", ":5: hooks[0].location: \"/a b\" is"),
    ] {
        let error = refused(&Site::new().section(lines));
        assert!(error.contains(place), "said:     {error}expected: {place}");
    }
    let site = Site::new().hook("GET", "/a", HOOK).hook("GET", "a", HOOK);
    assert!(refused(&site).contains("hooks[1]: a second hook for GET /a"));
}

#[test]
fn missing_scripts_are_told_with_key_and_path() {
    let site = Site::new().section("[[hooks]]\nlocation = \"/a\"\nmethod = \"GET\"\nscript = \"gone.lua\"");
    let gone = support::text(&site.path("gone.lua")).to_owned();
    let error = refused(&site);
    assert!(error.contains(&format!(":7: hooks[0].script: cannot read the script {gone}: No such file")), "{error}");

    let error = refused(&Site::new().section("[lua]\ninit_scripts = [\"gone.lua\"]"));
    assert!(error.contains(":5: lua.init_scripts[0]: cannot read the script "), "{error}");
}

#[test]
fn a_syntax_error_stops_the_start_with_file_and_line() {
    let error = refused(&Site::new().hook("GET", "/a", "local a = 1\nlocal b = = 2\n"));
    assert!(error.starts_with("nautiloid: hooks/a.GET.lua:2: unexpected symbol near '='"), "{error}");

    // Nothing runs before everything is known to compile.
    let init = "[lua]\ninit_scripts = [\"first.lua\", \"second.lua\"]";
    let site = || Site::new().section(init).file("first.lua", "print('ran')");
    let error = refused(&site().file("second.lua", "\nif then").hook("GET", "/a", HOOK));
    assert!(error.starts_with("nautiloid: second.lua:2: "), "{error}");
    assert!(!error.contains("ran"), "{error}");
    let error = refused(&site().file("second.lua", "").hook("GET", "/a", "return return"));
    assert!(error.contains("nautiloid: hooks/a.GET.lua:1: "), "{error}");
    assert!(!error.contains("ran"), "{error}");
}

#[test]
fn a_hook_without_its_callback_is_500_and_logged() {
    let server = Site::new().hook("GET", "/a", "function nauthilus_run_hok() end").start();
    assert_eq!(server.hook("/a").status, 500);
    let line = server.log.wait_for("hook failed");
    assert!(line.contains("hooks/a.GET.lua") && line.contains("nauthilus_run_hook"), "{line}");
}

#[test]
fn results_that_json_cannot_hold_are_500_and_logged() {
    let server = Site::new()
        .hook("GET", "/function", "function nauthilus_run_hook() return { callback = function() end } end")
        .hook("GET", "/cycle", "function nauthilus_run_hook() local t = {} t.self = { t } return t end")
        .hook("GET", "/nan", "function nauthilus_run_hook() return { 0/0 } end")
        .hook("GET", "/keys", "function nauthilus_run_hook() return { [true] = 1 } end")
        .hook(
            "GET",
            "/module",
            "local r = require('nauthilus_http_response') function nauthilus_run_hook() r.json(200, { print }) end",
        )
        .hook("GET", "/good", HOOK)
        .start();
    for (location, reason) in
        [("/function", "function"), ("/cycle", "itself"), ("/nan", "nan"), ("/module", "function")]
    {
        let answer = server.hook(location);
        assert_eq!((answer.status, answer.text()), (500, r#"{"error":"internal server error"}"#), "{location}");
        let line = server.log.wait_for(&format!("location=\"{location}\""));
        assert!(line.contains(&format!("hooks{location}.GET.lua")), "{line}");
        assert!(line.to_lowercase().contains(reason), "no {reason:?} in {line}");
    }
    assert_eq!(server.hook("/keys").status, 500);
    assert_eq!(server.hook("/good").status, 200);
}
