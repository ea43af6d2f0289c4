-- redis_pfadd, redis_pfcount, redis_pfmerge

local check = require("check")
local redis = require("nauthilus_redis")
local call, key = check.call, check.keys("hyperloglog")

local BINARY = "\0\r\n\255*$"
local NOT_ONE = "WRONGTYPE Key is not a valid HyperLogLog string value."

for _, handle in ipairs(check.handles()) do
  local k, absent, set = key("k"), key("absent"), key("set")
  call("redis_del", handle, k)
  call("redis_sadd", handle, set, "a member")

  -- redis_pfadd: 1 when it changed something.
  call("redis_pfadd", handle, k, "a"):gives(1)
  call("redis_pfadd", handle, k, "a"):gives(0)
  call("redis_pfadd", handle, k, "a", "b", "c"):gives(1)
  call("redis_pfadd", handle, k, { "c", "b", "a" }):gives(0)
  call("redis_pfadd", handle, k, { "d" }):gives(1)
  call("redis_pfcount", handle, k):gives(4)
  call("redis_pfadd", handle, k):raises("bad argument #3 to 'redis_pfadd' (value expected, got no value)")
  call("redis_pfadd", handle, k, {}):fails("invalid number of arguments")
  call("redis_pfadd", handle, k, "e", {}):fails("unable to convert Lua value of type table")
  call("redis_pfadd", handle, set, "a"):fails(check.WRONG_TYPE)
  call("redis_pfcount", handle, k):gives(4)

  -- Values are bytes: numbers and booleans are values as their text.
  call("redis_pfadd", handle, k, 1, 1.5, true, false, BINARY, ""):gives(1)
  call("redis_pfadd", handle, k, "1", "1.5", "0", BINARY, ""):gives(0)
  call("redis_pfcount", handle, k):gives(9)

  -- redis_pfcount: of all keys together.
  local monday, tuesday, week = key("{days}:monday"), key("{days}:tuesday"), key("{days}:week")
  local not_there, text = key("{days}:absent"), key("{days}:text")
  call("redis_del", handle, monday, tuesday, week)
  call("redis_set", handle, text, "a string"):gives("OK")
  call("redis_pfadd", handle, monday, "a", "b", "c"):gives(1)
  call("redis_pfadd", handle, tuesday, "c", "d"):gives(1)
  call("redis_pfcount", handle, absent):gives(0)
  call("redis_pfcount", handle, monday):gives(3)
  call("redis_pfcount", handle, monday, tuesday):gives(4)
  call("redis_pfcount", handle, { tuesday, monday, not_there }):gives(4)
  call("redis_pfcount", handle, monday, monday):gives(3)
  call("redis_pfcount", handle, not_there, not_there):gives(0)
  call("redis_pfcount", handle, set):fails(check.WRONG_TYPE)
  call("redis_pfcount", handle, text):fails(NOT_ONE)
  call("redis_pfcount", handle, monday, text):fails(NOT_ONE)
  call("redis_pfadd", handle, text, "a"):fails(NOT_ONE)
  call("redis_get", handle, text):gives("a string")

  -- redis_pfmerge
  call("redis_pfmerge", handle, week, monday, tuesday):gives("OK")
  call("redis_pfcount", handle, week):gives(4)
  call("redis_pfadd", handle, week, "e"):gives(1)
  call("redis_pfmerge", handle, week, { monday, not_there }):gives("OK")
  call("redis_pfcount", handle, week):gives(5)
  call("redis_pfcount", handle, monday):gives(3)
  call("redis_pfmerge", handle, week, text):fails(NOT_ONE)
  call("redis_pfmerge", handle, text, monday):fails(NOT_ONE)
  call("redis_pfmerge", handle, week):raises("bad argument #3 to 'redis_pfmerge' (string expected, got no value)")
  call("redis_pfmerge", handle, week, {}):fails("invalid number of arguments")
  call("redis_pfmerge", handle, week, monday, true):raises("bad argument #4 to 'redis_pfmerge' (string expected, got boolean)")
  call("redis_del", handle, week):gives("OK", nil, 1)
  call("redis_pfmerge", handle, week, not_there):gives("OK")
  call("redis_pfcount", handle, week):gives(0)
  call("redis_exists", handle, week):gives(1)
end

-- The same values give the same answers as Redis 7 gives, whichever way Redis keeps them: a few, many, very many.
local ANSWERS = { [10] = 10, [100] = 100, [1000] = 991, [5000] = 4957, [20000] = 20056, [50000] = 50152 }
local counted, added = key("{counted}:one by one"), 0
local counts = {}
for n in pairs(ANSWERS) do
  counts[#counts + 1] = n
end
table.sort(counts)
for _, n in ipairs(counts) do
  while added < n do
    local values = {}
    while #values < 1000 and added < n do
      added = added + 1
      values[#values + 1] = "value:" .. added
    end
    assert(redis.redis_pfadd("default", counted, values))
  end
  call("redis_pfcount", "default", counted):gives(ANSWERS[n])
end
local half, whole = key("{counted}:half"), key("{counted}:whole")
for first = 1, 100000, 2000 do
  local values = {}
  for i = first, first + 1999, 2 do
    values[#values + 1] = "value:" .. i
  end
  assert(redis.redis_pfadd("default", half, values))
end
call("redis_pfcount", "default", half):gives(49972)
call("redis_pfcount", "default", half, counted):gives(74412)
call("redis_pfmerge", "default", whole, half, counted):gives("OK")
call("redis_pfcount", "default", whole):gives(74412)

-- The bytes are Redis' own, and can be kept elsewhere and put back.
local bytes = assert(redis.redis_get("default", counted))
check.equal(bytes:sub(1, 4), "HYLL", "how a HyperLogLog begins")
call("redis_set", "default", whole, bytes):gives("OK")
call("redis_pfcount", "default", whole):gives(ANSWERS[50000])

return check.report()
