-- redis_hget, redis_hset, redis_hdel, redis_hlen, redis_hgetall, redis_hincrby, redis_hincrbyfloat, redis_hexists

local check = require("check")
local redis = require("nauthilus_redis")
local call, key = check.call, check.keys("hashes")

local MEBIBYTE = ("0123456789abcdef"):rep(65536)
local BINARY = "\0\r\n\255*$"

for _, handle in ipairs(check.handles()) do
  local k, absent, text = key("k"), key("absent"), key("text")
  call("redis_del", handle, k)
  call("redis_set", handle, text, "a string"):gives("OK")

  -- redis_hset: fields and values in turn, or a table.
  call("redis_hset", handle, k, "name", "ann"):gives(1)
  call("redis_hset", handle, k, "name", "bob"):gives(0)
  call("redis_hset", handle, k, "name", "eve", "tries", 3, "score", 0.5, "good", true, "bad", false):gives(4)
  call("redis_hset", handle, k, { name = "zoe", tries = 4, extra = "x" }):gives(1)
  call("redis_hgetall", handle, k):gives({
    name = "zoe",
    tries = "4",
    score = "0.5",
    good = "1",
    bad = "0",
    extra = "x",
  })
  call("redis_hset", handle, k, 7, "a field that is a number"):gives(1)
  call("redis_hget", handle, k, "7"):gives("a field that is a number")
  call("redis_hset", handle, k, "f", "v", "odd"):fails("invalid number of arguments")
  call("redis_hset", handle, k, {}):fails("invalid number of arguments")
  call("redis_hexists", handle, k, "f"):gives(false)
  call("redis_hset", handle, k, "f", {}):fails("unable to convert Lua value of type table")
  call("redis_hset", handle, k, "f", function() end):fails("unable to convert Lua value of type function")
  call("redis_hset", handle, k, { f = {} }):fails("unable to convert Lua value of type table")
  call("redis_hexists", handle, k, "f"):gives(false)
  call("redis_hset", handle, k, { [true] = "v" }):fails("unable to convert Lua value of type boolean")
  call("redis_hset", handle, text, "f", "v"):fails(check.WRONG_TYPE)
  call("redis_hset", handle, absent, { "first", "second" }):gives(2)
  call("redis_hgetall", handle, absent):gives({ ["1"] = "first", ["2"] = "second" })
  call("redis_hdel", handle, absent, 1, 2):gives(2)

  -- redis_hget
  call("redis_hget", handle, k, "name"):gives("zoe")
  call("redis_hget", handle, k, "missing"):fails(check.NIL)
  call("redis_hget", handle, absent, "name"):fails(check.NIL)
  call("redis_hget", handle, text, "name"):fails(check.WRONG_TYPE)
  call("redis_hget", handle, k, "tries", "number"):gives(4)
  call("redis_hget", handle, k, "score", "number"):gives(0.5)
  call("redis_hget", handle, k, "good", "boolean"):gives(true)
  call("redis_hget", handle, k, "bad", "bool"):gives(false)
  call("redis_hget", handle, k, "name", "string"):gives("zoe")
  call("redis_hget", handle, k, "name", "number"):fails_like(".")
  call("redis_hget", handle, k, "name", "float"):fails_like('^unknown type "float"')
  call("redis_hget", handle, k, "missing", "number"):fails(check.NIL)

  -- Any bytes
  call("redis_hset", handle, k, BINARY, BINARY, "empty", "", "", "no name"):gives(3)
  call("redis_hget", handle, k, BINARY):gives(BINARY)
  call("redis_hget", handle, k, "empty"):gives("")
  call("redis_hget", handle, k, ""):gives("no name")
  call("redis_hset", handle, k, "big", MEBIBYTE):gives(1)
  call("redis_hget", handle, k, "big"):gives(MEBIBYTE)
  call("redis_hset", handle, absent, "big", MEBIBYTE):gives(1)
  call("redis_hgetall", handle, absent):gives({ big = MEBIBYTE })
  call("redis_hdel", handle, absent, "big"):gives(1)

  -- redis_hdel
  call("redis_hdel", handle, k, "big"):gives(1)
  call("redis_hdel", handle, k, "big"):gives(0)
  call("redis_hdel", handle, k, BINARY, "empty", "missing"):gives(2)
  call("redis_hdel", handle, k, { "", "7", "missing" }):gives(2)
  call("redis_hdel", handle, k, {}):fails("invalid number of arguments")
  call("redis_hdel", handle, absent, "name"):gives(0)
  call("redis_hdel", handle, text, "name"):fails(check.WRONG_TYPE)

  -- redis_hlen, redis_hgetall, redis_hexists
  call("redis_hlen", handle, k):gives(6)
  call("redis_hlen", handle, absent):gives(0)
  call("redis_hlen", handle, text):fails(check.WRONG_TYPE)
  call("redis_hgetall", handle, absent):gives({})
  call("redis_hgetall", handle, text):fails(check.WRONG_TYPE)
  call("redis_hexists", handle, k, "name"):gives(true)
  call("redis_hexists", handle, k, "missing"):gives(false)
  call("redis_hexists", handle, absent, "name"):gives(false)
  call("redis_hexists", handle, text, "name"):fails(check.WRONG_TYPE)

  -- redis_hincrby
  call("redis_hincrby", handle, k, "count", 1):gives(1)
  call("redis_hincrby", handle, k, "count", 41):gives(42)
  call("redis_hincrby", handle, k, "count", -50):gives(-8)
  call("redis_hincrby", handle, k, "count", 0):gives(-8)
  call("redis_hget", handle, k, "count"):gives("-8")
  call("redis_hset", handle, k, "count", 2 ^ 53 - 10):gives(0)
  call("redis_hincrby", handle, k, "count", 10):gives(2 ^ 53)
  call("redis_hset", handle, k, "count", 0):gives(0)
  call("redis_hincrby", handle, k, "count", 2 ^ 53):gives(2 ^ 53)
  call("redis_hincrby", handle, k, "count", -2 ^ 53):gives(0)
  call("redis_hincrby", handle, k, "name", 1):fails("ERR hash value is not an integer")
  call("redis_hset", handle, k, "count", "9223372036854775807"):gives(0)
  call("redis_hincrby", handle, k, "count", 1):fails("ERR increment or decrement would overflow")
  call("redis_hincrby", handle, text, "count", 1):fails(check.WRONG_TYPE)

  -- redis_hincrbyfloat
  call("redis_hincrbyfloat", handle, k, "float", 1.3):gives(1.3)
  call("redis_hincrbyfloat", handle, k, "float", 0.2):gives(1.5)
  call("redis_hincrbyfloat", handle, k, "float", -2):gives(-0.5)
  call("redis_hincrbyfloat", handle, k, "float", 0.5):gives(0)
  call("redis_hget", handle, k, "float"):gives("0")
  call("redis_hincrbyfloat", handle, k, "float", 1e15):gives(1e15)
  call("redis_hget", handle, k, "float"):gives("1000000000000000")
  call("redis_hincrbyfloat", handle, k, "small", 1e-7):gives(1e-7)
  call("redis_hincrbyfloat", handle, k, "name", 1):fails("ERR hash value is not a float")
  call("redis_hincrbyfloat", handle, text, "float", 1):fails(check.WRONG_TYPE)

  -- The last field takes the key with it.
  call("redis_del", handle, k):gives("OK", nil, 1)
  call("redis_hset", handle, k, "only", 1):gives(1)
  call("redis_hdel", handle, k, "only"):gives(1)
  call("redis_del", handle, k):gives("OK", nil, 0)
