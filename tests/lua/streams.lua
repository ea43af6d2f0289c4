-- redis_xadd, redis_xlen, redis_xrange, redis_xrevrange, redis_xdel, redis_xtrim

local check = require("check")
local redis = require("nauthilus_redis")
local call, key = check.call, check.keys("streams")

local MEBIBYTE = ("0123456789abcdef"):rep(65536)
local BINARY = "\0\r\n\255*$"
local TOO_SMALL = "ERR The ID specified in XADD is equal or smaller than the target stream top item"
local NOT_GREATER_THAN_0 = "ERR The ID specified in XADD must be greater than 0-0"
local NO_ID = "ERR Invalid stream ID specified as stream command argument"

local function entry(id, fields)
  return { id = id, fields = fields }
end

for _, handle in ipairs(check.handles()) do
  local k, absent, text = key("k"), key("absent"), key("text")
  call("redis_del", handle, k)
  call("redis_set", handle, text, "a string"):gives("OK")

  -- redis_xadd: fields and values in turn, or a table; the ids only grow.
  call("redis_xadd", handle, k, "1-1", "f", "v"):gives("1-1")
  call("redis_xadd", handle, k, "1-2", "f", "v", "g", "w"):gives("1-2")
  call("redis_xadd", handle, k, "1-*", { f = 3 }):gives("1-3")
  call("redis_xadd", handle, k, "2-*", { f = 4 }):gives("2-0")
  call("redis_xadd", handle, k, "3", { f = 5 }):gives("3-0")
  call("redis_xadd", handle, k, 5, { f = 6 }):gives("5-0")
  call("redis_xlen", handle, k):gives(6)
  call("redis_xadd", handle, k, "5-0", "f", "v"):fails(TOO_SMALL)
  call("redis_xadd", handle, k, "4-7", "f", "v"):fails(TOO_SMALL)
  call("redis_xadd", handle, k, "4-*", "f", "v"):fails(TOO_SMALL)
  call("redis_xadd", handle, absent, "0-0", "f", "v"):fails(NOT_GREATER_THAN_0)
  call("redis_xadd", handle, k, "x", "f", "v"):fails(NO_ID)
  call("redis_xadd", handle, k, "", "f", "v"):fails(NO_ID)
  call("redis_xadd", handle, k, "-", "f", "v"):fails(NO_ID)
  call("redis_xadd", handle, k, "6-x", "f", "v"):fails(NO_ID)
  call("redis_xadd", handle, k, "6-1-1", "f", "v"):fails(NO_ID)
  call("redis_xadd", handle, k, "-6", "f", "v"):fails(NO_ID)
  call("redis_xadd", handle, k, "18446744073709551616-0", "f", "v"):fails(NO_ID)
  call("redis_xadd", handle, k, "6-0"):fails("invalid number of arguments")
  call("redis_xadd", handle, k, "6-0", "f"):fails("invalid number of arguments")
  call("redis_xadd", handle, k, "6-0", {}):fails("invalid number of arguments")
  call("redis_xadd", handle, k, "6-0", "f", {}):fails("unable to convert Lua value of type table")
  call("redis_xadd", handle, k, "6-0", { f = print }):fails("unable to convert Lua value of type function")
  call("redis_xadd", handle, k, "6-0", {}, "v"):raises("bad argument #4 to 'redis_xadd' (string expected, got table)")
  call("redis_xadd", handle, k, {}, "f", "v"):raises("bad argument #3 to 'redis_xadd' (string expected, got table)")
  call("redis_xadd", handle, text, "1-1", "f", "v"):fails(check.WRONG_TYPE)
  call("redis_xlen", handle, k):gives(6)
  call("redis_exists", handle, absent):gives(0)

  -- redis_xlen
  call("redis_xlen", handle, absent):gives(0)
  call("redis_xlen", handle, text):fails(check.WRONG_TYPE)

  -- redis_xrange, redis_xrevrange
  local all = {
    entry("1-1", { f = "v" }), entry("1-2", { f = "v", g = "w" }), entry("1-3", { f = "3" }), entry("2-0", { f = "4" }),
    entry("3-0", { f = "5" }), entry("5-0", { f = "6" }),
  }
  for _, case in ipairs({
    { "-", "+", 1, 6 }, { "0", "+", 1, 6 }, { "1-1", "1-1", 1, 1 }, { "1", "1", 1, 3 }, { "1-2", "2", 2, 4 }, { 1, 2, 1, 4 },
    { "(1-1", "+", 2, 6 }, { "-", "(5-0", 1, 5 }, { "(1-1", "(1-3", 2, 2 }, { "(1-3", "(2-0", 1, 0 }, { "4", "+", 6, 6 },
    { "6", "+", 1, 0 }, { "+", "-", 1, 0 }, { "3", "2", 1, 0 }, { "5-0", "+", 6, 6 }, { "-", "1", 1, 3 }, { "2-0", "4", 4, 5 },
    { "-", "18446744073709551615-18446744073709551615", 1, 6 },
  }) do
    local start, stop, first, last = unpack(case)
    local want, reversed = { unpack(all, first, last) }, {}
    for i, found in ipairs(want) do
      reversed[#want + 1 - i] = found
    end
    call("redis_xrange", handle, k, start, stop):gives(want)
    call("redis_xrevrange", handle, k, stop, start):gives(reversed)
  end
  call("redis_xrange", handle, k, "-", "+", 2):gives({ all[1], all[2] })
  call("redis_xrange", handle, k, "(1-2", "+", 2):gives({ all[3], all[4] })
  call("redis_xrange", handle, k, "-", "+", 100):gives(all)
  call("redis_xrange", handle, k, "-", "+", "1"):gives({ all[1] })
  call("redis_xrange", handle, k, "-", "+", nil):gives(all)
  call("redis_xrevrange", handle, k, "+", "-", 2):gives({ all[6], all[5] })
  call("redis_xrevrange", handle, k, "(5-0", "-", 1):gives({ all[5] })
  call("redis_xrange", handle, k, "-", "+", 0):fails(check.NIL)
  call("redis_xrevrange", handle, k, "+", "-", 0):fails(check.NIL)
  call("redis_xrange", handle, absent, "-", "+"):gives({})
  call("redis_xrevrange", handle, absent, "+", "-"):gives({})
  call("redis_xrange", handle, text, "-", "+"):fails(check.WRONG_TYPE)
  call("redis_xrevrange", handle, text, "+", "-"):fails(check.WRONG_TYPE)
  call("redis_xrange", handle, k, "x", "+"):fails(NO_ID)
  call("redis_xrange", handle, k, "-", "*"):fails(NO_ID)
  call("redis_xrange", handle, k, "(-", "+"):fails(NO_ID)
  call("redis_xrange", handle, k, "(x", "+"):fails(NO_ID)
  call("redis_xrange", handle, k, "(18446744073709551615-18446744073709551615", "+"):fails("ERR invalid start ID for the interval")
  call("redis_xrange", handle, k, "-", "(0-0"):fails("ERR invalid end ID for the interval")
  call("redis_xrange", handle, k, "-"):raises("bad argument #4 to 'redis_xrange' (string expected, got no value)")
  call("redis_xrange", handle, k, "-", "+", "many"):raises("bad argument #5 to 'redis_xrange' (number expected, got string)")
  call("redis_xrange", handle, k, "-", "+", 0.5):raises("bad argument #5 to 'redis_xrange' (integer expected, got 0.5)")

  -- redis_xdel: a stream stays when its last entry goes, and so does its last id.
  call("redis_xdel", handle, k, "1-1"):gives(1)
  call("redis_xdel", handle, k, "1-1"):gives(0)
  call("redis_xdel", handle, k, "1-2", "9-9", "1-2"):gives(1)
  call("redis_xdel", handle, k, { "1-3", "2" }):gives(2)
  call("redis_xrange", handle, k, "-", "+"):gives({ all[5], all[6] })
  call("redis_xdel", handle, k, {}):fails("invalid number of arguments")
  call("redis_xdel", handle, k, "x"):fails(NO_ID)
  call("redis_xdel", handle, k, "3-0", "x"):fails(NO_ID)
  call("redis_xlen", handle, k):gives(2)
  call("redis_xdel", handle, absent, "1-1"):gives(0)
  call("redis_xdel", handle, text, "1-1"):fails(check.WRONG_TYPE)
  call("redis_xdel", handle, k, 3, 5):gives(2)
  call("redis_exists", handle, k):gives(1)
  call("redis_xlen", handle, k):gives(0)
  call("redis_xrange", handle, k, "-", "+"):gives({})
  call("redis_xadd", handle, k, "5-0", "f", "v"):fails(TOO_SMALL)
  call("redis_xadd", handle, k, "5-*", "f", "v"):gives("5-1")
  call("redis_del", handle, k):gives("OK", nil, 1)

  -- redis_xtrim
  local function fill()
    call("redis_del", handle, k)
    for i = 1, 10 do
      assert(redis.redis_xadd(handle, k, i .. "-0", "i", i))
    end
  end
  fill()
  call("redis_xtrim", handle, k, { maxlen = 20 }):gives(0)
  call("redis_xtrim", handle, k, { maxlen = 8 }):gives(2)
  call("redis_xrange", handle, k, "-", "+", 1):gives({ entry("3-0", { i = "3" }) })
  call("redis_xtrim", handle, k, { minid = "5-0" }):gives(2)
  call("redis_xtrim", handle, k, { minid = 6 }):gives(1)
  call("redis_xtrim", handle, k, { minid = "6-0" }):gives(0)
  call("redis_xrange", handle, k, "-", "+", 1):gives({ entry("6-0", { i = "6" }) })
  -- So few entries are all in one piece, which stays whole.
  call("redis_xtrim", handle, k, { maxlen = 1, approximate = true }):gives(0)
  call("redis_xtrim", handle, k, { minid = "9", approximate = true }):gives(0)
  call("redis_xtrim", handle, k, { maxlen = 4, approximate = false }):gives(1)
  call("redis_xtrim", handle, k, { maxlen = 0 }):gives(4)
  call("redis_exists", handle, k):gives(1)
  call("redis_xtrim", handle, absent, { maxlen = 1 }):gives(0)
  call("redis_xtrim", handle, text, { maxlen = 1 }):fails(check.WRONG_TYPE)
  call("redis_xtrim", handle, k, { minid = "x" }):fails(NO_ID)
  call("redis_xtrim", handle, k):raises("bad argument #3 to 'redis_xtrim' (table expected, got no value)")
  call("redis_xtrim", handle, k, 5):raises("bad argument #3 to 'redis_xtrim' (table expected, got number)")
  call("redis_xtrim", handle, k, {}):raises("bad argument #3 to 'redis_xtrim' (the option 'maxlen' or 'minid' expected)")
  call("redis_xtrim", handle, k, { approximate = true }):raises("(the option 'maxlen' or 'minid' expected)")
  call("redis_xtrim", handle, k, { maxlen = 1, minid = "1" }):raises("the options 'maxlen' and 'minid' exclude each other")
  call("redis_xtrim", handle, k, { maxlen = -1 }):raises("(option 'maxlen': an integer of 0 or more expected, got -1)")
  call("redis_xtrim", handle, k, { maxlen = 1, approximate = 1 }):raises("(option 'approximate': true or false expected, got 1)")
  call("redis_xtrim", handle, k, { limit = 1 }):raises("(unknown option 'limit': there are approximate, maxlen, minid)")
  call("redis_del", handle, k):gives("OK", nil, 1)

  -- Many entries, trimmed about: some may stay, none more than asked for goes.
  for i = 1, 500 do
    assert(redis.redis_xadd(handle, k, i .. "-0", "i", i))
  end
  call("redis_xtrim", handle, k, { maxlen = 150, approximate = true }):gives(300)
  call("redis_xlen", handle, k):gives(200)
  call("redis_xtrim", handle, k, { minid = "450", approximate = true }):gives(100)
  call("redis_xrange", handle, k, "-", "+", 1):gives({ entry("401-0", { i = "401" }) })
  call("redis_xtrim", handle, k, { maxlen = 1 }):gives(99)
  -- Going over a stream in parts
  for i = 501, 530 do
    assert(redis.redis_xadd(handle, k, i .. "-0", "i", i))
  end
  local read, last = 0, "-"
  repeat
    local part = assert(redis.redis_xrange(handle, k, last, "+", 7))
    read = read + #part
    last = part[#part] and "(" .. part[#part].id
  until not last
  check.equal(read, 31, "a stream in parts")
  call("redis_del", handle, k):gives("OK", nil, 1)

  -- Fields and values are bytes: numbers and booleans are their text, and come back as strings.
  call("redis_xadd", handle, k, "1-1", BINARY, MEBIBYTE, "", "", 1, true, "n", 1.5):gives("1-1")
  call("redis_xrange", handle, k, "-", "+"):gives({ entry("1-1", { [BINARY] = MEBIBYTE, [""] = "", ["1"] = "1", n = "1.5" }) })
  -- A field that is there twice: Lua's table has the last one.
  call("redis_xadd", handle, k, "1-2", "f", "first", "f", "last"):gives("1-2")
  call("redis_xrange", handle, k, "1-2", "+"):gives({ entry("1-2", { f = "last" }) })
  call("redis_del", handle, k):gives("OK", nil, 1)

  -- The greatest numbers an id can have
  call("redis_xadd", handle, k, "18446744073709551615-18446744073709551614", "f", "v"):gives(
    "18446744073709551615-18446744073709551614"
  )
  call("redis_xadd", handle, k, "*", "f", "v"):gives("18446744073709551615-18446744073709551615")
  call("redis_xadd", handle, k, "*", "f", "v"):fails("ERR The stream has exhausted the last possible ID, unable to add more items")
  call("redis_xlen", handle, k):gives(2)
  call("redis_del", handle, k):gives("OK", nil, 1)
end

-- Ids by the server's clock grow, also within a millisecond.
local clock, before = key("clock"), nil
for _ = 1, 50 do
  local id = redis.redis_xadd("default", clock, "*", "f", "v")
  local milliseconds, number = tostring(id):match("^(%d+)%-(%d+)$")
  milliseconds, number = tonumber(milliseconds), tonumber(number)
  check.truthy(milliseconds and milliseconds > 1.6e12 and milliseconds < 1e13, "an id is a time in milliseconds")
  check.truthy(
    not before or milliseconds > before[1] or (milliseconds == before[1] and number > before[2]),
    "an id is greater than the one before"
  )
  before = { milliseconds, number }
end
call("redis_xlen", "default", clock):gives(50)

return check.report()
