-- redis_sadd, redis_sismember, redis_smembers, redis_srem, redis_scard

local check = require("check")
local redis = require("nauthilus_redis")
local call, key = check.call, check.keys("sets")

local MEBIBYTE = ("0123456789abcdef"):rep(65536)
local BINARY = "\0\r\n\255*$"

for _, handle in ipairs(check.handles()) do
  local k, absent, text = key("k"), key("absent"), key("text")
  call("redis_del", handle, k)
  call("redis_set", handle, text, "a string"):gives("OK")

  -- redis_sadd: values one after the other, or a table.
  call("redis_sadd", handle, k, "a"):gives(1)
  call("redis_sadd", handle, k, "a"):gives(0)
  call("redis_sadd", handle, k, "a", "b", "c"):gives(2)
  call("redis_sadd", handle, k, { "c", "d" }):gives(1)
  call("redis_sadd", handle, k, "e", "e", "e"):gives(1)
  call("redis_smembers", handle, k):gives_members({ "a", "b", "c", "d", "e" })
  call("redis_sadd", handle, k, {}):fails("invalid number of arguments")
  call("redis_sadd", handle, k, function() end):fails("unable to convert Lua value of type function")
  call("redis_sadd", handle, k, "f", {}):fails("unable to convert Lua value of type table")
  call("redis_sadd", handle, k, { "f", {} }):fails("unable to convert Lua value of type table")
  call("redis_sadd", handle, k, { "f" }, "g"):fails("unable to convert Lua value of type table")
  call("redis_scard", handle, k):gives(5)
  call("redis_sadd", handle, text, "a"):fails(check.WRONG_TYPE)

  -- redis_sismember
  call("redis_sismember", handle, k, "a"):gives(true)
  call("redis_sismember", handle, k, "z"):gives(false)
  call("redis_sismember", handle, absent, "a"):gives(false)
  call("redis_sismember", handle, k, {}):fails("unable to convert Lua value of type table")
  call("redis_sismember", handle, text, "a"):fails(check.WRONG_TYPE)

  -- redis_smembers, redis_scard
  call("redis_smembers", handle, absent):gives({})
  call("redis_smembers", handle, text):fails(check.WRONG_TYPE)
  call("redis_scard", handle, absent):gives(0)
  call("redis_scard", handle, text):fails(check.WRONG_TYPE)

  -- redis_srem
  call("redis_srem", handle, k, "a"):gives(1)
  call("redis_srem", handle, k, "a"):gives(0)
  call("redis_srem", handle, k, "b", "z"):gives(1)
  call("redis_srem", handle, k, { "c", "d", "z" }):gives(2)
  call("redis_srem", handle, k, {}):fails("invalid number of arguments")
  call("redis_srem", handle, absent, "a"):gives(0)
  call("redis_srem", handle, text, "a"):fails(check.WRONG_TYPE)
  call("redis_smembers", handle, k):gives({ "e" })

  -- The last member takes the key with it.
  call("redis_srem", handle, k, "e"):gives(1)
  call("redis_del", handle, k):gives("OK", nil, 0)

  -- Members are bytes: numbers and booleans are members as their text, and come back as strings.
  call("redis_sadd", handle, k, 1, 1.5, 2 ^ 53, true, false, -1):gives(5)
  call("redis_smembers", handle, k):gives_members({ "1", "1.5", "9007199254740992", "0", "-1" })
  call("redis_sismember", handle, k, 1):gives(true)
  call("redis_sismember", handle, k, "1"):gives(true)
  call("redis_sismember", handle, k, true):gives(true)
  call("redis_srem", handle, k, 1, 1.5, 2 ^ 53, false, -1):gives(5)
  call("redis_sadd", handle, k, BINARY, "", MEBIBYTE):gives(3)
  call("redis_smembers", handle, k):gives_members({ BINARY, "", MEBIBYTE })
  call("redis_sismember", handle, k, BINARY):gives(true)
  call("redis_sismember", handle, k, ""):gives(true)
  call("redis_sismember", handle, k, MEBIBYTE):gives(true)
  call("redis_srem", handle, k, { BINARY, "", MEBIBYTE }):gives(3)
end

-- Integers alone, then a word among them: Redis keeps the two kinds of sets in different ways.
local integers = key("integers")
call("redis_sadd", "default", integers, 3, 1, 2, 2 ^ 40):gives(4)
call("redis_sadd", "default", integers, 2):gives(0)
call("redis_sadd", "default", integers, "word", "01"):gives(2)
call("redis_smembers", "default", integers):gives_members({ "1", "2", "3", "1099511627776", "word", "01" })

