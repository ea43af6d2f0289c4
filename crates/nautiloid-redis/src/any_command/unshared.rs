//! Commands that change what a connection is, or keep it waiting. Those of other requests share it, so they are not sent.

/// A command that is not sent, and what to do instead.
struct Unshared {
    /// Its names, in upper case.
    names: &'static [&'static str],
    /// A word among its arguments with which alone it is one; empty when it always is.
    with: &'static str,
    /// What it would do.
    why: &'static str,
    /// What to use.
    instead: &'static str,
}

const UNSHARED: &[Unshared] = &[
    Unshared {
        names: &["MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH"],
        with: "",
        why: "would begin or end a transaction for everybody",
        instead: "use redis_transaction",
    },
    Unshared {
        names: &["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR"],
        with: "",
        why: "would make the connection one for messages alone",
        instead: "publish with redis_publish, and keep what has to be read later in a list or a stream",
    },
    Unshared {
        names: &["SELECT"],
        with: "",
        why: "would change the database for everybody",
        instead: "register a pool with the key 'db'",
    },
    Unshared {
        names: &["AUTH", "HELLO"],
        with: "",
        why: "would change the user or the protocol for everybody",
        instead: "register a pool with the keys 'username' and 'password'",
    },
    Unshared {
        names: &["RESET", "QUIT", "READONLY", "READWRITE", "ASKING", "SYNC", "PSYNC", "REPLCONF"],
        with: "",
        why: "would change the connection for everybody",
        instead: "the pool sees to it",
    },
    Unshared {
        names: &["CLIENT"],
        with: "REPLY",
        why: "would take away the replies of everybody",
        instead: "leave a result unused",
    },
    Unshared {
        names: &["CLIENT"],
        with: "NO-EVICT",
        why: "would change what the server keeps for everybody",
        instead: "configure that on the server",
    },
    Unshared {
        names: &["SCRIPT"],
        with: "DEBUG",
        why: "would make the next script of anybody a session of the debugger",
        instead: "use redis-cli --ldb",
    },
    Unshared {
        names: &["CLIENT"],
        with: "TRACKING",
        why: "would send messages that nobody waits for",
        instead: "keep what has to be remembered in nauthilus_context or a table of a module",
    },
    Unshared {
        names: &[
            "BLPOP",
            "BRPOP",
            "BLMOVE",
            "BRPOPLPUSH",
            "BLMPOP",
            "BZPOPMIN",
            "BZPOPMAX",
            "BZMPOP",
            "WAIT",
            "WAITAOF",
        ],
        with: "",
        why: "would keep everybody waiting",
        instead: "use the command that does not wait (LPOP, LMOVE, ZPOPMIN), and time.sleep between attempts",
    },
    Unshared {
        names: &["XREAD", "XREADGROUP"],
        with: "BLOCK",
        why: "would keep everybody waiting",
        instead: "leave BLOCK out, and use time.sleep between attempts",
    },
];

/// Why a command is not sent, in a sentence; `None` when it can be.
pub fn unshared(words: &[&[u8]]) -> Option<String> {
    let name = String::from_utf8_lossy(words.first()?).to_ascii_uppercase();
    let has =
        |with: &str| with.is_empty() || words.iter().skip(1).any(|word| word.eq_ignore_ascii_case(with.as_bytes()));
    let found = UNSHARED.iter().find(|entry| entry.names.contains(&name.as_str()) && has(entry.with))?;
    let with = if found.with.is_empty() { String::new() } else { format!(" {}", found.with) };
    Some(format!(
        "{name}{with} cannot be sent: the connection is shared with other requests, and it {}; {}",
        found.why, found.instead
    ))
}

#[cfg(test)]
mod tests {
    use super::unshared;

    #[test]
    fn what_is_not_sent_says_what_to_do_instead() {
        let words = |text: &'static str| text.split(' ').map(str::as_bytes).collect::<Vec<_>>();
        assert!(unshared(&words("multi")).unwrap().ends_with("use redis_transaction"));
        assert!(unshared(&words("client Reply OFF")).unwrap().starts_with("CLIENT REPLY cannot be sent"));
        assert!(unshared(&words("XREAD COUNT 1 block 0 STREAMS s 0")).unwrap().contains("leave BLOCK out"));
        assert!(unshared(&words("script debug YES")).unwrap().starts_with("SCRIPT DEBUG cannot be sent"));
        for fine in ["GET a", "SCRIPT EXISTS 0", "CLIENT ID", "XREAD COUNT 1 STREAMS s 0", "SET multi watch"] {
            assert_eq!(unshared(&words(fine)), None, "{fine}");
        }
        assert_eq!(unshared(&[]), None);
    }
}
