//! Short deadlines: what is gone is gone for every command, and nobody needs to ask for it to go.

use std::collections::BTreeSet;

use nautiloid_resp::Value;

use crate::both::{Both, ask, strings, texts};

#[test]
fn keys_go_when_their_time_has_come() {
    let mut both = Both::start();
    for command in [
        "SET string v PX 200",
        "HSET hash f v",
        "PEXPIRE hash 200",
        "SADD set m",
        "PEXPIRE set 200",
        "SET old v PX 200",
        "RENAME old renamed",
        "SET kept v PX 200",
        "SET kept w KEEPTTL",
        // These stay.
        "SET plain v",
        "SET overwritten v PX 200",
        "SET overwritten w",
        "SET persisted v PX 200",
        "PERSIST persisted",
        "SET getex v PX 200",
        "GETEX getex PERSIST",
        "SET later v PX 200",
        "EXPIRE later 100000",
        "SET target v",
        "SET source v PX 200",
        "RENAME target source",
        "SET again v PX 200",
        "DEL again",
        "SET again w",
    ] {
        both.ask(command);
    }
    let staying = ["again", "getex", "later", "overwritten", "persisted", "plain", "source"];
    both.await_reply("KEYS *", &strings(staying));
    for key in ["string", "hash", "set", "renamed", "kept"] {
        for command in ["GET", "TYPE", "EXISTS", "TTL", "PEXPIRETIME", "HGETALL", "SCARD", "PERSIST", "DEL"] {
            both.ask(&format!("{command} {key}"));
        }
        assert_eq!(both.ask(&format!("TTL {key}")), Value::Integer(-2));
    }
    // When the sweep has taken this one, it has come by all deadlines that were set and are no more.
    both.ask("SET last v PX 1");
    both.await_reply("DBSIZE", &Value::Integer(staying.len() as i64));
    for (_, connection) in both.each() {
        let Value::Array(scan) = ask(connection, "SCAN 0 COUNT 1000") else { panic!("no array") };
        let Value::Array(keys) = &scan[1] else { panic!("no array") };
        assert_eq!(keys.len(), staying.len());
    }
}

#[test]
fn nobody_has_to_look_at_a_key_for_it_to_go() {
    const KEYS: usize = 3000;
    let mut both = Both::start();
    let mut commands: Vec<String> = (0..KEYS).map(|n| format!("SET short:{n} v PX {}", 50 + n % 100)).collect();
    commands.extend((0..KEYS).map(|n| format!("SET long:{n} v EX 100000")));
    commands.extend(["SELECT 7", "SET other v PX 100", "SELECT 0"].map(String::from));
    let commands: Vec<Vec<&str>> = commands.iter().map(|command| command.split(' ').collect()).collect();
    for (_, connection) in both.each() {
        let replies = connection.pipeline(&commands).unwrap();
        assert!(replies.iter().all(|reply| *reply == Value::OK));
    }
    // DBSIZE looks at no key.
    both.await_reply("DBSIZE", &Value::Integer(KEYS as i64));
    assert_eq!(both.ask("SELECT 7"), Value::OK);
    both.await_reply("DBSIZE", &Value::Integer(0));
    let Value::Bulk(info) = ask(&mut both.store, "INFO keyspace") else { panic!("no text") };
    let info = String::from_utf8(info.to_vec()).unwrap();
    assert!(info.contains(&format!("db0:keys={KEYS},expires={KEYS}")) && !info.contains("db7"), "{info}");
}

/// What meets a key first after its time has come. `k` is the key; each has its own.
const FIRST: &[(&str, &[&str])] = &[
    (
        "SET k 5",
        &[
            "GET k",
            "GETDEL k",
            "GETEX k PERSIST",
            "GETSET k w",
            "MGET k",
            "STRLEN k",
            "SET k w",
            "SET k w NX",
            "SET k w XX",
            "SET k w GET",
            "SET k w KEEPTTL",
            "SETNX k w",
            "MSETNX k w",
            "MSET k w",
            "INCR k",
            "DECRBY k 3",
            "INCRBYFLOAT k 1.5",
            "APPEND k x",
            "HSET k f v",
            "SADD k m",
            "DEL k",
            "UNLINK k",
            "EXISTS k",
            "TOUCH k",
            "TYPE k",
            "TTL k",
            "PTTL k",
            "EXPIRETIME k",
            "PEXPIRETIME k",
            "PERSIST k",
            "EXPIREAT k 5000000000",
            "PEXPIREAT k 5000000000000 XX",
            "RENAME k other",
            "RENAME plain k",
            "RENAMENX another k",
            "EVAL return(redis.call('GET','k')) 0",
            "EVAL return(redis.call('INCR','k')) 0",
        ],
    ),
    (
        "HSET k f 5",
        &[
            "HGET k f",
            "HMGET k f",
            "HGETALL k",
            "HKEYS k",
            "HVALS k",
            "HLEN k",
            "HEXISTS k f",
            "HSTRLEN k f",
            "HSET k g v",
            "HSETNX k f v",
            "HINCRBY k f 2",
            "HINCRBYFLOAT k f 2.5",
            "HDEL k f",
            "GET k",
        ],
    ),
    (
        "SADD k m",
        &[
            "SMEMBERS k",
            "SISMEMBER k m",
            "SMISMEMBER k m",
            "SCARD k",
            "SADD k n",
            "SREM k m",
            "SPOP k",
            "SRANDMEMBER k",
        ],
    ),
];

#[test]
fn the_first_command_that_looks_finds_nothing() {
    let mut both = Both::start_without_sweep();
    let with_keys = FIRST.iter().flat_map(|(create, commands)| commands.iter().map(move |command| (create, command)));
    let with_keys: Vec<_> = with_keys
        .enumerate()
        .map(|(n, (create, command))| {
            let key = format!("k{n}");
            (create.replace('k', &key), command.replace('k', &key), key)
        })
        .collect();
    for command in ["SET plain v", "SET another v", "SET unseen v PX 1"] {
        both.ask(command);
    }
    for (create, _, key) in &with_keys {
        both.ask(create);
        assert_eq!(both.ask(&format!("PEXPIRE {key} 1")), Value::Integer(1), "{create}");
    }
    // When this is gone, all are due.
    both.ask("SET last v PX 2");
    both.await_reply("GET last", &Value::Nil);
    for (_, command, key) in &with_keys {
        both.ask(command);
        both.ask(&format!("TYPE {key}"));
        both.ask(&format!("PEXPIRETIME {key}"));
    }
    // The one that nobody has looked at is counted, and not shown.
    let Value::Integer(counted) = both.ask("DBSIZE") else { panic!("no number") };
    let [redis, store] = both.each().map(|(_, connection)| {
        let Value::Array(scan) = ask(connection, "SCAN 0 COUNT 1000") else { panic!("no array") };
        [texts(&ask(connection, "KEYS *")), texts(&scan[1])].map(BTreeSet::from_iter)
    });
    assert_eq!(redis, store);
    assert_eq!(store[0], store[1]);
    assert_eq!(counted, store[0].len() as i64 + 1);
}