-- Many members at once.
local many, members = key("many"), {}
for i = 1, 2000 do
  members[i] = "member " .. i
end
call("redis_sadd", "default", many, members):gives(2000)
call("redis_scard", "default", many):gives(2000)
call("redis_smembers", "default", many):gives_members(members)
call("redis_srem", "default", many, unpack(members)):gives(2000)

-- Several sets, members at random, step by step.
local tagged = check.keys("{sets}")
for _, handle in ipairs(check.handles()) do
  local a, b, c, absent, text = tagged("a"), tagged("b"), tagged("c"), tagged("absent"), tagged("text")
  call("redis_del", handle, a, b, c)
  call("redis_set", handle, text, "a string")
  call("redis_sadd", handle, a, "1", "2", "3", "\0")
  call("redis_sadd", handle, b, "2", "3", "4")
  call("redis_sinter", handle, a, b):gives_members({ "2", "3" })
  call("redis_sinter", handle, { a, b, absent }):gives({})
  call("redis_sunion", handle, a, b, absent):gives_members({ "1", "2", "3", "\0", "4" })
  call("redis_sdiff", handle, a, b):gives_members({ "1", "\0" })
  call("redis_sdiff", handle, absent, a):gives({})
  call("redis_sinter", handle, a, text):fails(check.WRONG_TYPE)
  call("redis_sunion", handle, {}):fails("invalid number of arguments")
  call("redis_sinterstore", handle, c, a, b):gives(2)
  call("redis_smembers", handle, c):gives_members({ "2", "3" })
  call("redis_sunionstore", handle, c, { a, b }):gives(5)
  call("redis_sdiffstore", handle, c, a, a):gives(0)
  call("redis_exists", handle, c):gives(0)
  call("redis_sdiffstore", handle, text, a, b):gives(2)
  call("redis_type", handle, text):gives("set")
  call("redis_set", handle, text, "a string")

  call("redis_smove", handle, a, b, "1"):gives(true)
  call("redis_smove", handle, a, b, "1"):gives(false)
  call("redis_smove", handle, absent, b, "1"):gives(false)
  call("redis_smove", handle, a, text, "2"):fails(check.WRONG_TYPE)
  call("redis_smismember", handle, b, "1", "2", "9"):gives({ ["1"] = true, ["2"] = true, ["9"] = false })
  call("redis_smismember", handle, absent, { "1" }):gives({ ["1"] = false })
  call("redis_smismember", handle, text, "1"):fails(check.WRONG_TYPE)

  call("redis_del", handle, c)
  call("redis_sadd", handle, c, "x", "y", "z")
  local member = redis.redis_srandmember(handle, c)
  check.truthy(member == "x" or member == "y" or member == "z", "a member at random")
  call("redis_srandmember", handle, c, 10):gives_members({ "x", "y", "z" })
  check.equal(#redis.redis_srandmember(handle, c, -10), 10, "a negative count repeats members")
  call("redis_srandmember", handle, absent):fails(check.NIL)
  call("redis_srandmember", handle, absent, 3):gives({})
  call("redis_spop", handle, c, 0):gives({})
  call("redis_spop", handle, c, 2)
  call("redis_scard", handle, c):gives(1)
  call("redis_spop", handle, c, 5)
  call("redis_exists", handle, c):gives(0)
  call("redis_spop", handle, c):fails(check.NIL)
  call("redis_spop", handle, c, -1):fails("ERR value is out of range, must be positive")
  call("redis_spop", handle, text):fails(check.WRONG_TYPE)

  -- A member that stays is given by a scan, whatever comes and goes meanwhile.
  local scanned = tagged("scanned")
  call("redis_del", handle, scanned)
  local stays = {}
  for i = 1, 600 do
    stays[i] = "stays" .. i
    redis.redis_sadd(handle, scanned, stays[i], "goes" .. i)
  end
  local cursor, found, steps = 0, {}, 0
  repeat
    local step = assert(redis.redis_sscan(handle, scanned, cursor, "*", 20))
    for _, seen in ipairs(step.members) do
      found[seen] = true
    end
    redis.redis_srem(handle, scanned, "goes" .. steps + 1, "goes" .. 600 - steps)
    redis.redis_sadd(handle, scanned, "comes" .. steps % 50)
    cursor, steps = step.cursor, steps + 1
  until cursor == 0 or steps > 5000
  local missing = {}
  for _, name in ipairs(stays) do
    if not found[name] then
      missing[#missing + 1] = name
    end
  end
  check.equal(missing, {}, "members that a scan left out")
  call("redis_sscan", handle, absent, 0):gives({ cursor = 0, members = {} })
  call("redis_sscan", handle, text, 0):fails(check.WRONG_TYPE)
end

-- What is easy to get wrong: moves within a set, stores over their own sources, counts of zero, other types, any bytes.
for _, handle in ipairs(check.handles()) do
  local a, b, c, absent, text = tagged("a"), tagged("b"), tagged("c"), tagged("absent"), tagged("text")
  call("redis_del", handle, a, b, c, absent)
  call("redis_set", handle, text, "a string")
  call("redis_sadd", handle, a, "1", "2", BINARY, ""):gives(4)
  call("redis_sadd", handle, b, "2", BINARY, "9"):gives(3)

  call("redis_smove", handle, a, a, "1"):gives(true)
  call("redis_smove", handle, a, a, "none"):gives(false)
  call("redis_smove", handle, absent, text, "1"):gives(false)
  call("redis_smove", handle, text, a, "1"):fails(check.WRONG_TYPE)
  call("redis_smove", handle, a, text, "none"):fails(check.WRONG_TYPE)
  call("redis_smove", handle, a, b, 2):gives(true)
  call("redis_scard", handle, b):gives(3)
  call("redis_smove", handle, b, a, 2):gives(true)
  call("redis_smove", handle, a, c, BINARY):gives(true)
  call("redis_smove", handle, c, a, BINARY):gives(true)
  call("redis_exists", handle, c):gives(0)

  call("redis_smismember", handle, a, { BINARY, "", 1, 1, "none" }):gives({
    [BINARY] = true,
    [""] = true,
    ["1"] = true,
    none = false,
  })
  call("redis_smismember", handle, a, {}):fails("invalid number of arguments")

  call("redis_sinter", handle, a):gives_members({ "1", "2", BINARY, "" })
  call("redis_sinter", handle, a, a):gives_members({ "1", "2", BINARY, "" })
  call("redis_sinter", handle, absent, a):gives({})
  call("redis_sdiff", handle, a, absent, b):gives_members({ "1", "2", "" })
  call("redis_sdiff", handle, a, text):fails(check.WRONG_TYPE)
  call("redis_sunion", handle, text, a):fails(check.WRONG_TYPE)
  call("redis_sunion", handle, absent):gives({})

  -- What is stored takes the place of all that was there, its expiry too; what fails changes nothing.
  call("redis_set", handle, c, "v", 100):gives("OK")
  call("redis_sunionstore", handle, c, a, b):gives(5)
  check.expires_in(c, -1, "a stored set does not expire")
  for _, name in ipairs({ "redis_sinterstore", "redis_sunionstore", "redis_sdiffstore" }) do
    call(name, handle, c, a, text):fails(check.WRONG_TYPE)
    call(name, handle, c, {}):fails("invalid number of arguments")
    call("redis_scard", handle, c):gives(5)
  end
  call("redis_sinterstore", handle, c, c, a):gives(4)
  call("redis_sdiffstore", handle, c, c, b):gives(3)
  call("redis_smembers", handle, c):gives_members({ "1", "2", "" })
  call("redis_sunionstore", handle, c, absent):gives(0)
  call("redis_exists", handle, c):gives(0)

  call("redis_srandmember", handle, text):fails(check.WRONG_TYPE)
  call("redis_srandmember", handle, a, 0):gives({})
  call("redis_srandmember", handle, a, 2 ^ 53):gives_members({ "1", "2", BINARY, "" })
  call("redis_srandmember", handle, a, 1.5):raises("integer expected, got 1.5")
  check.equal(#redis.redis_srandmember(handle, a, 1), 1, "an array also of one")
  check.equal(#redis.redis_srandmember(handle, absent, -3), 0, "nothing repeats nothing")
  call("redis_scard", handle, a):gives(4)
  call("redis_spop", handle, text, 1):fails(check.WRONG_TYPE)
  call("redis_spop", handle, absent, 3):gives({})
  call("redis_spop", handle, a, 100):gives_members({ "1", "2", BINARY, "" })
  call("redis_exists", handle, a):gives(0)

  call("redis_sscan", handle, b, 0, "?"):gives({ cursor = 0, members = { "9" } })
  call("redis_sscan", handle, b, 0, nil, 0):fails("ERR syntax error")
  call("redis_sscan", handle, b, 0, "*", 1.5):raises("integer expected, got 1.5")
end

return check.report()
