-- redis_command

local redis = require("nauthilus_redis")
local check = require("check")
local call, key = check.call, check.keys("{command}")

for _, handle in ipairs(check.handles()) do
  local a, b, h, s, z = key("a"), key("b"), key("h"), key("s"), key("z")
  call("redis_del", handle, a, b, h, s, z)

  -- Arguments as everywhere: strings byte for byte, numbers as digits, booleans as 1 and 0.
  call("redis_command", handle, "SET", a, "\0\r\n\255"):gives("OK")
  call("redis_command", handle, "get", a):gives("\0\r\n\255")
  call("redis_command", handle, "SET", a, 1e15):gives("OK")
  call("redis_command", handle, "GET", a):gives("1000000000000000")
  call("redis_command", handle, "SET", a, true):gives("OK")
  call("redis_command", handle, "APPEND", a, false):gives(2)
  call("redis_command", handle, "GET", key("nobody")):fails(check.NIL)

  -- Types of replies: maps are tables, sets arrays, doubles numbers, nested arrays nested.
  call("redis_command", handle, "HSET", h, "f", "v", "g", 2):gives(2)
  call("redis_command", handle, "HGETALL", h):gives({ f = "v", g = "2" })
  call("redis_command", handle, "SADD", s, "x", "y"):gives(2)
  call("redis_command", handle, "SMEMBERS", s):gives_members({ "x", "y" })
  call("redis_command", handle, "ZADD", z, 1.5, "m", "inf", "n"):gives(2)
  call("redis_command", handle, "ZSCORE", z, "m"):gives(1.5)
  call("redis_command", handle, "ZSCORE", z, "n"):gives(math.huge)
  call("redis_command", handle, "ZRANGE", z, 0, -1, "WITHSCORES"):gives({ { "m", 1.5 }, { "n", math.huge } })
  call("redis_command", handle, "ZMSCORE", z, "m", "nobody", "n"):gives({ 1.5, nil, math.huge })
  call("redis_command", handle, "MGET", a, key("nobody"), a):gives({ "10", nil, "10" })
  call("redis_command", handle, "EVAL", "return { 1, { 'a', false, 2.9 }, redis.status_reply('S') }", 0):gives({
    1,
    { "a", nil, 2 },
    "S",
  })

  -- Keys anywhere in it, and many of them.
  call("redis_command", handle, "ZUNIONSTORE", b, 2, z, s):gives(4)
  call("redis_command", handle, "EVAL", "return redis.call('TYPE', KEYS[1])", 1, b):gives("zset")
  call("redis_command", handle, "COPY", a, b, "REPLACE"):gives(1)

  -- Errors are Redis' own.
  call("redis_command", handle, "HGET", a, "f"):fails(check.WRONG_TYPE)
  call("redis_command", handle, "GET"):fails("ERR wrong number of arguments for 'get' command")
  call("redis_command", handle, "NOSUCHCOMMAND", "x"):fails_like("^ERR unknown command")

  -- What would harm others is not sent, and says what to do.
  for _, words in ipairs({
    { "multi" },
    { "SUBSCRIBE", "c" },
    { "SELECT", 1 },
    { "BLPOP", a, 0 },
    { "XREAD", "BLOCK", 0, "STREAMS", a, "$" },
    { "CLIENT", "REPLY", "OFF" },
    { "MONITOR" },
    { "QUIT" },
    { "HELLO", 2 },
  }) do
    call("redis_command", handle, unpack(words)):fails_like("cannot be sent: the connection is shared")
  end
  call("redis_command", handle, "WATCH", a):fails(
    "WATCH cannot be sent: the connection is shared with other requests, and it would begin or end a transaction for "
      .. "everybody; use redis_transaction"
  )

  call("redis_command", handle):raises("bad argument #2 to 'redis_command' (string expected, got no value)")
  call("redis_command", handle, {}):raises("bad argument #2 to 'redis_command' (string expected, got table)")
  call("redis_command", handle, "GET", {}):fails("unable to convert Lua value of type table")
  call("redis_command", handle, "GET", nil):fails("unable to convert Lua value of type nil")
end

local handle = redis.get_redis_connection("default")
check.equal(handle:command("STRLEN", key("a")), 2, "handle:command")

return check.report()