end

-- Many fields at once, both ways.
local many, fields, turns = key("many"), {}, {}
for i = 1, 1000 do
  fields["field" .. i] = "value" .. i
  turns[#turns + 1] = "turn" .. i
  turns[#turns + 1] = i
end
call("redis_hset", "default", many, fields):gives(1000)
call("redis_hgetall", "default", many):gives(fields)
call("redis_hset", "default", many, unpack(turns)):gives(1000)
call("redis_hlen", "default", many):gives(2000)
call("redis_hget", "default", many, "turn1000"):gives("1000")

-- Several fields, fields alone, values alone, step by step.
for _, handle in ipairs(check.handles()) do
  local k, absent, text = key("more"), key("absent"), key("a string")
  call("redis_del", handle, k)
  call("redis_set", handle, text, "a string")
  call("redis_hset", handle, k, { a = 1, b = "", ["\0"] = "\r\n", ["7"] = "seven" }):gives(4)
  call("redis_hmget", handle, k, "a", "b", "nothing"):gives({ a = "1", b = "" })
  call("redis_hmget", handle, k, { "\0", 7 }):gives({ ["\0"] = "\r\n", ["7"] = "seven" })
  call("redis_hmget", handle, absent, "a"):gives({})
  call("redis_hmget", handle, k, {}):fails("invalid number of arguments")
  call("redis_hmget", handle, text, "a"):fails(check.WRONG_TYPE)
  call("redis_hkeys", handle, k):gives_members({ "a", "b", "\0", "7" })
  call("redis_hvals", handle, k):gives_members({ "1", "", "\r\n", "seven" })
  call("redis_hkeys", handle, absent):gives({})
  call("redis_hvals", handle, absent):gives({})
  call("redis_hkeys", handle, text):fails(check.WRONG_TYPE)
  call("redis_hstrlen", handle, k, "\0"):gives(2)
  call("redis_hstrlen", handle, k, "nothing"):gives(0)
  call("redis_hsetnx", handle, k, "a", "x"):gives(false)
  call("redis_hsetnx", handle, k, "c", true):gives(true)
  call("redis_hget", handle, k, "c"):gives("1")
  call("redis_hsetnx", handle, text, "f", "v"):fails(check.WRONG_TYPE)

  -- Floats are written as Redis writes them: 17 places of a long double, no exponent, no trailing zeros.
  call("redis_hset", handle, k, "n", "5.0e3")
  call("redis_hincrbyfloat", handle, k, "n", 200):gives(5200)
  call("redis_hget", handle, k, "n"):gives("5200")
  call("redis_hincrbyfloat", handle, k, "n", 0.1)
  call("redis_hget", handle, k, "n"):gives("5200.10000000000000009")
  call("redis_hset", handle, k, "n", "3.0")
  call("redis_hincrbyfloat", handle, k, "n", 1.1)
  call("redis_hget", handle, k, "n"):gives("4.1")

  -- A scan gives every field, whatever the size of its steps.
  local many = key("many")
  call("redis_del", handle, many)
  local expected = {}
  for i = 1, 700 do
    expected["f" .. i] = tostring(i)
  end
  call("redis_hset", handle, many, expected):gives(700)
  for _, count in ipairs({ 7, 1000 }) do
    local cursor, found, steps = 0, {}, 0
    repeat
      local step = assert(redis.redis_hscan(handle, many, cursor, nil, count))
      for field, value in pairs(step.fields) do
        found[field] = value
      end
      cursor, steps = step.cursor, steps + 1
    until cursor == 0 or steps > 2000
    check.equal(found, expected, "all fields in steps of " .. count)
  end
  call("redis_hscan", handle, k, 0, "[ab]", 100):gives({ cursor = 0, fields = { a = "1", b = "" } })
  call("redis_hscan", handle, absent, 0):gives({ cursor = 0, fields = {} })
  call("redis_hscan", handle, text, 0):fails(check.WRONG_TYPE)
  call("redis_hscan", handle, k, -1):raises("cursor expected, got -1")
end

-- What is easy to get wrong: fields and values in the same order, fields named twice, other types, any bytes.
for _, handle in ipairs(check.handles()) do
  local k, absent, text = key("edges"), key("absent"), key("a string")
  call("redis_del", handle, k, absent)
  call("redis_set", handle, text, "a string")
  call("redis_hset", handle, k, { [BINARY] = "", [""] = BINARY, ["1"] = 1 }):gives(3)
  local fields, values = assert(redis.redis_hkeys(handle, k)), assert(redis.redis_hvals(handle, k))
  local joined = {}
  for i, field in ipairs(fields) do
    joined[field] = values[i]
  end
  check.equal(joined, { [BINARY] = "", [""] = BINARY, ["1"] = "1" }, "redis_hvals has the order of redis_hkeys")
  call("redis_hmget", handle, k, "", "", BINARY, 1):gives({ [""] = BINARY, [BINARY] = "", ["1"] = "1" })
  call("redis_hmget", handle, k, "a", {}):raises("bad argument #4 to 'redis_hmget' (string expected, got table)")
  call("redis_hmget", handle, k, { "a", {} }):fails("unable to convert Lua value of type table")
  call("redis_hscan", handle, k, 0):gives({ cursor = 0, fields = joined })
  call("redis_hscan", handle, k, 0, nil, 0):fails("ERR syntax error")
  call("redis_hscan", handle, k, 0, "nothing*"):gives({ cursor = 0, fields = {} })
  call("redis_hscan", handle, k, 0, ""):gives({ cursor = 0, fields = { [""] = BINARY } })
  call("redis_hsetnx", handle, k, "", "x"):gives(false)
  call("redis_hsetnx", handle, k, "n", BINARY):gives(true)
  call("redis_hstrlen", handle, k, "n"):gives(#BINARY)
  call("redis_hstrlen", handle, k, BINARY):gives(0)
  call("redis_hstrlen", handle, absent, "n"):gives(0)
  call("redis_hstrlen", handle, text, "n"):fails(check.WRONG_TYPE)
  call("redis_hvals", handle, text):fails(check.WRONG_TYPE)
  call("redis_hsetnx", handle, absent, "f", {}):fails("unable to convert Lua value of type table")
  call("redis_exists", handle, absent):gives(0)
end

return check.report()
