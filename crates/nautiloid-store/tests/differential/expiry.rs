//! Short deadlines: what is gone is gone for every command, and nobody needs to ask for it to go.

use nautiloid_resp::Value;

use crate::both::{Both, ask, strings};

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
    ] {
        both.ask(command);
    }
    let staying = ["getex", "later", "overwritten", "persisted", "plain", "source"];
    both.await_reply("KEYS *", &strings(staying));
    for key in ["string", "hash", "set", "renamed", "kept"] {
        for command in ["GET", "TYPE", "EXISTS", "TTL", "PEXPIRETIME", "HGETALL", "SCARD", "PERSIST", "DEL"] {
            both.ask(&format!("{command} {key}"));
        }
        assert_eq!(both.ask(&format!("TTL {key}")), Value::Integer(-2));
    }
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
