-- redis_zadd, redis_zrem, redis_zcard, redis_zcount, redis_zscore, redis_zmscore, redis_zincrby, redis_zrank,
-- redis_zrevrank, redis_zrange and its relatives, redis_zpopmin, redis_zpopmax, redis_zrandmember, redis_zscan,
-- redis_zrangestore, redis_zunionstore, redis_zinterstore

local check = require("check")
local redis = require("nauthilus_redis")
local call, key = check.call, check.keys("sorted_sets")

local BINARY = "\0\r\n\255*$"
local NOT_A_FLOAT = "ERR value is not a valid float"
local NOT_A_BOUND = "ERR min or max is not a float"

local function entry(member, score)
  return { member = member, score = score }
end

for _, handle in ipairs(check.handles()) do
  local k, absent, text = key("k"), key("absent"), key("text")
  call("redis_del", handle, k)
  call("redis_set", handle, text, "a string"):gives("OK")

  -- redis_zadd: a table member → score, or members and scores in turn.
  call("redis_zadd", handle, k, "a", 1):gives(1)
  call("redis_zadd", handle, k, "a", 1):gives(0)
  call("redis_zadd", handle, k, "a", 2, "b", 1, "c", 3):gives(2)
  call("redis_zadd", handle, k, { c = 3, d = -1.5 }):gives(1)
  call("redis_zadd", handle, k, "e", 1, "e", 9):gives(1)
  call("redis_zrange_withscores", handle, k, 0, -1):gives({
    entry("d", -1.5), entry("b", 1), entry("a", 2), entry("c", 3), entry("e", 9),
  })
  call("redis_zadd", handle, k):fails("invalid number of arguments")
  call("redis_zadd", handle, k, {}):fails("invalid number of arguments")
  call("redis_zadd", handle, k, "a"):fails("invalid number of arguments")
  call("redis_zadd", handle, k, "a", 1, "b"):fails("invalid number of arguments")
  call("redis_zadd", handle, k, nil):fails("invalid number of arguments")
  call("redis_zadd", handle, k, "a", {}):raises("bad argument #4 to 'redis_zadd' (number expected, got table)")
  call("redis_zadd", handle, k, "a", nil):raises("bad argument #4 to 'redis_zadd' (number expected, got nil)")
  call("redis_zadd", handle, k, "a", true):raises("bad argument #4 to 'redis_zadd' (number expected, got boolean)")
  call("redis_zadd", handle, k, "a", 1, "b", {}):raises("bad argument #6 to 'redis_zadd' (number expected, got table)")
  call("redis_zadd", handle, k, { a = {} }):raises("bad argument #3 to 'redis_zadd' (the score of 'a': number expected, got table)")
  call("redis_zadd", handle, k, { a = true }):raises("bad argument #3 to 'redis_zadd' (the score of 'a': number expected, got boolean)")
  call("redis_zadd", handle, k, print, 1):fails("unable to convert Lua value of type function")
  call("redis_zadd", handle, k, { [print] = 1 }):fails("unable to convert Lua value of type function")
  call("redis_zadd", handle, k, "a", "many"):fails(NOT_A_FLOAT)
  call("redis_zadd", handle, k, "a", ""):fails(NOT_A_FLOAT)
  call("redis_zadd", handle, k, "a", 0 / 0):fails(NOT_A_FLOAT)
  call("redis_zadd", handle, k, "z", 1, "a", "many"):fails(NOT_A_FLOAT)
  call("redis_zscore", handle, k, "z"):fails(check.NIL)
  call("redis_zadd", handle, text, "a", 1):fails(check.WRONG_TYPE)

  -- Options, behind a table.
  call("redis_zadd", handle, k, { a = 100, f = 4 }, { nx = true }):gives(1)
  call("redis_zscore", handle, k, "a"):gives(2)
  call("redis_zadd", handle, k, { a = 5, g = 4 }, { xx = true }):gives(0)
  call("redis_zmscore", handle, k, "a", "g"):gives({ a = 5 })
  call("redis_zadd", handle, k, { a = 4, b = 7, g = 4 }, { gt = true, ch = true }):gives(2)
  call("redis_zmscore", handle, k, "a", "b", "g"):gives({ a = 5, b = 7, g = 4 })
  call("redis_zadd", handle, k, { a = 4, b = 8 }, { lt = true, ch = true }):gives(1)
  call("redis_zadd", handle, k, { a = 1, b = 1, h = 1 }, { xx = true, lt = true, ch = true }):gives(2)
  call("redis_zadd", handle, k, { a = 2 }, { ch = true, nx = false, xx = false }):gives(1)
  call("redis_zadd", handle, k, { a = 2 }, { ch = true }):gives(0)
  call("redis_zadd", handle, k, { a = 2 }, {}):gives(0)
  call("redis_zadd", handle, k, { a = 2 }, nil):gives(0)
  call("redis_zadd", handle, k, { a = 2 }, { nx = true, xx = true }):raises("the options 'nx' and 'xx' exclude each other")
  call("redis_zadd", handle, k, { a = 2 }, { gt = true, lt = true }):raises("the options 'gt' and 'lt' exclude each other")
  call("redis_zadd", handle, k, { a = 2 }, { nx = true, gt = true }):fails(
    "ERR GT, LT, and/or NX options at the same time are not compatible"
  )
  call("redis_zadd", handle, k, { a = 2 }, { incr = true }):raises(
    "bad argument #4 to 'redis_zadd' (unknown option 'incr': there are nx, xx, gt, lt, ch)"
  )
  call("redis_zadd", handle, k, { a = 2 }, { ch = 1 }):raises("(option 'ch': true or false expected, got 1)")
  call("redis_zadd", handle, k, { a = 2 }, "nx"):raises("bad argument #4 to 'redis_zadd' (table of options expected, got string)")
  call("redis_zadd", handle, absent, { a = 1 }, { xx = true }):gives(0)
  call("redis_exists", handle, absent):gives(0)

  -- redis_zcard, redis_zcount
  call("redis_zcard", handle, k):gives(7)
  call("redis_zcard", handle, absent):gives(0)
  call("redis_zcard", handle, text):fails(check.WRONG_TYPE)

  -- redis_zrem
  call("redis_zrem", handle, k, "g"):gives(1)
  call("redis_zrem", handle, k, "g"):gives(0)
  call("redis_zrem", handle, k, "f", "z", "f"):gives(1)
  call("redis_zrem", handle, k, { "e", "z" }):gives(1)
  call("redis_zrem", handle, k, {}):fails("invalid number of arguments")
  call("redis_zrem", handle, k, {}, "a"):fails("unable to convert Lua value of type table")
  call("redis_zrem", handle, absent, "a"):gives(0)
  call("redis_zrem", handle, text, "a"):fails(check.WRONG_TYPE)
  call("redis_zrange", handle, k, 0, -1):gives({ "d", "b", "a", "c" })
  -- The last member takes the key with it.
  call("redis_zrem", handle, k, "a", "b", "c", "d"):gives(4)
  call("redis_exists", handle, k):gives(0)

  -- Scores: what goes in comes out, bit for bit, infinities included.
  local scores = {
    zero = 0, one = 1, negative = -1, half = 0.5, tenth = 0.1, third = 1 / 3, large = 2 ^ 53, larger = 2 ^ 70,
    huge = 1.7976931348623157e308, small = 5e-324, tiny = 1e-10, million = 1e6, e15 = 1e15, e17 = 1e17, e21 = 1e21,
    most = math.huge, least = -math.huge, pi = math.pi, seventeen = 0.1 + 0.2, negative_tenth = -0.1,
  }
  call("redis_zadd", handle, k, scores):gives(20)
  for member, score in pairs(scores) do
    call("redis_zscore", handle, k, member):gives(score)
  end
  local members = {}
  for member in pairs(scores) do
    members[#members + 1] = member
  end
  call("redis_zmscore", handle, k, members):gives(scores)
  local in_order = redis.redis_zrange_withscores(handle, k, 0, -1)
  for i, found in ipairs(in_order) do
    check.equal(found.score, scores[found.member], "score of " .. found.member)
    check.truthy(i == 1 or in_order[i - 1].score <= found.score, "the order of " .. found.member)
  end
  check.equal(#in_order, 20, "members in order")
  call("redis_zadd", handle, k, "zero", -0.0):gives(0)
  call("redis_zscore", handle, k, "zero"):gives(0)
  -- Strings are read as Redis reads numbers.
  for as_text, number in pairs({ ["1e3"] = 1000, ["-.5"] = -0.5, inf = math.huge, ["-inf"] = -math.huge, ["+inf"] = math.huge, ["0x10"] = 16 }) do
    call("redis_zadd", handle, k, "read", as_text)
    call("redis_zscore", handle, k, "read"):gives(number)
  end
  call("redis_del", handle, k):gives("OK", nil, 1)

  -- redis_zincrby
  call("redis_zincrby", handle, k, 1, "a"):gives(1)
  call("redis_zincrby", handle, k, 0.25, "a"):gives(1.25)
  call("redis_zincrby", handle, k, -3, "a"):gives(-1.75)
  call("redis_zincrby", handle, k, "2", "a"):gives(0.25)
  call("redis_zincrby", handle, k, 0, "new"):gives(0)
  call("redis_zincrby", handle, k, 0.1, "sum"):gives(0.1)
  call("redis_zincrby", handle, k, 0.2, "sum"):gives(0.1 + 0.2)
  call("redis_zincrby", handle, k, 1e300, "big"):gives(1e300)
  call("redis_zincrby", handle, k, math.huge, "inf"):gives(math.huge)
  call("redis_zincrby", handle, k, 1, "inf"):gives(math.huge)
  call("redis_zincrby", handle, k, -math.huge, "inf"):fails("ERR resulting score is not a number (NaN)")
  call("redis_zscore", handle, k, "inf"):gives(math.huge)
  call("redis_zincrby", handle, k, 0 / 0, "a"):fails(NOT_A_FLOAT)
  call("redis_zincrby", handle, k, "x", "a"):raises("bad argument #3 to 'redis_zincrby' (number expected, got string)")
  call("redis_zincrby", handle, k, 1):raises("bad argument #4 to 'redis_zincrby' (value expected, got no value)")
  call("redis_zincrby", handle, k, 1, {}):fails("unable to convert Lua value of type table")
  call("redis_zincrby", handle, text, 1, "a"):fails(check.WRONG_TYPE)
  call("redis_del", handle, k):gives("OK", nil, 1)

  -- redis_zscore, redis_zmscore, redis_zrank, redis_zrevrank: members with the same score are in the order of their bytes.
  call("redis_zadd", handle, k, { b = 1, a = 1, B = 1, ["a\0"] = 1, ["é"] = 1, ["10"] = 1, ["9"] = 1, low = 0, high = 2 }):gives(9)
  local order = { "low", "10", "9", "B", "a", "a\0", "b", "é", "high" }
  local backwards = {}
  for i, member in ipairs(order) do
    backwards[#order + 1 - i] = member
    call("redis_zrank", handle, k, member):gives(i - 1)
    call("redis_zrevrank", handle, k, member):gives(#order - i)
  end
  call("redis_zrange", handle, k, 0, -1):gives(order)
  call("redis_zrevrange", handle, k, 0, -1):gives(backwards)
  call("redis_zrank", handle, k, "z"):fails(check.NIL)
  call("redis_zrevrank", handle, k, "z"):fails(check.NIL)
  call("redis_zrank", handle, absent, "a"):fails(check.NIL)
  call("redis_zrevrank", handle, absent, "a"):fails(check.NIL)
  call("redis_zrank", handle, text, "a"):fails(check.WRONG_TYPE)
  call("redis_zrevrank", handle, text, "a"):fails(check.WRONG_TYPE)
  call("redis_zrank", handle, k, 9):gives(2)
  call("redis_zscore", handle, k, "z"):fails(check.NIL)
  call("redis_zscore", handle, absent, "a"):fails(check.NIL)
  call("redis_zscore", handle, text, "a"):fails(check.WRONG_TYPE)
  call("redis_zmscore", handle, k, "low", "z", "high"):gives({ low = 0, high = 2 })
  call("redis_zmscore", handle, k, { "z" }):gives({})
  call("redis_zmscore", handle, k, 9, "low", "low"):gives({ ["9"] = 1, low = 0 })
  call("redis_zmscore", handle, k, {}):fails("invalid number of arguments")
  call("redis_zmscore", handle, absent, "a", "b"):gives({})
  call("redis_zmscore", handle, text, "a"):fails(check.WRONG_TYPE)

  -- Ranges of ranks, from either end; both ends are part of them.
  local function part(list, first, last)
    return { unpack(list, first, last) }
  end
  for _, range in ipairs({
    { 0, 0, 1, 1 }, { 0, 2, 1, 3 }, { 3, 4, 4, 5 }, { -1, -1, 9, 9 }, { -3, -2, 7, 8 }, { 7, 100, 8, 9 }, { -100, 1, 1, 2 },
    { 0, -10, 1, 0 }, { 5, 3, 1, 0 }, { 9, 20, 1, 0 }, { -1, 0, 1, 0 }, { 2 ^ 53, 2 ^ 53, 1, 0 }, { -2 ^ 53, 2 ^ 53, 1, 9 },
  }) do
    local start, stop, first, last = unpack(range)
    call("redis_zrange", handle, k, start, stop):gives(part(order, first, last))
    call("redis_zrevrange", handle, k, start, stop):gives(part(backwards, first, last))
  end
  call("redis_zrange", handle, absent, 0, -1):gives({})
  call("redis_zrevrange", handle, absent, 0, -1):gives({})
  call("redis_zrange", handle, text, 0, -1):fails(check.WRONG_TYPE)
  call("redis_zrevrange", handle, text, 0, -1):fails(check.WRONG_TYPE)
  call("redis_zrange", handle, k, 0, 0.5):raises("bad argument #4 to 'redis_zrange' (integer expected, got 0.5)")
  call("redis_zrange_withscores", handle, k, 0, 1):gives({ entry("low", 0), entry("10", 1) })
  call("redis_zrange_withscores", handle, k, -1, -1):gives({ entry("high", 2) })
  call("redis_zrange_withscores", handle, k, 5, 2):gives({})
  call("redis_zrange_withscores", handle, absent, 0, -1):gives({})
  call("redis_zrange_withscores", handle, text, 0, -1):fails(check.WRONG_TYPE)
  call("redis_zrevrange_withscores", handle, k, 0, 1):gives({ entry("high", 2), entry("é", 1) })
  call("redis_zrevrange_withscores", handle, k, -1, 100):gives({ entry("low", 0) })
  call("redis_zrevrange_withscores", handle, absent, 0, -1):gives({})
  call("redis_zrevrange_withscores", handle, text, 0, -1):fails(check.WRONG_TYPE)
  call("redis_del", handle, k):gives("OK", nil, 1)

  -- Ranges of scores
  call("redis_zadd", handle, k, { least = -math.huge, m = -1, z = 0, a = 1, b = 1, c = 1.5, d = 2, most = math.huge }):gives(8)
  for _, case in ipairs({
    { "-inf", "+inf", { "least", "m", "z", "a", "b", "c", "d", "most" } },
    { -math.huge, math.huge, { "least", "m", "z", "a", "b", "c", "d", "most" } },
    { "(-inf", "(+inf", { "m", "z", "a", "b", "c", "d" } },
    { "(-inf", "inf", { "m", "z", "a", "b", "c", "d", "most" } },
    { 1, 1, { "a", "b" } },
    { 1, 1.5, { "a", "b", "c" } },
    { "(1", 1.5, { "c" } },
    { "(1", "(1.5", {} },
    { "(1", "(1", {} },
    { "1", "(2", { "a", "b", "c" } },
    { "(1", 1, {} },
    { 2, 1, {} },
    { "+inf", "-inf", {} },
    { math.huge, math.huge, { "most" } },
    { -math.huge, -math.huge, { "least" } },
    { -1, 0, { "m", "z" } },
    { "1e0", "0x2", { "a", "b", "c", "d" } },
    { 3, 100, {} },
  }) do
    local min, max, want = unpack(case)
    local reversed = {}
    for i, member in ipairs(want) do
      reversed[#want + 1 - i] = member
    end
    call("redis_zrangebyscore", handle, k, min, max):gives(want)
    call("redis_zrevrangebyscore", handle, k, max, min):gives(reversed)
    call("redis_zcount", handle, k, min, max):gives(#want)
  end

  -- … and parts of them: a table, or two numbers.
  for _, case in ipairs({
    { 0, 2, { "a", "b" } }, { 1, 2, { "b", "c" } }, { 3, 10, { "d" } }, { 4, 1, {} }, { 100, 1, {} }, { 0, 0, {} },
    { 1, -1, { "b", "c", "d" } }, { 0, -5, { "a", "b", "c", "d" } }, { -1, 2, {} },
  }) do
    local offset, count, want = unpack(case)
    call("redis_zrangebyscore", handle, k, 1, 2, offset, count):gives(want)
    call("redis_zrangebyscore", handle, k, 1, 2, { offset = offset, count = count }):gives(want)
  end
  call("redis_zrangebyscore", handle, k, 1, 2, { offset = 3 }):gives({ "d" })
  call("redis_zrangebyscore", handle, k, 1, 2, { count = 1 }):gives({ "a" })
  call("redis_zrangebyscore", handle, k, 1, 2, {}):gives({ "a", "b", "c", "d" })
  call("redis_zrangebyscore", handle, k, 1, 2, nil):gives({ "a", "b", "c", "d" })
  call("redis_zrangebyscore", handle, k, 1, 2, "1", "1"):gives({ "b" })
  call("redis_zrevrangebyscore", handle, k, 2, 1, 0, 1):gives({ "d" })
  call("redis_zrevrangebyscore", handle, k, 2, 1, { offset = 1, count = 2 }):gives({ "c", "b" })
  call("redis_zrangebyscore", handle, k, 1, 2, 1):raises("bad argument #6 to 'redis_zrangebyscore' (number expected, got no value)")
  call("redis_zrangebyscore", handle, k, 1, 2, "x", 1):raises("bad argument #5 to 'redis_zrangebyscore' (number expected, got string)")
  call("redis_zrangebyscore", handle, k, 1, 2, { offset = "1" }):raises("(option 'offset': an integer expected, got string)")
  call("redis_zrangebyscore", handle, k, 1, 2, { count = 0.5 }):raises("(option 'count': an integer expected, got 0.5)")
  call("redis_zrangebyscore", handle, k, 1, 2, { limit = 1 }):raises("(unknown option 'limit': there are offset, count)")

  -- Bounds that are none
  for _, name in ipairs({ "redis_zrangebyscore", "redis_zrevrangebyscore", "redis_zcount", "redis_zremrangebyscore" }) do
    call(name, handle, k, "x", 1):fails(NOT_A_BOUND)
    call(name, handle, k, 1, "["):fails(NOT_A_BOUND)
    call(name, handle, k, "(", "(x"):fails(NOT_A_BOUND)
    call(name, handle, k, 0 / 0, 1):fails(NOT_A_BOUND)
    call(name, handle, k, true, 1):raises(("bad argument #3 to '%s' (string expected, got boolean)"):format(name))
    call(name, handle, k, 1):raises(("bad argument #4 to '%s' (string expected, got no value)"):format(name))
    call(name, handle, text, 0, 1):fails(check.WRONG_TYPE)
  end
  call("redis_zrangebyscore", handle, absent, 0, 1):gives({})
  call("redis_zrevrangebyscore", handle, absent, 1, 0):gives({})
  call("redis_zcount", handle, absent, 0, 1):gives(0)

  -- redis_zremrangebyscore, redis_zremrangebyrank
  call("redis_zremrangebyscore", handle, k, "(1", 2):gives(2)
  call("redis_zremrangebyscore", handle, k, 50, 100):gives(0)
  call("redis_zremrangebyscore", handle, absent, 0, 1):gives(0)
  call("redis_zrange", handle, k, 0, -1):gives({ "least", "m", "z", "a", "b", "most" })
  call("redis_zremrangebyrank", handle, k, -1, -1):gives(1)
  call("redis_zremrangebyrank", handle, k, 1, 2):gives(2)
  call("redis_zremrangebyrank", handle, k, 3, 1):gives(0)
  call("redis_zremrangebyrank", handle, k, 100, 200):gives(0)
  call("redis_zremrangebyrank", handle, absent, 0, -1):gives(0)
  call("redis_zremrangebyrank", handle, text, 0, -1):fails(check.WRONG_TYPE)
  call("redis_zrange", handle, k, 0, -1):gives({ "least", "a", "b" })
  call("redis_zremrangebyrank", handle, k, 0, -1):gives(3)
  call("redis_exists", handle, k):gives(0)

  -- redis_zpopmin, redis_zpopmax
  call("redis_zadd", handle, k, { a = 1, b = 1, c = 2.5, d = math.huge }):gives(4)
  call("redis_zpopmin", handle, k):gives({ entry("a", 1) })
  call("redis_zpopmax", handle, k):gives({ entry("d", math.huge) })
  call("redis_zpopmin", handle, k, 0):gives({})
  call("redis_zpopmax", handle, k, 0):gives({})
  call("redis_zpopmin", handle, k, -1):fails("ERR value is out of range, must be positive")
  call("redis_zpopmax", handle, k, -1):fails("ERR value is out of range, must be positive")
  call("redis_zpopmin", handle, k, "x"):raises("bad argument #3 to 'redis_zpopmin' (number expected, got string)")
  call("redis_zpopmin", handle, k, 100):gives({ entry("b", 1), entry("c", 2.5) })
  call("redis_exists", handle, k):gives(0)
  call("redis_zadd", handle, k, { a = 1, b = 1, c = 2 }):gives(3)
  call("redis_zpopmax", handle, k, 2):gives({ entry("c", 2), entry("b", 1) })
  call("redis_zpopmax", handle, k, nil):gives({ entry("a", 1) })
  call("redis_zpopmin", handle, k):gives({})
  call("redis_zpopmax", handle, k):gives({})
  call("redis_zpopmax", handle, k, 3):gives({})
  call("redis_zpopmin", handle, text):fails(check.WRONG_TYPE)
  call("redis_zpopmax", handle, text):fails(check.WRONG_TYPE)

  -- redis_zrandmember
  call("redis_zadd", handle, k, { a = 1, b = 2, c = 3 }):gives(3)
  call("redis_zrandmember", handle, k):gives_like("^[abc]$")
  call("redis_zrandmember", handle, k, 100):gives_members({ "a", "b", "c" })
  call("redis_zrandmember", handle, k, 3):gives_members({ "a", "b", "c" })
  call("redis_zrandmember", handle, k, 0):gives({})
  local two = assert(redis.redis_zrandmember(handle, k, 2))
  check.truthy(#two == 2 and two[1] ~= two[2], "two different members")
  local repeated = assert(redis.redis_zrandmember(handle, k, -50))
  check.equal(#repeated, 50, "a negative count gives as many as it says")
  call("redis_zrandmember", handle, absent):fails(check.NIL)
  call("redis_zrandmember", handle, absent, 3):gives({})
  call("redis_zrandmember", handle, text):fails(check.WRONG_TYPE)
  call("redis_zrandmember", handle, text, 3):fails(check.WRONG_TYPE)
  call("redis_zcard", handle, k):gives(3)
  call("redis_del", handle, k):gives("OK", nil, 1)

  -- Members are bytes: numbers and booleans are members as their text, and come back as strings.
  call("redis_zadd", handle, k, 1, 10, 1.5, 20, false, 30, BINARY, 40, "", 50):gives(5)
  call("redis_zadd", handle, k, { [1] = 10, [1.5] = 20 }):gives(0)
  call("redis_zrange", handle, k, 0, -1):gives({ "1", "1.5", "0", BINARY, "" })
  call("redis_zscore", handle, k, false):gives(30)
  call("redis_zscore", handle, k, BINARY):gives(40)
  call("redis_zscore", handle, k, ""):gives(50)
  call("redis_zrank", handle, k, ""):gives(4)
  call("redis_zmscore", handle, k, BINARY, "", 1.5):gives({ [BINARY] = 40, [""] = 50, ["1.5"] = 20 })
  call("redis_zincrby", handle, k, 1, BINARY):gives(41)
  call("redis_zpopmax", handle, k):gives({ entry("", 50) })
  call("redis_zrem", handle, k, 1, 1.5, false, BINARY):gives(4)

  -- redis_zscan: a small set in one step, a large one in many.
  local function scan(name, match, count)
    local found, steps, cursor = {}, 0, 0
    repeat
      local step = assert(redis.redis_zscan(handle, name, cursor, match, count))
      for _, member in ipairs(step.members) do
        found[member.member] = member.score
      end
      cursor, steps = step.cursor, steps + 1
      assert(steps < 10000, "the scan does not end")
    until cursor == 0
    return found, steps
  end
  local small = { a = 1, b = math.huge, ab = 0.1 + 0.2, [BINARY] = -1 }
  call("redis_zadd", handle, k, small):gives(4)
  check.equal({ scan(k) }, { small, 1 }, "a small set")
  check.equal(scan(k, "a*", 1), { a = 1, ab = 0.1 + 0.2 }, "members that match")
  check.equal(scan(k, "x*"), {}, "no member that matches")
  check.equal(scan(absent), {}, "no such key")
  call("redis_zscan", handle, absent, 0):gives({ cursor = 0, members = {} })
  call("redis_zscan", handle, text, 0):fails(check.WRONG_TYPE)
  call("redis_zscan", handle, k, 0, "*", 0):fails("ERR syntax error")
  call("redis_zscan", handle, k, -1):raises("bad argument #3 to 'redis_zscan' (cursor expected, got -1)")
  call("redis_zscan", handle, k):raises("bad argument #3 to 'redis_zscan' (number expected, got no value)")
  local large = {}
  for i = 1, 500 do
    large["member " .. i] = i / 4
  end
  call("redis_zadd", handle, k, large):gives(500)
  call("redis_zrem", handle, k, "a", "b", "ab", BINARY):gives(4)
  local all, steps = scan(k, nil, 20)
  check.equal(all, large, "a large set")
  check.truthy(steps > 5, "a large set in steps")
  check.equal(scan(k, "member 12?", 1000), {
    ["member 120"] = 30, ["member 121"] = 30.25, ["member 122"] = 30.5, ["member 123"] = 30.75, ["member 124"] = 31,
    ["member 125"] = 31.25, ["member 126"] = 31.5, ["member 127"] = 31.75, ["member 128"] = 32, ["member 129"] = 32.25,
  }, "some members of a large set")

  -- A large set is kept in another way by Redis: the answers are the same.
  call("redis_zcard", handle, k):gives(500)
  call("redis_zrank", handle, k, "member 250"):gives(249)
  call("redis_zrevrank", handle, k, "member 250"):gives(250)
  call("redis_zscore", handle, k, "member 3"):gives(0.75)
  call("redis_zcount", handle, k, "(100", 110):gives(40)
  call("redis_zrange", handle, k, 498, -1):gives({ "member 499", "member 500" })
  call("redis_zrangebyscore", handle, k, 1, 2, 1, 3):gives({ "member 5", "member 6", "member 7" })
  call("redis_zrevrangebyscore", handle, k, 2, 1, 1, 2):gives({ "member 7", "member 6" })
  call("redis_zincrby", handle, k, 1000, "member 1"):gives(1000.25)
  call("redis_zrevrange", handle, k, 0, 1):gives({ "member 1", "member 500" })
  call("redis_zpopmin", handle, k, 2):gives({ entry("member 2", 0.5), entry("member 3", 0.75) })
  local random, seen = assert(redis.redis_zrandmember(handle, k, 490)), {}
  for _, member in ipairs(random) do
    seen[member] = large[member] and true
  end
  local different = 0
  for _ in pairs(seen) do
    different = different + 1
  end
  check.equal({ #random, different }, { 490, 490 }, "many different members")
  call("redis_zremrangebyrank", handle, k, 10, -11):gives(478)
  call("redis_zremrangebyscore", handle, k, "-inf", 1e9):gives(20)
  call("redis_exists", handle, k):gives(0)

  -- redis_zrangestore: ranks, scores, or members in the order of their bytes.
  local from, to = key("{stored}:from"), key("{stored}:to")
  local other, string_of_slot, set = key("{stored}:other"), key("{stored}:text"), key("{stored}:set")
  local function stored()
    return redis.redis_zrange_withscores(handle, to, 0, -1)
  end
  call("redis_set", handle, string_of_slot, "a string"):gives("OK")
  call("redis_zadd", handle, from, { a = 1, b = 2, c = 3, d = math.huge }):gives(4)
  call("redis_zrangestore", handle, to, from, 0, -1):gives(4)
  check.equal(stored(), { entry("a", 1), entry("b", 2), entry("c", 3), entry("d", math.huge) }, "all by rank")
  call("redis_zrangestore", handle, to, from, 1, "2"):gives(2)
  check.equal(stored(), { entry("b", 2), entry("c", 3) }, "some by rank, in place of what was there")
  call("redis_zrangestore", handle, to, from, 0, 0, { rev = true }):gives(1)
  check.equal(stored(), { entry("d", math.huge) }, "from the highest score")
  call("redis_zrangestore", handle, to, from, "(1", 3, { byscore = true }):gives(2)
  check.equal(stored(), { entry("b", 2), entry("c", 3) }, "by score")
  call("redis_zrangestore", handle, to, from, math.huge, -math.huge, { byscore = true, rev = true, offset = 1, count = 2 }):gives(2)
  check.equal(stored(), { entry("b", 2), entry("c", 3) }, "a part of a range of scores, from the highest")
  call("redis_zrangestore", handle, to, from, "-inf", "+inf", { byscore = true, count = 1 }):gives(1)
  check.equal(stored(), { entry("a", 1) }, "the first of a range of scores")
  call("redis_zrangestore", handle, to, from, "-inf", "+inf", { byscore = true, offset = 3 }):gives(1)
  check.equal(stored(), { entry("d", math.huge) }, "a range of scores but for the first")
  call("redis_zadd", handle, other, { a = 5, b = 5, c = 5 }):gives(3)
  call("redis_zrangestore", handle, to, other, "[a", "(c", { bylex = true }):gives(2)
  check.equal(stored(), { entry("a", 5), entry("b", 5) }, "by member")
  call("redis_zrangestore", handle, to, other, "+", "-", { bylex = true, rev = true, offset = 0, count = 1 }):gives(1)
  check.equal(stored(), { entry("c", 5) }, "by member, from the last")
  call("redis_zrangestore", handle, string_of_slot, other, 0, 0):gives(1)
  call("redis_zcard", handle, string_of_slot):gives(1)
  call("redis_set", handle, string_of_slot, "a string"):gives("OK")
  call("redis_zrangestore", handle, to, key("{stored}:absent"), 0, -1):gives(0)
  call("redis_exists", handle, to):gives(0)
  call("redis_zrangestore", handle, from, from, 0, 1):gives(2)
  call("redis_zrange", handle, from, 0, -1):gives({ "a", "b" })
  call("redis_zrangestore", handle, to, string_of_slot, 0, -1):fails(check.WRONG_TYPE)
  call("redis_zrangestore", handle, to, from, 0, -1, { count = 1 }):fails(
    "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX"
  )
  call("redis_zrangestore", handle, to, from, "a", "b", { bylex = true }):fails("ERR min or max not valid string range item")
  call("redis_zrangestore", handle, to, from, "x", 1, { byscore = true }):fails(NOT_A_BOUND)
  call("redis_zrangestore", handle, to, from, "x", 1):fails("ERR value is not an integer or out of range")
  call("redis_zrangestore", handle, to, from, 0, 1, { byscore = true, bylex = true }):raises("exclude each other")
  call("redis_zrangestore", handle, to, from, 0, 1, { byrank = true }):raises(
    "bad argument #6 to 'redis_zrangestore' (unknown option 'byrank': there are byscore, bylex, rev, offset, count)"
  )

  -- redis_zunionstore, redis_zinterstore: several keys or one table of them; scores are added.
  call("redis_del", handle, from, other)
  call("redis_zadd", handle, from, { a = 1, b = 2, most = math.huge, least = -math.huge }):gives(4)
  call("redis_zadd", handle, other, { b = 0.5, c = 3, most = -math.huge }):gives(3)
  call("redis_sadd", handle, set, "b", "z"):gives(2)
  call("redis_zunionstore", handle, to, from, other):gives(5)
  -- Both infinities together are 0.
  check.equal(stored(), { entry("least", -math.huge), entry("most", 0), entry("a", 1), entry("b", 2.5), entry("c", 3) }, "union")
  call("redis_zinterstore", handle, to, from, other):gives(2)
  check.equal(stored(), { entry("most", 0), entry("b", 2.5) }, "intersection, in place of the union")
  call("redis_zinterstore", handle, to, { from, other, set }):gives(1)
  check.equal(stored(), { entry("b", 3.5) }, "with a set")
  call("redis_zunionstore", handle, to, { set }):gives(2)
  check.equal(stored(), { entry("b", 1), entry("z", 1) }, "a set alone")
  call("redis_zunionstore", handle, to, set, set):gives(2)
  check.equal(stored(), { entry("b", 2), entry("z", 2) }, "twice the same")
  call("redis_zunionstore", handle, to, to, from):gives(5)
  call("redis_zinterstore", handle, to, from, key("{stored}:absent")):gives(0)
  call("redis_exists", handle, to):gives(0)
  call("redis_zunionstore", handle, to, key("{stored}:absent")):gives(0)
  call("redis_zunionstore", handle, to, from, string_of_slot):fails(check.WRONG_TYPE)
  call("redis_zinterstore", handle, to, from, string_of_slot):fails(check.WRONG_TYPE)
  for _, name in ipairs({ "redis_zunionstore", "redis_zinterstore" }) do
    call(name, handle, to):raises(("bad argument #3 to '%s' (string expected, got no value)"):format(name))
    call(name, handle, to, {}):fails("invalid number of arguments")
    call(name, handle, to, from, true):raises(("bad argument #4 to '%s' (string expected, got boolean)"):format(name))
    call(name, handle, to, { from, {} }):fails("unable to convert Lua value of type table")
  end
  call("redis_del", handle, from, other, set)
end

return check.report()
