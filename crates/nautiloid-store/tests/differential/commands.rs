//! The commands that are compared: a line each, with how often it comes.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::template::{self, Args};

/// Templates and their weights.
const TEMPLATES: &[(u32, &str)] = &[
    // Connection and server.
    (2, "PING"),
    (1, "PING <value>"),
    (1, "ECHO <value>"),
    (8, "SELECT 0"),
    (3, "SELECT <db>"),
    (1, "AUTH <value>"),
    (1, "AUTH default <value>"),
    (1, "AUTH <value> <value>"),
    (1, "HELLO"),
    (2, "HELLO 2"),
    (2, "HELLO 3"),
    (1, "HELLO <integer>"),
    (1, "HELLO 3 SETNAME <member>"),
    (1, "HELLO 2 AUTH default <value>"),
    (1, "HELLO 3 AUTH <value> <value>"),
    (1, "HELLO 2 FOO"),
    (2, "CLIENT SETNAME <member>"),
    (2, "CLIENT GETNAME"),
    (1, "CLIENT NO-EVICT ON"),
    (1, "CLIENT FOO <value>"),
    (1, "CONFIG FOO"),
    (1, "=COMMAND FOO"),
    (1, "RESET"),
    (1, "FLUSHDB"),
    (1, "FLUSHALL ASYNC"),
    (1, "FLUSHDB <value>"),
    // Looked at first, so that neither side still counts a key whose time has passed.
    (4, "=EXISTS <all-keys> ; DBSIZE"),
    (3, "NOSUCHCOMMAND <member>"),
    (1, "<value> <value> <value> <value>"),
    // Keys.
    (10, "DEL <keys>"),
    (5, "UNLINK <keys>"),
    (8, "EXISTS <keys>"),
    (3, "TOUCH <keys>"),
    (10, "TYPE <key>"),
    (10, "RENAME <key> <key>"),
    (6, "RENAMENX <key> <key>"),
    (8, "KEYS <pattern>"),
    (4, "KEYS *"),
    (4, "=SCAN 0 COUNT 1000"),
    (4, "=SCAN 0 COUNT 1000 MATCH <pattern>"),
    (4, "=SCAN 0 TYPE <type> COUNT 1000"),
    (2, "=SCAN <bad-cursor>"),
    (2, "=SCAN 0 COUNT <bad-time>"),
    (1, "SCAN 0 FOO <value>"),
    (1, "=SCAN 0 COUNT"),
    // Deadlines.
    (5, "=EXPIRE <key> <seconds> <nx-xx>"),
    (3, "=EXPIRE <key> <any-seconds> <conditions>"),
    (3, "=EXPIRE <key> <any-seconds> <value>"),
    (5, "=PEXPIRE <key> <milliseconds> <nx-xx>"),
    (10, "=EXPIREAT <key> <far> <conditions>"),
    (10, "=PEXPIREAT <key> <far-ms> <conditions>"),
    (2, "=EXPIRE <key> <gone> <conditions>"),
    (2, "=PEXPIREAT <key> <past> <conditions>"),
    (2, "=EXPIRE <key> <bad-time>"),
    (1, "=EXPIREAT <key> <bad-time>"),
    (1, "=PEXPIRE <key> <bad-time>"),
    (8, "TTL <key>"),
    (8, "PTTL <key>"),
    (8, "EXPIRETIME <key>"),
    (8, "PEXPIRETIME <key>"),
    (5, "PERSIST <key>"),
    // Strings.
    (20, "GET <key>"),
    (25, "=SET <key> <value> <set-options>"),
    (4, "SET <key> <integer>"),
    (4, "SET <key> <float>"),
    (4, "=SETEX <key> <seconds> <value>"),
    (4, "=PSETEX <key> <milliseconds> <value>"),
    (1, "=SETEX <key> <bad-time> <value>"),
    (1, "=PSETEX <key> <bad-time> <value>"),
    (5, "SETNX <key> <value>"),
    (5, "GETSET <key> <value>"),
    (5, "GETDEL <key>"),
    (8, "=GETEX <key> <getex-options>"),
    (6, "MGET <keys>"),
    (6, "MSET <key-pairs>"),
    (10, "INCR <key>"),
    (10, "INCRBY <key> <integer>"),
    (6, "DECR <key>"),
    (6, "DECRBY <key> <integer>"),
    (14, "INCRBYFLOAT <key> <float>"),
    (6, "APPEND <key> <value>"),
    (6, "STRLEN <key>"),
    // Hashes.
    (14, "HSET <key> <pairs>"),
    (5, "HMSET <key> <pairs>"),
    (5, "HSETNX <key> <field> <value>"),
    (10, "HGET <key> <field>"),
    (6, "HMGET <key> <fields>"),
    (8, "HGETALL <key>"),
    (6, "HDEL <key> <fields>"),
    (5, "HLEN <key>"),
    (5, "HEXISTS <key> <field>"),
    (5, "HKEYS <key>"),
    (5, "HVALS <key>"),
    (4, "HSTRLEN <key> <field>"),
    (10, "HINCRBY <key> <field> <integer>"),
    (12, "HINCRBYFLOAT <key> <field> <float>"),
    (3, "HSET <key> <field> <integer>"),
    (3, "HSET <key> <field> <float>"),
    // Sets; members at random have a test of their own.
    (14, "SADD <key> <members>"),
    (8, "SREM <key> <members>"),
    (6, "SMEMBERS <key>"),
    (5, "SISMEMBER <key> <member>"),
    (5, "SMISMEMBER <key> <members>"),
    (5, "SCARD <key>"),
    (2, "=SPOP <key> 1000"),
    (1, "=SPOP <key> 0"),
    (1, "=SPOP <key> -1"),
    (1, "=SPOP <key> <bad-time>"),
    (2, "=SRANDMEMBER <key> 1000"),
    (1, "=SRANDMEMBER <key> 0"),
    (1, "=SRANDMEMBER <key> x"),
    (1, "=SRANDMEMBER <key> -9223372036854775808"),
    (3, "SUNION <keys>"),
    (3, "SINTER <keys>"),
    (3, "SDIFF <keys>"),
    (2, "SUNIONSTORE <key> <keys>"),
    (2, "SINTERSTORE <key> <keys>"),
    (2, "SDIFFSTORE <key> <keys>"),
    (2, "SINTERCARD 2 <key> <key>"),
    (1, "SINTERCARD 2 <key> <key> LIMIT <small>"),
    (1, "SINTERCARD <small> <key> <key>"),
    (5, "SMOVE <key> <key> <member>"),
    (3, "=HSCAN <key> 0 COUNT 1000"),
    (3, "=SSCAN <key> 0 COUNT 1000"),
    (3, "=ZSCAN <key> 0 COUNT 1000"),
    (2, "=HSCAN <key> 0 MATCH <pattern> COUNT 1000"),
    (1, "SSCAN <key> <bad-cursor>"),
    (1, "=ZSCAN <key> 0 COUNT 0"),
    (1, "=ZSCAN <key> 0 COUNT x"),
    (1, "HSCAN <key> 0 FOO 1"),
    (1, "=HRANDFIELD <key> 1000"),
    (1, "=HRANDFIELD <key> 1000 WITHVALUES"),
    (1, "=HRANDFIELD <key> 0"),
    (1, "=HRANDFIELD <key> x"),
    (5, "COPY <key> <key>"),
    (4, "COPY <key> <key> <copy-options>"),
    (4, "GETRANGE <key> <rank> <rank>"),
    (4, "SETRANGE <key> <small> <value>"),
    // Sorted sets; members at random have a test of their own.
    (20, "ZADD <key> <scores>"),
    (8, "ZADD <key> <zadd-options> <scores>"),
    (4, "ZADD <key> <zadd-options> INCR <score> <member>"),
    (8, "ZINCRBY <key> <score> <member>"),
    (6, "ZREM <key> <members>"),
    (4, "ZCARD <key>"),
    (6, "ZSCORE <key> <member>"),
    (4, "ZMSCORE <key> <members>"),
    (5, "ZRANK <key> <member>"),
    (5, "ZREVRANK <key> <member>"),
    (4, "ZCOUNT <key> <bound> <bound>"),
    // By name only where all scores are the same: Redis promises nothing else.
    (8, "=ZADD lex <equal-scores>"),
    (1, "=ZREM lex <members>"),
    (3, "ZLEXCOUNT lex <lex-bound> <lex-bound>"),
    (8, "ZRANGE <key> <rank> <rank> <range-options>"),
    (6, "ZRANGE <key> <bound> <bound> BYSCORE <range-options>"),
    (4, "ZRANGE lex <lex-bound> <lex-bound> BYLEX <range-options>"),
    (4, "ZREVRANGE <key> <rank> <rank> <with-scores>"),
    (5, "ZRANGEBYSCORE <key> <bound> <bound> <range-options>"),
    (4, "ZREVRANGEBYSCORE <key> <bound> <bound> <range-options>"),
    (3, "ZRANGEBYLEX lex <lex-bound> <lex-bound> <range-options>"),
    (3, "ZREVRANGEBYLEX lex <lex-bound> <lex-bound> <range-options>"),
    (3, "ZRANGESTORE <key> <key> <rank> <rank>"),
    (3, "ZRANGESTORE <key> <key> <bound> <bound> BYSCORE <range-options>"),
    (3, "ZREMRANGEBYRANK <key> <rank> <rank>"),
    (3, "ZREMRANGEBYSCORE <key> <bound> <bound>"),
    (2, "ZREMRANGEBYLEX lex <lex-bound> <lex-bound>"),
    (3, "=ZPOPMIN <key>"),
    (3, "=ZPOPMAX <key> <small>"),
    (2, "=ZPOPMIN <key> <small>"),
    (3, "ZUNIONSTORE <key> 2 <key> <key> <combine-options>"),
    (3, "ZINTERSTORE <key> 2 <key> <key> <combine-options>"),
    (2, "ZDIFFSTORE <key> 2 <key> <key>"),
    (2, "ZUNION 2 <key> <key> <combine-options>"),
    (2, "ZINTER 2 <key> <key> <combine-options> <with-scores>"),
    (2, "ZDIFF 2 <key> <key> <with-scores>"),
    (2, "ZINTERCARD 2 <key> <key>"),
    (1, "ZINTERCARD 2 <key> <key> LIMIT <small>"),
    (1, "ZUNION <small> <key> <key>"),
    (1, "=ZRANDMEMBER <key> 1000"),
    (1, "=ZRANDMEMBER <key> 1000 WITHSCORES"),
    (1, "=ZRANDMEMBER <key> 0"),
    (1, "=ZRANDMEMBER <key> x"),
    // Lists.
    (12, "LPUSH <key> <members>"),
    (12, "RPUSH <key> <members>"),
    (3, "LPUSHX <key> <members>"),
    (3, "RPUSHX <key> <members>"),
    (5, "LPOP <key>"),
    (5, "RPOP <key>"),
    (3, "LPOP <key> <small>"),
    (3, "RPOP <key> <small>"),
    (4, "LLEN <key>"),
    (8, "LRANGE <key> <rank> <rank>"),
    (5, "LINDEX <key> <rank>"),
    (5, "LSET <key> <rank> <member>"),
    (5, "LINSERT <key> <where> <member> <member>"),
    (6, "LREM <key> <small> <member>"),
    (3, "LTRIM <key> <rank> <rank>"),
    (5, "LMOVE <key> <key> <end> <end>"),
    (3, "RPOPLPUSH <key> <key>"),
    (5, "LPOS <key> <member>"),
    (4, "LPOS <key> <member> <lpos-options>"),
    // HyperLogLog, which are strings of their own kind.
    (6, "PFADD <key> <members>"),
    (2, "PFADD <key>"),
    (4, "PFCOUNT <keys>"),
    (3, "PFMERGE <key> <keys>"),
    // Transactions.
    (6, "=MULTI ; SET <key> <value> ; INCR <key> ; GET <key> ; EXEC"),
    (4, "=MULTI ; HSET <key> <pairs> ; LPUSH <key> <members> ; ZADD <key> <scores> ; EXEC"),
    (3, "=MULTI ; SET <key> <value> ; DISCARD"),
    (3, "=MULTI ; GET ; SET <key> <value> ; EXEC"),
    (2, "=MULTI ; NOSUCH <key> ; EXEC"),
    (2, "=MULTI ; MULTI ; WATCH <key> ; DEL <key> ; EXEC"),
    (2, "=MULTI ; EVAL return{1,2} 0 ; SELECT 1 ; SET <key> <value> ; SELECT 0 ; EXEC"),
    (1, "=EXEC"),
    (1, "=DISCARD"),
    (4, "=WATCH <keys> ; MULTI ; GET <key> ; EXEC"),
    (6, "=WATCH <keys> ; SET <key> <value> ; MULTI ; INCR <key> ; EXEC"),
    (3, "=WATCH <keys> ; DEL <key> ; MULTI ; GET <key> ; EXEC"),
    (2, "=WATCH <keys> ; RENAME <key> <key> ; MULTI ; GET <key> ; EXEC"),
    (2, "=WATCH <keys> ; EXPIRE <key> <seconds> ; MULTI ; GET <key> ; EXEC"),
    (1, "=WATCH <keys> ; FLUSHDB ; MULTI ; GET <key> ; EXEC"),
    (1, "=WATCH <keys> ; SELECT 1 ; SET <key> <value> ; SELECT 0 ; MULTI ; GET <key> ; EXEC"),
    (2, "=WATCH <keys> ; SET <key> <value> ; UNWATCH ; MULTI ; GET <key> ; EXEC"),
    (2, "=WATCH <keys> ; SET <key> <value> ; MULTI ; DISCARD ; MULTI ; GET <key> ; EXEC"),
    // Scripts.
    (40, "=<script>"),
    (1, "=EVAL return <integer>"),
    (1, "=EVALSHA <value> 0"),
    (1, "SCRIPT FLUSH"),
    (1, "SCRIPT FLUSH <value>"),
    (1, "SCRIPT FOO"),
];

