-- redis_set, redis_get, redis_incr, redis_mset, redis_mget

local check = require("check")
local call, key = check.call, check.keys("strings")

local MEBIBYTE = ("0123456789abcdef"):rep(65536)

for _, handle in ipairs(check.handles()) do
  local k, absent = key("k"), key("absent")

  -- redis_set and redis_get
  call("redis_set", handle, k, "value"):gives("OK")
  call("redis_get", handle, k):gives("value")
  call("redis_set", handle, k, "other"):gives("OK")
  call("redis_get", handle, k):gives("other")
  call("redis_get", handle, absent):fails(check.NIL)

  -- Any bytes, in values and in keys.
  for name, bytes in pairs({
    nul = "a\0b",
    crlf = "a\r\nb\r\n",
    protocol = "$5\r\nhello\r\n*1\r\n",
    not_utf8 = "\255\254\128",
    mebibyte = MEBIBYTE,
    empty = "",
  }) do
    call("redis_set", handle, key(name), bytes):gives("OK")
    call("redis_get", handle, key(name)):gives(bytes)
  end
  local odd = key("odd \0\r\n\255 key")
  call("redis_set", handle, odd, "found"):gives("OK")
  call("redis_get", handle, odd):gives("found")
  check.equal(check.ask("STRLEN", key("mebibyte")), 1048576, "length of a stored mebibyte")

  -- Expiration
  call("redis_set", handle, k, "v", 100):gives("OK")
  check.expires_in(k, 100, "redis_set with seconds")
  call("redis_set", handle, k, "v"):gives("OK")
  check.expires_in(k, -1, "redis_set without seconds takes the expiration away")
  call("redis_set", handle, k, "v", 100):gives("OK")
  call("redis_set", handle, k, "v", 0):gives("OK")
  check.expires_in(k, -1, "redis_set with zero seconds does not expire")
  call("redis_set", handle, k, "kept", nil):gives("OK")
  call("redis_set", handle, k, "lost", -1):fails("expiration seconds must be >= 0")
  call("redis_get", handle, k):gives("kept")

  -- A value of another type is replaced by redis_set and refused by redis_get.
  local hash = key("hash")
  call("redis_hset", handle, hash, "field", "value"):gives(1)
  call("redis_get", handle, hash):fails(check.WRONG_TYPE)
  call("redis_incr", handle, hash):fails(check.WRONG_TYPE)
  call("redis_set", handle, hash, "string"):gives("OK")
  call("redis_get", handle, hash):gives("string")
  call("redis_del", handle, hash)

  -- The type to convert to
  for _, case in ipairs({
    { "42", "string", "42" },
    { "", "string", "" },
    { "42", "number", 42 },
    { "-1.5", "number", -1.5 },
    { "9007199254740992", "number", 9007199254740992 },
  }) do
    call("redis_set", handle, k, case[1]):gives("OK")
    call("redis_get", handle, k, case[2]):gives(case[3])
  end
  for _, name in ipairs({ "bool", "boolean" }) do
    for _, text in ipairs({ "1", "t", "T", "TRUE", "true", "True" }) do
      call("redis_set", handle, k, text):gives("OK")
      call("redis_get", handle, k, name):gives(true)
    end
    for _, text in ipairs({ "0", "f", "F", "FALSE", "false", "False" }) do
      call("redis_set", handle, k, text):gives("OK")
      call("redis_get", handle, k, name):gives(false)
    end
    call("redis_set", handle, k, "yes"):gives("OK")
    call("redis_get", handle, k, name):fails_like(".")
  end
  call("redis_get", handle, k, "number"):fails_like(".")
  call("redis_get", handle, k, "nil"):gives(nil)
  call("redis_get", handle, k, "integer"):fails_like('^unknown type "integer"')
  call("redis_get", handle, k, nil):gives("yes")
  call("redis_get", handle, absent, "number"):fails(check.NIL)
  call("redis_get", handle, absent, "bool"):fails(check.NIL)

  -- redis_incr
  local counter = key("counter")
  call("redis_incr", handle, counter):gives(1)
  call("redis_incr", handle, counter):gives(2)
  call("redis_set", handle, counter, 41):gives("OK")
  call("redis_incr", handle, counter):gives(42)
  call("redis_get", handle, counter):gives("42")
  call("redis_get", handle, counter, "number"):gives(42)
  call("redis_set", handle, counter, -1):gives("OK")
  call("redis_incr", handle, counter):gives(0)
  call("redis_set", handle, counter, 2 ^ 53 - 1):gives("OK")
  call("redis_incr", handle, counter):gives(2 ^ 53)
  for _, text in ipairs({ "", "ten", "1.5", " 1", "1 ", "9223372036854775808" }) do
    call("redis_set", handle, counter, text):gives("OK")
    call("redis_incr", handle, counter):fails("ERR value is not an integer or out of range")
    call("redis_get", handle, counter):gives(text)
  end
  call("redis_set", handle, counter, "9223372036854775807"):gives("OK")
  call("redis_incr", handle, counter):fails("ERR increment or decrement would overflow")
  call("redis_del", handle, counter)

  -- redis_incr keeps the expiration: the fixed window of a rate limit.
  call("redis_set", handle, counter, 1, 100):gives("OK")
  call("redis_incr", handle, counter):gives(2)
  check.expires_in(counter, 100, "redis_incr keeps the expiration")
  call("redis_del", handle, counter)

  -- redis_mset and redis_mget, with keys that a cluster has on different nodes
  local a, b, c = key("a"), key("b"), key("c")
  call("redis_mget", handle, a):gives({})
  call("redis_mget", handle, a, b, absent):gives({})
  call("redis_mset", handle, a, "1"):gives("OK")
  call("redis_mset", handle, b, 2, c, true):gives("OK")
  call("redis_mget", handle, a):gives({ [a] = "1" })
  call("redis_mget", handle, c, absent, a, b):gives({ [a] = "1", [b] = "2", [c] = "1" })
  call("redis_mget", handle, { b, a, b, absent }):gives({ [a] = "1", [b] = "2" })
  call("redis_mset", handle, { [a] = "", [c] = 0.5 }):gives("OK")
  call("redis_mget", handle, a, b, c):gives({ [a] = "", [b] = "2", [c] = "0.5" })
  -- The last value of a key counts.
  call("redis_mset", handle, a, "first", b, "other", a, "last"):gives("OK")
  call("redis_mget", handle, a, b):gives({ [a] = "last", [b] = "other" })
  -- Other types are replaced by redis_mset, and nothing to redis_mget.
  call("redis_hset", handle, hash, "field", "value"):gives(1)
  call("redis_mget", handle, a, hash):gives({ [a] = "last" })
  call("redis_mset", handle, hash, "string"):gives("OK")
  call("redis_mget", handle, hash):gives({ [hash] = "string" })
  call("redis_expire", handle, a, 100):gives("OK")
  call("redis_mset", handle, { [a] = "v" }):gives("OK")
  check.expires_in(a, -1, "redis_mset takes the expiration away")

  local pairs_in_turn, table_of_pairs, all = {}, {}, {}
  for i = 1, 100 do
    all[i] = key(("many %d \0\r\n\255"):format(i))
    table_of_pairs[all[i]] = ("value %d \r\n\0"):format(i)
    pairs_in_turn[2 * i - 1], pairs_in_turn[2 * i] = all[i], table_of_pairs[all[i]]
  end
  call("redis_mset", handle, unpack(pairs_in_turn)):gives("OK")
  call("redis_mget", handle, all):gives(table_of_pairs)
  call("redis_del", handle, all):gives("OK", nil, 100)
  call("redis_mset", handle, table_of_pairs):gives("OK")
  call("redis_mget", handle, unpack(all)):gives(table_of_pairs)
  call("redis_del", handle, all):gives("OK", nil, 100)
  call("redis_del", handle, a, b, c, hash):gives("OK", nil, 4)
