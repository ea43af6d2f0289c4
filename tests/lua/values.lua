-- How Lua values become Redis values, everywhere a value is taken.

local check = require("check")
local redis = require("nauthilus_redis")
local call, key = check.call, check.keys("values")

local k = key("k")

-- Stores a value in each way there is and checks what Redis has: the very bytes.
local function stored_as(value, text)
  call("redis_set", "default", k, value):gives("OK")
  call("redis_get", "default", k):gives(text)

  call("redis_hset", "default", key("hash"), "field", value)
  call("redis_hget", "default", key("hash"), "field"):gives(text)
  call("redis_hset", "default", key("hash"), { field = value }):gives(0)
  call("redis_hgetall", "default", key("hash")):gives({ field = text })

  call("redis_sadd", "default", key("set"), value):gives(1)
  call("redis_sismember", "default", key("set"), text):gives(true)
  call("redis_sismember", "default", key("set"), value):gives(true)
  call("redis_smembers", "default", key("set")):gives({ text })
  call("redis_srem", "default", key("set"), { value }):gives(1)

  call("redis_run_script", "default", "return ARGV[1]", "", {}, { value }):gives(text)
end

-- Strings
stored_as("", "")
stored_as("text", "text")
stored_as("nul \0 crlf \r\n end", "nul \0 crlf \r\n end")
stored_as("Grüße ☃", "Grüße ☃")
stored_as("1e5", "1e5")
stored_as("0x10", "0x10")
local every_byte = {}
for byte = 0, 255 do
  every_byte[byte + 1] = string.char(byte)
end
every_byte = table.concat(every_byte)
stored_as(every_byte, every_byte)
local mebibyte = every_byte:rep(4096)
stored_as(mebibyte, mebibyte)

-- Integers: plain digits, however large.
stored_as(0, "0")
stored_as(-0.0, "0")
stored_as(1, "1")
stored_as(-1, "-1")
stored_as(2 ^ 31, "2147483648")
stored_as(-2 ^ 31 - 1, "-2147483649")
stored_as(2 ^ 53, "9007199254740992")
stored_as(2 ^ 53 - 1, "9007199254740991")
stored_as(-2 ^ 53, "-9007199254740992")
stored_as(1e15, "1000000000000000")
stored_as(1e16, "10000000000000000")
stored_as(1e21, "1000000000000000000000")
stored_as(-1e21, "-1000000000000000000000")

-- Other numbers: the shortest decimal that reads back the same, never with an exponent.
stored_as(0.5, "0.5")
stored_as(-0.5, "-0.5")
stored_as(0.1, "0.1")
stored_as(0.1 + 0.2, "0.30000000000000004")
stored_as(1 / 3, "0.3333333333333333")
stored_as(123456.789, "123456.789")
stored_as(1e-7, "0.0000001")
stored_as(1.5e-10, "0.00000000015")
stored_as(5e-324, "0." .. ("0"):rep(323) .. "5")
stored_as(math.huge, "inf")
stored_as(-math.huge, "-inf")
for _, number in ipairs({ 1e23, 1e100, 1.7976931348623157e308, 2 ^ 63, 2 ^ 70, math.pi, 2 ^ -1022 }) do
  call("redis_set", "default", k, number):gives("OK")
  local text = redis.redis_get("default", k)
  check.truthy(not text:find("[eE]"), "no exponent in " .. text)
  check.equal(tonumber(text), number, "reads back the same: " .. text)
  call("redis_get", "default", k, "number"):gives(number)
end

-- Booleans
stored_as(true, "1")
stored_as(false, "0")

-- What is no value: an error, and nothing is sent.
call("redis_set", "default", k, "kept"):gives("OK")
local handle = assert(redis.get_redis_connection("default"))
for kind, value in pairs({
  table = {},
  ["function"] = print,
  thread = coroutine.create(print),
  userdata = handle,
}) do
  local message = "unable to convert Lua value of type " .. kind
  call("redis_set", "default", k, value):fails(message)
  call("redis_hset", "default", k, "field", value):fails(message)
  call("redis_hset", "default", k, { field = value }):fails(message)
  call("redis_sadd", "default", k, "member", value):fails(message)
  call("redis_sadd", "default", k, { "member", value }):fails(message)
  call("redis_sismember", "default", k, value):fails(message)
  call("redis_srem", "default", k, "member", value):fails(message)
  call("redis_run_script", "default", "return 1", "", {}, { value }):fails(message)
  call("redis_run_script", "default", "return 1", "", { value }, {}):fails(message)
end
call("redis_set", "default", k, nil):fails("unable to convert Lua value of type nil")
call("redis_sadd", "default", k, nil):fails("unable to convert Lua value of type nil")
call("redis_sadd", "default", k, "member", nil):fails("unable to convert Lua value of type nil")
call("redis_hset", "default", k, "field", nil):fails("unable to convert Lua value of type nil")
call("redis_sismember", "default", k, nil):fails("unable to convert Lua value of type nil")
call("redis_get", "default", k):gives("kept")

-- Keys and fields are strings, or numbers as their digits.
local number_key = key("1000000")
call("redis_set", "default", number_key, "v"):gives("OK")
call("redis_hset", "default", key("hash"), 2 ^ 53, "large", 0.5, "half"):gives(2)
call("redis_hget", "default", key("hash"), "9007199254740992"):gives("large")
call("redis_hexists", "default", key("hash"), 2 ^ 53):gives(true)
call("redis_hdel", "default", key("hash"), 2 ^ 53, 0.5):gives(2)

-- Integers up to 2^53 come back as the same number.
for _, number in ipairs({ 0, 1, -1, 2 ^ 31, 2 ^ 53, -2 ^ 53 }) do
  call("redis_run_script", "default", "return tonumber(ARGV[1])", "", {}, { number }):gives(number)
end

return check.report()
