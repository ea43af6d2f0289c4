//! Scripts that are compared: what `EVAL` makes of keys, arguments, replies and errors.
//!
//! Each is called with two keys and three arguments from the small pools of the other commands. What has no order of
//! its own (`HGETALL`, `pairs`) is sorted in the script.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;

use crate::template::{self, Args};

const SCRIPTS: &[&str] = &[
    // Conversions of what a script returns.
    "return",
    "return nil",
    "return true",
    "return false",
    "return 3.99",
    "return -3.99",
    "return 1e15",
    "return '12'",
    "return {}",
    "return {1, 2.7, 'three', {4, {5}}, false, true}",
    "return {1, 2, nil, 4}",
    "return {ok = 'fine'}",
    "return {err = 'MYCODE went wrong'}",
    "return {err = 'plain'}",
    "return {ok = 1}",
    "return {a = 1, 7}",
    "return {KEYS[1], KEYS[2], KEYS[3]}",
    "return ARGV",
    "return {#KEYS, #ARGV}",
    "return {type(KEYS), type(ARGV[1]), type(ARGV[9])}",
    "return function() end",
    "return redis.status_reply('GOOD')",
    "return redis.error_reply('MYCODE bad')",
    "return redis.error_reply('bad')",
    "return redis.error_reply('-MYCODE bad')",
    "return redis.sha1hex(ARGV[1])",
    "return redis.sha1hex('')",
    "return tonumber(ARGV[1])",
    "return tostring(tonumber(ARGV[2]))",
    "return {double = 3.5}",
    "return {map = {a = 1}}",
    // Calls.
    "return redis.call('GET', KEYS[1])",
    "return redis.call('SET', KEYS[1], ARGV[1])",
    "return redis.call('set', KEYS[1], ARGV[1], 'NX')",
    "return redis.call('INCR', KEYS[1])",
    "return redis.call('INCRBY', KEYS[1], ARGV[2])",
    "return redis.call('INCRBYFLOAT', KEYS[1], ARGV[3])",
    "return redis.call('DEL', KEYS[1], KEYS[2])",
    "return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])",
    "return redis.call('HGET', KEYS[1], ARGV[1])",
    "return redis.call('HMGET', KEYS[1], 'f', 'nosuch', 'g')",
    "return redis.call('HINCRBY', KEYS[1], 'f', 2)",
    "return redis.call('SADD', KEYS[1], unpack(ARGV))",
    "return redis.call('SISMEMBER', KEYS[1], ARGV[1])",
    "return redis.call('SCARD', KEYS[2])",
    "return redis.call('TYPE', KEYS[1])",
    "return redis.call('TYPE', KEYS[1]).ok",
    "return redis.call('EXISTS', KEYS[1], KEYS[2])",
    "return redis.call('MGET', KEYS[1], KEYS[2])",
    "return redis.call('PEXPIREAT', KEYS[1], 5000000000123)",
    "return redis.call('PEXPIRETIME', KEYS[1]) > 0",
    "return redis.call('RENAME', KEYS[1], KEYS[2])",
    "return redis.call('PING')",
    "return redis.call('ECHO', 12.5)",
    "return redis.call('ECHO', 100)",
    "return redis.call('ECHO', 1e20)",
    "return redis.call('ECHO', -0.1)",
    "return {redis.call('SET', KEYS[1], 'x'), redis.call('GET', KEYS[1])}",
    "redis.call('SELECT', 1); redis.call('SET', KEYS[1], ARGV[1]); return redis.call('GET', KEYS[1])",
    "local v = redis.call('GET', KEYS[1]); if v == false then return 'nothing' end; return v",
    "local n = redis.call('INCR', 'counter'); if n > 3 then redis.call('DEL', 'counter') end; return n",
    "local t = redis.call('SMEMBERS', KEYS[1]); table.sort(t); return t",
    "local t = redis.call('HKEYS', KEYS[1]); table.sort(t); return t",
    "local t = redis.call('HGETALL', KEYS[1]); return #t",
    "local t = redis.call('KEYS', '*'); table.sort(t); return t",
    "for i = 1, 5 do redis.call('SADD', KEYS[1], i) end; return redis.call('SCARD', KEYS[1])",
    "for i = 1, #ARGV do redis.call('HSET', KEYS[1], i, ARGV[i]) end; return redis.call('HLEN', KEYS[1])",
    "redis.log(redis.LOG_DEBUG, 'nothing to see'); return {redis.LOG_DEBUG, redis.LOG_VERBOSE, redis.LOG_NOTICE, redis.LOG_WARNING}",
    // Errors.
    "return redis.pcall('INCR', KEYS[1])",
    "local r = redis.pcall('HGET', KEYS[1], 'f'); if type(r) == 'table' then return r.err end; return r",
    "local r = redis.pcall('NOSUCH'); return r.err",
    "local r = redis.pcall('GET'); return r.err",
    "redis.call('SET', KEYS[1], 'before'); redis.call('INCR', KEYS[1]); return 'never'",
    "return redis.call('NOSUCH', KEYS[1])",
    "return redis.call('GET')",
    "return redis.call('GET', 'a', 'b')",
    "return redis.call()",
    "return redis.call({})",
    "return redis.call('GET', {})",
    "return redis.call('GET', true)",
    "return redis.call('AUTH', 'x')",
    "return redis.call('EVAL', 'return 1', 0)",
    "return redis.call('HELLO', 3)",
    "return redis.call('RENAME', 'nosuchkey', KEYS[1])",
    "return redis.pcall('RENAME', 'nosuchkey', KEYS[1])",
    "error('boom')",
    "error('boom', 0)",
    "error({err = 'MYCODE thrown'})",
    "error(redis.error_reply('thrown'))",
    "\n\nerror('on line three')",
    "return nosuchvariable",
    "newglobal = 1",
    "local ok, e = pcall(function() return nosuchvariable end); return {tostring(ok), e}",
    "local ok, e = pcall(function() newglobal = 1 end); return {tostring(ok), e}",
    "local ok, e = pcall(redis.call, 'INCR', KEYS[1]); if ok then return e end; return type(e) == 'table' and e.err or e",
    "local ok, e = pcall(error, 'x'); return e",
    "return redis.sha1hex()",
    "return redis.sha1hex(1, 2)",
    "return redis.error_reply()",
    "return redis.status_reply({})",
    "return redis.log('x')",
    "return {type(os), type(os.clock)}",
    "return io",
    "return require",
    "return print",
    "return dofile",
    "syntax error here",
    "return (",
    // Libraries.
    "return cjson.encode({1, 2, {a = 'x'}, cjson.null, true, 0.5, 1e100, 'q\"\\\\\\n/'})",
    "return cjson.encode({})",
    "return cjson.encode({[1] = 1, [2] = 2, [5] = 5})",
    "return cjson.encode(ARGV)",
    "return cjson.encode(KEYS)",
    "return cjson.encode('tab\\t\\1 unicode \\195\\164')",
    "return cjson.encode(tonumber(ARGV[2]) or 'none')",
    "return cjson.encode(12345678901234567890)",
    "return cjson.encode(0.1)",
    "return cjson.encode({[1.5] = 1})",
    "return cjson.encode(function() end)",
    "return cjson.encode({[true] = 1})",
    "return cjson.encode(1/0)",
    "return cjson.encode({[1] = 1, [100] = 2})",
    "local t = cjson.decode('{\"a\": [1, 2.5, \"x\", null, true, {}], \"b\": {\"c\": \"\\\\u00e4\\\\n\"}}'); return {t.a[1], t.a[3], tostring(t.a[4] == cjson.null), tostring(t.a[5]), #t.a, t.b.c}",
    "return cjson.decode('[1,[2,[3]]]')",
    "return cjson.decode('[1,')",
    "return cjson.decode('nonsense')",
    "return cjson.decode('')",
    "return cjson.decode('[1] x')",
    "return cjson.decode(ARGV[1])",
    "return tostring(cjson.decode('12345678901234567890'))",
    "return cjson.decode('{\"ok\": \"status\"}')",
    "return {bit.band(255, 15), bit.bor(1, 8), bit.bxor(5, 1), bit.lshift(1, 4), bit.rshift(-1, 28), bit.bnot(0)}",
    "return bit.tohex(255)",
    "return {string.format('%5.2f|%d|%s|%q', 3.14159, 42, 'x', 'q'), ('abc'):rep(3), ('a,b,c'):gsub(',', ';')}",
    "return {math.floor(3.7), math.max(1, 9, 4), math.abs(-5), tostring(math.pi)}",
    "local t = {5, 3, 9, 1}; table.sort(t, function(a, b) return a > b end); table.insert(t, 7); return t",
    "return table.concat({1, 2, 3, 'x'}, '-')",
    "local t = {}; for w in ('one two three'):gmatch('%a+') do t[#t + 1] = w end; return t",
    "return select('#', unpack(ARGV))",
    "return tostring(1e15) .. ' ' .. tostring(0.1) .. ' ' .. tostring(1e100) .. ' ' .. tostring(-0)",
    "return loadstring('return 1 + 1')()",
    "return {tostring(redis.setresp ~= nil), _VERSION}",
    "return setmetatable({1}, {__index = function() return 5 end})",
    "return string.byte(ARGV[1] or '', 1, -1)",
    "local co = coroutine.wrap(function() coroutine.yield(1); return 2 end); return {co(), co()}",
    "return rawget(_G, 'nosuch')",
    "return type(_G)",
];