end

-- Options of redis_set; counters; parts of values.
for _, handle in ipairs(check.handles()) do
  local k, absent, list = key("more"), key("absent"), key("list")
  call("redis_del", handle, k, list, absent)
  call("redis_rpush", handle, list, "x")

  -- nx, xx, get: what was not met is nil and no error.
  call("redis_set", handle, k, "1", { xx = true }):gives(nil, nil)
  call("redis_set", handle, k, "1", { nx = true }):gives("OK")
  call("redis_set", handle, k, "2", { nx = true }):gives(nil, nil)
  call("redis_set", handle, k, "2", { xx = true, get = true }):gives("1")
  call("redis_set", handle, k, "3", { nx = true, get = true }):gives("2")
  call("redis_set", handle, absent, "1", { xx = true, get = true }):gives(nil, nil)
  call("redis_set", handle, k, "3", { get = true, nx = false, xx = false }):gives("2")
  call("redis_set", handle, list, "1", { get = true }):fails(check.WRONG_TYPE)
  call("redis_set", handle, k, "4", {}):gives("OK")

  -- Expiry, and what overwriting does to it.
  call("redis_set", handle, k, "v", { ex = 100 }):gives("OK")
  check.expires_in(k, 100, "ex")
  call("redis_set", handle, k, "v", { keepttl = true }):gives("OK")
  check.expires_in(k, 100, "keepttl keeps it")
  call("redis_set", handle, k, "v"):gives("OK")
  check.expires_in(k, -1, "a plain set takes it away")
  call("redis_set", handle, k, "v", { px = 100000 }):gives("OK")
  check.expires_in(k, 100, "px")
  call("redis_incrby", handle, absent, 0):gives(0)
  call("redis_set", handle, k, "v", { exat = 4102444800 }):gives("OK")
  call("redis_command", handle, "EXPIRETIME", k):gives(4102444800)
  call("redis_set", handle, k, "v", { pxat = 4102444800500 }):gives("OK")
  call("redis_command", handle, "PEXPIRETIME", k):gives(4102444800500)

  -- Counters.
  call("redis_set", handle, k, "9223372036854775807")
  call("redis_incr", handle, k):fails("ERR increment or decrement would overflow")
  call("redis_incrby", handle, k, 1):fails("ERR increment or decrement would overflow")
  call("redis_set", handle, k, "10")
  call("redis_incrby", handle, k, -15):gives(-5)
  call("redis_decr", handle, k):gives(-6)
  call("redis_decrby", handle, k, -7):gives(1)
  call("redis_incrby", handle, k, 1.5):raises("integer expected, got 1.5")
  call("redis_incrbyfloat", handle, k, 0.1):gives(1.1)
  call("redis_incrbyfloat", handle, k, -3):gives(-1.9)
  call("redis_incrby", handle, k, 1):fails("ERR value is not an integer or out of range")
  call("redis_set", handle, k, "word")
  call("redis_incrbyfloat", handle, k, 1):fails("ERR value is not a valid float")
  call("redis_decr", handle, list):fails(check.WRONG_TYPE)

  -- Parts.
  call("redis_set", handle, k, "Hello\0World")
  call("redis_strlen", handle, k):gives(11)
  call("redis_strlen", handle, key("nobody")):gives(0)
  call("redis_getrange", handle, k, 0, 4):gives("Hello")
  call("redis_getrange", handle, k, -5, -1):gives("World")
  call("redis_getrange", handle, k, 5, 5):gives("\0")
  call("redis_getrange", handle, k, 100, 200):gives("")
  call("redis_getrange", handle, k, 3, 1):gives("")
  call("redis_getrange", handle, key("nobody"), 0, -1):gives("")
  call("redis_setrange", handle, k, 6, "Redis"):gives(11)
  call("redis_setrange", handle, k, 13, "!"):gives(14)
  call("redis_get", handle, k):gives("Hello\0Redis\0\0!")
  call("redis_setrange", handle, k, -1, "x"):fails("ERR offset is out of range")
  call("redis_append", handle, k, true):gives(15)
  call("redis_append", handle, list, "x"):fails(check.WRONG_TYPE)

  -- Read and change at once.
  call("redis_setnx", handle, k, "x"):gives(false)
  call("redis_getdel", handle, k):gives("Hello\0Redis\0\0!1")
  call("redis_getdel", handle, k):fails(check.NIL)
  call("redis_getdel", handle, list):fails(check.WRONG_TYPE)
  call("redis_setnx", handle, k, 5):gives(true)
  call("redis_getex", handle, k):gives("5")
  call("redis_getex", handle, k, { ex = 50 }):gives("5")
  check.expires_in(k, 50, "getex")
  call("redis_getex", handle, k, { persist = true }):gives("5")
  check.expires_in(k, -1, "getex with persist")
  call("redis_getex", handle, k, { ex = 5, persist = true }):raises("the options 'ex' and 'persist' exclude each other")
  call("redis_getdel", handle, k, "number"):gives(5)
  call("redis_getex", handle, k):fails(check.NIL)
