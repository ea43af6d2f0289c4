//! Pipelines and transactions as servers see them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "clippy takes a test's own functions for production code")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use nautiloid_resp::Value;
use support::{nautiloid, stderr, stdout};
use testkit::RedisServer;

/// Runs code with a pool, and gives what it returns as JSON.
fn run(code: &str, redis: &str) -> String {
    let output = nautiloid().args(["run", "-e", code, "--redis", redis]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    stdout(&output).trim().to_owned()
}

/// One request: the number of arguments, then each with its length.
fn request(reader: &mut BufReader<TcpStream>) -> Option<Vec<String>> {
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap() == 0 {
        return None;
    }
    let count: usize = line.trim().strip_prefix('*').unwrap().parse().unwrap();
    let arguments = (0..count).map(|_| {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let length: usize = line.trim().strip_prefix('$').unwrap().parse().unwrap();
        let mut bytes = vec![0; length + 2];
        reader.read_exact(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    });
    Some(arguments.collect())
}

#[test]
fn a_pipeline_is_sent_before_its_first_reply() {
    const COMMANDS: usize = 1000;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // It answers the set-up at once, and the commands only when it has all of them: whoever waited in between for a reply
    // would wait for ever.
    let server = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut writer, mut seen) = (stream, 0);
        while let Some(words) = request(&mut reader) {
            match words[0].as_str() {
                "HELLO" => writer.write_all(b"-ERR unknown command 'HELLO'\r\n").unwrap(),
                "PING" => writer.write_all(b"+PONG\r\n").unwrap(),
                "INCR" => {
                    seen += 1;
                    if seen == COMMANDS {
                        let replies: String = (1..=COMMANDS).map(|n| format!(":{n}\r\n")).collect();
                        writer.write_all(replies.as_bytes()).unwrap();
                    }
                }
                other => panic!("{other} was not expected"),
            }
        }
        seen
    });
    let code = format!(
        "local redis = require('nauthilus_redis')
         local commands = {{}}
         for i = 1, {COMMANDS} do commands[i] = {{ 'incr', 'k' }} end
         local replies = assert(redis.redis_pipeline('default', 'write', commands))
         return {{ #replies, replies[1].value, replies[{COMMANDS}].value }}"
    );
    assert_eq!(run(&code, &format!("redis://{address}")), format!("[{COMMANDS},1,{COMMANDS}]"));
    assert_eq!(server.join().unwrap(), COMMANDS);
}

#[test]
fn nothing_runs_for_a_user_who_may_not_begin_transactions() {
    let redis = RedisServer::start().unwrap();
    let mut direct = redis.connect().unwrap();
    direct.command(&["ACL", "SETUSER", "app", "on", ">secret", "~*", "+@all", "-multi"]).unwrap();
    let code = "local redis = require('nauthilus_redis')
                local replies, err = redis.redis_transaction('default', { { 'incr', 'k' }, { 'incr', 'k' } })
                return { replies == nil, err }";
    let result = run(code, &format!("redis://app:secret@{}", redis.address()));
    assert!(result.starts_with("[true,\"NOPERM "), "{result}");
    assert!(result.contains("; the transaction was not run"), "{result}");
    assert_eq!(direct.command(&["GET", "k"]).unwrap(), Value::Nil);
}

#[test]
fn a_transaction_that_is_abandoned_leaves_nothing_watched() {
    let redis = RedisServer::start().unwrap();
    let code = "local redis = require('nauthilus_redis')
                for i = 1, 50 do
                  pcall(redis.redis_transaction, 'default', { 'k' .. i }, function() error('no') end)
                  redis.redis_transaction('default', { 'k' .. i }, function() return nil end)
                end
                local clients = redis.redis_command('default', 'CLIENT', 'LIST')
                local count, watching = 0, 0
                for line in clients:gmatch('[^\\n]+') do
                  count = count + 1
                  if line:find('flags=x') then watching = watching + 1 end
                end
                return { count, watching }";
    // The shared connection, and one that the transactions took in turn.
    assert_eq!(run(code, &format!("redis://{}", redis.address())), "[2,0]");
}

#[test]
fn a_server_without_exec_spoils_no_connection() {
    let redis = RedisServer::start_with(&["--rename-command", "EXEC", ""]).unwrap();
    let code = "local redis = require('nauthilus_redis')
                redis.redis_set('default', 'k', 'v')
                local _, err = redis.redis_transaction('default', { { 'set', 'k', 'w' } })
                return { err:match('^ERR unknown command') ~= nil, redis.redis_get('default', 'k') }";
    // And not "QUEUED".
    assert_eq!(run(code, &format!("redis://{}", redis.address())), "[true,\"v\"]");
}

#[test]
fn very_many_arguments_are_told_what_to_do() {
    let code = r#"
        local redis = require("nauthilus_redis")
        local many = { "sadd", "s" }
        for i = 1, 9000 do many[#many + 1] = i end
        local values = {}
        for i = 1, 7900 do values[i] = "v" .. i end
        local _, refused = pcall(redis.redis_pipeline, "default", "write", { { "ping" }, many })
        local replies = redis.redis_pipeline("default", "write", { { "sadd", "s", values }, { "scard", "s" } })
        local _, bad = pcall(redis.redis_get, unpack(many, 1, 7990))
        return { refused, replies[2].value, bad }
    "#;
    let refused = "command 2 of the pipeline: it has 9002 elements, 7000 at most: put the values into a table of their \
                   own, { \\\"sadd\\\", key, { … } }";
    let bad = "bad argument #1 to 'redis_get' (\\\"default\\\" or a handle of get_redis_connection expected, got string \
               \\\"sadd\\\": get its handle from get_redis_connection)";
    assert_eq!(run(code, "embedded"), format!("[\"{refused}\",7900,\"{bad}\"]"));
}

#[test]
fn an_iterator_says_what_its_first_argument_is() {
    let code = r#"
        local redis = require("nauthilus_redis")
        local _, none = pcall(redis.redis_scan_iter)
        local _, null = pcall(redis.redis_scan_iter, nil)
        return { none:match("got (.*)%)"), null:match("got (nil)") }
    "#;
    assert_eq!(run(code, "embedded"), r#"["no value","nil"]"#);
}