/// A call of one of the scripts, or of what is near one.
pub(crate) fn call() -> BoxedStrategy<Args> {
    let arguments = ["member", "integer", "float"].map(template::placeholder);
    let body = (select(SCRIPTS), template::placeholder("key"), template::placeholder("key"), arguments);
    let how = prop_oneof![
        12 => Just(How::Whole("EVAL")),
        2 => Just(How::Whole("EVAL_RO")),
        2 => Just(How::Sha("EVALSHA")),
        1 => Just(How::Sha("EVALSHA_RO")),
        1 => Just(How::Load),
        1 => Just(How::Exists),
        1 => select(vec!["-1", "0", "1", "5", "6", "100", "x", "", "99999999999999999999"]).prop_map(How::Keys),
    ];
    (body, how)
        .prop_map(|((script, first, second, arguments), how)| {
            let sha = sha1_smol::Sha1::from(script).digest().to_string();
            let mut args: Args = match how {
                How::Load => return vec![b"SCRIPT".to_vec(), b"LOAD".to_vec(), script.into()],
                How::Exists => return vec![b"SCRIPT".to_vec(), b"EXISTS".to_vec(), sha.into(), b"x".to_vec()],
                How::Whole(name) => vec![name.into(), script.into(), b"2".to_vec()],
                How::Sha(name) => vec![name.into(), sha.into(), b"2".to_vec()],
                How::Keys(number) => vec![b"EVAL".to_vec(), script.into(), number.into()],
            };
            args.extend([first, second].into_iter().chain(arguments).flatten());
            args
        })
        .boxed()
}

/// How a script is called.
#[derive(Debug, Clone)]
enum How {
    Whole(&'static str),
    Sha(&'static str),
    Load,
    Exists,
    /// Another number of keys than there are.
    Keys(&'static str),
}
