-- redis_sadd, redis_sismember, redis_smembers, redis_srem, redis_scard

local check = require("check")
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

return check.report()