/// The name of every command that is compared.
pub(crate) fn names() -> BTreeSet<&'static str> {
    let words = TEMPLATES.iter().flat_map(|(_, template)| template.split(" ; ")).filter_map(|command| {
        command.trim_start_matches('=').split_whitespace().next().filter(|word| !word.starts_with('<'))
    });
    words.collect()
}

/// Gives the commands of one template after the other.
pub(crate) struct Commands {
    weighted: Vec<(u32, BoxedStrategy<Vec<Args>>)>,
}

impl Commands {
    pub(crate) fn new() -> Self {
        let weighted = TEMPLATES.iter().map(|(weight, template)| (*weight, template::commands(template)));
        Commands { weighted: weighted.collect() }
    }

    /// One template, filled in. Chosen here: a `Union` would prepare to shrink to each of the others, which costs more
    /// than all the rest of the test.
    pub(crate) fn next(&self, runner: &mut TestRunner) -> Vec<Args> {
        let total: u32 = self.weighted.iter().map(|(weight, _)| weight).sum();
        let mut chosen = runner.rng().random_range(0..total);
        for (weight, commands) in &self.weighted {
            match chosen.checked_sub(*weight) {
                Some(rest) => chosen = rest,
                None => return commands.new_tree(runner).unwrap().current(),
            }
        }
        unreachable!("the weights add up to {total}")
    }
}