end

-- What is easy to get wrong: other types, expiry that stays or goes, the ends of the numbers, times that have passed.
for _, handle in ipairs(check.handles()) do
  local k, list, absent = key("edges"), key("list"), key("nobody at all")
  call("redis_del", handle, k, list, absent)
  call("redis_rpush", handle, list, "x")

  for name, arguments in pairs({
    redis_incrby = { 1 },
    redis_incrbyfloat = { 1 },
    redis_decrby = { 1 },
    redis_strlen = {},
    redis_getrange = { 0, -1 },
    redis_setrange = { 0, "x" },
    redis_getex = { { ex = 5 } },
  }) do
    call(name, handle, list, unpack(arguments)):fails(check.WRONG_TYPE)
  end
  call("redis_setnx", handle, list, "x"):gives(false)
  call("redis_set", handle, list, "x", { nx = true }):gives(nil, nil)
  call("redis_set", handle, list, "x", { nx = true, get = true }):fails(check.WRONG_TYPE)
  call("redis_set", handle, list, "x", { xx = true, get = true }):fails(check.WRONG_TYPE)
  call("redis_lrange", handle, list, 0, -1):gives({ "x" })
  call("redis_set", handle, list, "replaced", { xx = true }):gives("OK")
  call("redis_get", handle, list):gives("replaced")

  -- nx with get stores only where nothing was, and tells which of the two it was by what it gives.
  call("redis_set", handle, k, "first", { nx = true, get = true, ex = 100 }):gives(nil, nil)
  call("redis_get", handle, k):gives("first")
  call("redis_set", handle, k, "second", { nx = true, get = true }):gives("first")
  call("redis_get", handle, k):gives("first")
  check.expires_in(k, 100, "nx that was not met changes no expiry")
  call("redis_set", handle, k, "", { get = true }):gives("first")
  call("redis_set", handle, k, "\0\r\n\255", { get = true }):gives("")
  call("redis_set", handle, k, "", { get = true }):gives("\0\r\n\255")

  -- A change of the value keeps the expiry; a new value does not.
  for name, arguments in pairs({
    redis_append = { "0" },
    redis_incrby = { 1 },
    redis_incrbyfloat = { 0.5 },
    redis_decr = {},
    redis_decrby = { 1 },
    redis_setrange = { 0, "1" },
    redis_getex = {},
  }) do
    call("redis_set", handle, k, 1, { ex = 100 }):gives("OK")
    call(name, handle, k, unpack(arguments))
    check.expires_in(k, 100, name .. " keeps the expiry")
  end
  call("redis_set", handle, k, "one", { ex = 100 }):gives("OK")
  call("redis_set", handle, k, "v", { get = true }):gives("one")
  check.expires_in(k, -1, "get keeps no expiry")
  call("redis_set", handle, k, "v", { xx = true, keepttl = true }):gives("OK")
  check.expires_in(k, -1, "keepttl makes none")
  call("redis_getex", handle, k, { px = 100000 }):gives("v")
  check.expires_in(k, 100, "getex with px")
  call("redis_getex", handle, k, { exat = 4102444800 }):gives("v")
  call("redis_command", handle, "EXPIRETIME", k):gives(4102444800)
  call("redis_getex", handle, k, { pxat = 4102444800500 }):gives("v")
  call("redis_command", handle, "PEXPIRETIME", k):gives(4102444800500)
  call("redis_getex", handle, absent, { ex = 100 }):fails(check.NIL)
  call("redis_exists", handle, absent):gives(0)

  -- A time that has passed removes the key at once.
  call("redis_getex", handle, k, { exat = 1 }):gives("v")
  call("redis_exists", handle, k):gives(0)
  call("redis_set", handle, k, "v"):gives("OK")
  call("redis_set", handle, k, "w", { exat = 1 }):gives("OK")
  call("redis_get", handle, k):fails(check.NIL)
  call("redis_set", handle, k, "w", { pxat = 1, nx = true }):gives("OK")
  call("redis_exists", handle, k):gives(0)

  -- The ends of the numbers.
  call("redis_set", handle, k, "-9223372036854775808")
  call("redis_decr", handle, k):fails("ERR increment or decrement would overflow")
  call("redis_decrby", handle, k, 1):fails("ERR increment or decrement would overflow")
  call("redis_decrby", handle, k, -2 ^ 63):fails("ERR decrement would overflow")
  call("redis_get", handle, k):gives("-9223372036854775808")
  call("redis_set", handle, k, "9007199254740991")
  call("redis_incrby", handle, k, 1):gives(2 ^ 53)
  call("redis_incrbyfloat", handle, k, math.huge):fails("ERR increment would produce NaN or Infinity")
  call("redis_incrbyfloat", handle, k, 0 / 0):fails("ERR value is not a valid float")
  call("redis_get", handle, k):gives("9007199254740992")
  call("redis_set", handle, k, "5.0e3")
  call("redis_incrbyfloat", handle, k, 200):gives(5200)
  call("redis_get", handle, k):gives("5200")
  call("redis_set", handle, k, "10.50")
  call("redis_incrbyfloat", handle, k, 0.1):gives(10.6)
  call("redis_get", handle, k):gives("10.6")
  call("redis_set", handle, k, " 1")
  call("redis_incrbyfloat", handle, k, 1):fails("ERR value is not a valid float")

  -- Parts that reach beyond the value, and nothing at all.
  call("redis_setrange", handle, absent, 5, ""):gives(0)
  call("redis_exists", handle, absent):gives(0)
  call("redis_setrange", handle, absent, 3, "x"):gives(4)
  call("redis_get", handle, absent):gives("\0\0\0x")
  call("redis_setrange", handle, absent, 2 ^ 29, "x"):fails_like("string exceeds maximum allowed size")
  call("redis_setrange", handle, absent, 0, ""):gives(4)
  call("redis_getrange", handle, absent, -100, 1):gives("\0\0")
  call("redis_getrange", handle, absent, -1, -4):gives("")
  call("redis_getrange", handle, absent, 0, 2 ^ 53):gives("\0\0\0x")
  call("redis_append", handle, absent, ""):gives(4)
  call("redis_del", handle, absent):gives("OK", nil, 1)
  call("redis_append", handle, absent, ""):gives(0)
  call("redis_getdel", handle, absent):gives("")
  call("redis_append", handle, absent, "\0\255"):gives(2)
  call("redis_append", handle, absent, 1.5):gives(5)
  call("redis_getdel", handle, absent):gives("\0\2551.5")
  call("redis_append", handle, absent, {}):fails("unable to convert Lua value of type table")
  call("redis_exists", handle, absent):gives(0)
end

return check.report()
