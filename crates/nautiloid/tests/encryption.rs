//! Encryption with a pool's secret, through the real binary.
#![allow(clippy::unwrap_used, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::path::Path;
use std::process::Output;

use support::{nautiloid, stderr, stdout};

const SECRET: &str = "a secret that nobody may see";

/// Runs code with a `[redis]` section of these keys.
fn run(folder: &Path, keys: &str, code: &str) -> Output {
    let config = folder.join("nautiloid.toml");
    std::fs::write(&config, format!("[redis]\nmode = \"embedded\"\n{keys}\n")).unwrap();
    let mut command = nautiloid();
    command.env("NAUTILOID_TEST_SECRET", SECRET).args(["run", "-e", code, "--config"]).arg(config);
    command.output().unwrap()
}

const ROUND_TRIP: &str = "
local redis = require('nauthilus_redis')
local text = 'bytes: \\0\\r\\n\\255'
local first, second = redis.redis_encrypt('default', text), redis.redis_encrypt('default', text)
redis.redis_set('default', 'k', first)
local stored = redis.redis_get('default', 'k')
local _, changed = redis.redis_decrypt('default', stored:sub(1, -3) .. '==')
local _, nonsense = redis.redis_decrypt('default', 'hello')
return {
  enabled = redis.redis_is_encryption_enabled('default'),
  differs = first ~= second and not first:find('bytes', 1, true),
  base64 = first:find('^[%w+/]+=*$') ~= nil,
  back = redis.redis_decrypt('default', stored) == text,
  method = redis.get_redis_connection('default'):decrypt(first) == text,
  changed = changed,
  nonsense = nonsense,
}";

#[test]
fn what_is_stored_can_be_read_with_the_secret_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), format!("{SECRET}\n")).unwrap();
    for keys in [
        format!("encryption_secret = \"{SECRET}\""),
        "encryption_secret_file = \"secret\"".to_owned(),
        "encryption_secret_env = \"NAUTILOID_TEST_SECRET\"".to_owned(),
    ] {
        let output = run(folder.path(), &keys, ROUND_TRIP);
        assert!(output.status.success(), "{}", stderr(&output));
        let result: serde_json::Value = serde_json::from_str(stdout(&output).trim()).unwrap();
        for what in ["enabled", "differs", "base64", "back", "method"] {
            assert_eq!(result[what], true, "{what} with {keys}: {result}");
        }
        assert!(result["changed"].as_str().unwrap().starts_with("cannot decrypt: "), "{result}");
        assert_eq!(result["nonsense"], "cannot decrypt: this is no text that redis_encrypt has made");
        assert!(!stdout(&output).contains(SECRET) && !stderr(&output).contains(SECRET));
    }
}

#[test]
fn pools_have_secrets_of_their_own() {
    let code = format!(
        "local redis = require('nauthilus_redis')
         assert(redis.register_redis_pool('other', 'embedded', {{ encryption_secret = '{SECRET}' }}))
         local other = redis.get_redis_connection('other')
         local text = other:encrypt('hello')
         local _, err = redis.redis_decrypt('default', text)
         return {{ other:decrypt(text), err, tostring(other), redis.redis_is_encryption_enabled('default') }}"
    );
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), "encryption_secret = \"mine\"", &code);
    let expected = "[\"hello\",\"cannot decrypt: the text was changed, or encrypted with another secret; check the pool's \
                    encryption_secret\",\"redis_pool(\\\"other\\\", embedded)\",true]";
    assert_eq!(stdout(&output).trim(), expected, "{}", stderr(&output));
}

#[test]
fn a_secret_that_cannot_be_used_is_told_without_it() {
    let folder = tempfile::tempdir().unwrap();
    for (keys, problem) in [
        ("encryption_secret_file = \"nowhere\"", "encryption_secret_file: cannot use "),
        ("encryption_secret_env = \"NAUTILOID_NOWHERE\"", "the environment variable NAUTILOID_NOWHERE is not set"),
        (
            "encryption_secret = \"a secret that nobody may see\"\nencryption_secret_env = \"NAUTILOID_TEST_SECRET\"",
            "encryption_secret and encryption_secret_env exclude each other",
        ),
        ("encryption_secret = 12345", ":3: redis.encryption_secret: write a string in quotes"),
    ] {
        let output = run(folder.path(), keys, "return 1");
        assert!(!output.status.success(), "{keys}");
        let error = stderr(&output);
        assert!(error.contains(problem), "{keys}: {error}");
        assert!(!error.contains(SECRET), "{error}");
    }
}
