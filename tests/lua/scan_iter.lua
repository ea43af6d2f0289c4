-- redis_scan_iter: keys in a `for` loop; only at keys of this file, by a pattern, since others are at work on the server.

local check = require("check")
local redis = require("nauthilus_redis")
local call, key = check.call, check.keys("scan_iter")

local PREFIX = "nautiloid:scan_iter:"

-- What a loop gives: how often each key came.
local function loop(handle, match, count, body)
  local found = {}
  for name in redis.redis_scan_iter(handle, match, count) do
    found[name] = (found[name] or 0) + 1
    if body then
      body(name)
    end
  end
  return found
end

local function names(found)
  local set = {}
  for name in pairs(found) do
    set[name] = true
  end
  return set
end

for _, handle in ipairs(check.handles()) do
  local all, set = {}, {}
  for i = 1, 200 do
    all[i] = key("stays " .. i)
    set[all[i]] = true
    assert(redis.redis_set(handle, all[i], i))
  end
  local bytes = key("bytes \0\r\n\255")
  call("redis_set", handle, bytes, 1):gives("OK")

  check.equal(names(loop(handle, PREFIX .. "stays *")), set, "all keys that match, and no others")
  check.equal(names(loop(handle, PREFIX .. "stays *", 7)), set, "in small steps")
  check.equal(names(loop(handle, PREFIX .. "stays *", "100000")), set, "in one step")
  check.equal(loop(handle, PREFIX .. "bytes*"), { [bytes] = 1 }, "a key of any bytes")
  check.equal(loop(handle, PREFIX .. "nothing *"), {}, "no key that matches, after many empty steps")
  check.equal(loop(handle, PREFIX .. "nothing *", 1), {}, "no key that matches, after still more empty steps")
  local without_pattern = names(loop(handle))
  check.truthy(without_pattern[all[1]] and without_pattern[all[200]] and without_pattern[bytes], "without a pattern")
  check.truthy(names(loop(handle, nil, 1000))[bytes], "with a pattern of nil")

  -- The body calls Redis, and changes what is gone over.
  local sum = 0
  local found = loop(handle, PREFIX .. "stays *", 10, function(name)
    sum = sum + assert(redis.redis_get(handle, name, "number"))
    assert(redis.redis_set(handle, key("comes " .. sum % 20), 1))
    assert(redis.redis_set(handle, name, 0))
  end)
  check.equal(names(found), set, "with calls in the body")
  check.equal(sum, 200 * 201 / 2, "what the calls gave")
  loop(handle, PREFIX .. "stays *", 10, function(name)
    assert(redis.redis_del(handle, name))
  end)
  call("redis_keys", handle, PREFIX .. "stays *"):gives({})

  -- Loops in loops, and a loop that is left.
  call("redis_mset", handle, key("x 1"), 1, key("x 2"), 2, key("y 1"), 1):gives("OK")
  local pairs_of_names = {}
  for x in redis.redis_scan_iter(handle, PREFIX .. "x ?") do
    for y in redis.redis_scan_iter(handle, PREFIX .. "y ?") do
      pairs_of_names[x:sub(-3) .. y:sub(-3)] = true
    end
  end
  check.equal(pairs_of_names, { ["x 1y 1"] = true, ["x 2y 1"] = true }, "loops in each other")
  local steps = 0
  for _ in redis.redis_scan_iter(handle, PREFIX .. "x ?") do
    steps = steps + 1
    break
  end
  check.equal(steps, 1, "a loop that is left")

  -- Past the end an iterator goes on giving nil.
  local next_key = redis.redis_scan_iter(handle, PREFIX .. "y ?", 10000)
  check.equal({ next_key(), next_key(), next_key() }, { key("y 1") }, "past the end")

  -- Two at once, each with a place of its own.
  local one, other = redis.redis_scan_iter(handle, PREFIX .. "x ?"), redis.redis_scan_iter(handle, PREFIX .. "x ?")
  local each = { [one()] = true, [one()] = true }
  check.equal({ [other()] = true, [other()] = true }, each, "two iterators in turn")

  -- In coroutines, and begun in one and gone on with in another.
  local in_coroutine = {}
  for name in coroutine.wrap(function()
    for name in redis.redis_scan_iter(handle, PREFIX .. "x ?", 5) do
      coroutine.yield(name)
    end
  end) do
    in_coroutine[name] = true
  end
  check.equal(in_coroutine, { [key("x 1")] = true, [key("x 2")] = true }, "in a coroutine")
  local handed_over = redis.redis_scan_iter(handle, PREFIX .. "x ?")
  local first = coroutine.wrap(function() return handed_over() end)()
  local second = coroutine.wrap(function() return handed_over() end)()
  check.equal({ [first] = true, [second] = true }, in_coroutine, "from one coroutine to another")
  check.equal({ pcall(handed_over) }, { true }, "at the end, under pcall")
end

-- As a method
local handle = assert(redis.get_redis_connection("default"))
call("redis_set", "default", key("method"), 1):gives("OK")
local by_method = {}
for name in handle:scan_iter(PREFIX .. "metho?") do
  by_method[name] = true
end
check.equal(by_method, { [key("method")] = true }, "handle:scan_iter")

-- Arguments are looked at when the loop begins.
call("redis_scan_iter", "nonsense"):raises("bad argument #1 to 'redis_scan_iter'")
call("redis_scan_iter"):raises("bad argument #1 to 'redis_scan_iter'")
call("redis_scan_iter", "default", {}):raises("bad argument #2 to 'redis_scan_iter' (string expected, got table)")
call("redis_scan_iter", "default", "x", "many"):raises("bad argument #3 to 'redis_scan_iter' (number expected, got string)")
call("redis_scan_iter", "default", "x", 1.5):raises("bad argument #3 to 'redis_scan_iter' (integer expected, got 1.5)")
check.error(
  function() for _ in handle:scan_iter({}) do end end,
  "^[^\n]*scan_iter%.lua:%d+: bad argument #1 to 'scan_iter' %(string expected, got table%)$",
  "a method's argument"
)

-- An error in a step is raised where the loop is, and names what failed and why.
check.error(function()
  for _ in redis.redis_scan_iter("default", PREFIX .. "*", 0) do
    error("there is no key to go over")
  end
end, "^[^\n]*scan_iter%.lua:%d+: redis_scan_iter: ERR syntax error$", "a step that fails")
check.error(function()
  for _ in handle:scan_iter(PREFIX .. "*", -1) do end
end, "^[^\n]*scan_iter%.lua:%d+: scan_iter: ERR syntax error$", "a step of the method that fails")
redis.register_redis_pool("conformance_scan_iter", "standalone", { address = "127.0.0.1:1", connect_timeout = "50ms" })
check.error(function()
  for _ in redis.redis_scan_iter(assert(redis.get_redis_connection("conformance_scan_iter"))) do end
end, "redis_scan_iter: redis pool \"conformance_scan_iter\"", "a pool that is down")

-- Where nothing can wait, the iterator says so.
check.error(function()
  local text = ("x"):gsub("x", redis.redis_scan_iter("default", PREFIX .. "*"))
  return text
end, "'redis_scan_iter' cannot wait for an answer inside a callback of string%.gsub", "in a callback")

return check.report()
