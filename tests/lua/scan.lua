-- redis_keys, redis_scan: only at keys of this file, by a pattern, since others are at work on the same server.

local check = require("check")
local redis = require("nauthilus_redis")
local call, key = check.call, check.keys("scan")

local PREFIX = "nautiloid:scan:"

-- All that a scan gives, as a set, and the number of its steps. `meanwhile` is called after each step.
local function scan(handle, match, count, meanwhile)
  local found, steps, cursor = {}, 0, 0
  repeat
    local step, err = redis.redis_scan(handle, cursor, match, count)
    assert(step, err)
    for _, name in ipairs(step.keys) do
      found[name] = true
    end
    cursor, steps = step.cursor, steps + 1
    assert(steps < 10000, "the scan does not end")
    if meanwhile then
      meanwhile(steps)
    end
  until cursor == 0
  return found, steps
end

for _, handle in ipairs(check.handles()) do
  -- Keys that a cluster has on different nodes
  local all, set = {}, {}
  for i = 1, 300 do
    all[i] = key("stays " .. i)
    set[all[i]] = true
    assert(redis.redis_set(handle, all[i], i))
  end
  local hash, bytes, star = key("type hash"), key("bytes \0\r\n\255"), key("a*b")
  call("redis_hset", handle, hash, "f", "v"):gives(1)
  call("redis_mset", handle, bytes, 1, star, 2, key("aab"), 3, key("axb"), 4):gives("OK")

  -- redis_keys
  call("redis_keys", handle, PREFIX .. "stays *"):gives_members(all)
  call("redis_keys", handle, PREFIX .. "nothing *"):gives({})
  call("redis_keys", handle, all[7]):gives({ all[7] })
  call("redis_keys", handle, PREFIX .. "stays ?"):gives_members({ unpack(all, 1, 9) })
  call("redis_keys", handle, PREFIX .. "stays [2-4]"):gives_members({ unpack(all, 2, 4) })
  call("redis_keys", handle, PREFIX .. "type *"):gives({ hash })
  call("redis_keys", handle, PREFIX .. "bytes*"):gives({ bytes })
  call("redis_keys", handle, PREFIX .. "a*b"):gives_members({ star, key("aab"), key("axb") })
  call("redis_keys", handle, PREFIX .. "a\\*b"):gives({ star })
  call("redis_keys", handle, PREFIX .. "a[^x]b"):gives_members({ star, key("aab") })

  -- redis_scan
  local found, steps = scan(handle, PREFIX .. "stays *", 10)
  check.equal(found, set, "all keys that match, and no others")
  check.truthy(steps > 10, "a small count takes many steps")
  check.equal(scan(handle, PREFIX .. "stays *", 100000), set, "with a large count")
  check.equal(scan(handle, PREFIX .. "stays *"), set, "without a count")
  check.equal(scan(handle, PREFIX .. "stays *", nil), set, "with a count of nil")
  check.equal(scan(handle, PREFIX .. "nothing *"), {}, "no key that matches")
  check.equal(scan(handle, bytes, 100), { [bytes] = true }, "a key of any bytes")
  check.equal(scan(handle, PREFIX .. "a\\*b", 100), { [star] = true }, "a star that is none")
  local everything = scan(handle, nil, 50)
  for name in pairs(everything) do
    if not set[name] then
      everything[name] = nil
    end
  end
  check.equal(everything, set, "without a pattern")

  -- One step: what it looks like, and which cursors there are.
  for what, cursor in pairs({ zero = 0, digits = "0", large = 2 ^ 53 }) do
    local step, err = redis.redis_scan(handle, cursor, PREFIX .. "stays *", 1)
    check.equal({ type(step), err }, { "table" }, "a step from the cursor " .. what)
    check.equal({ type(step.cursor), type(step.keys) }, { "number", "table" }, "its cursor and keys")
  end

  -- Keys that come and go do not hide those that stay.
  for i = 1, 100 do
    assert(redis.redis_set(handle, key("goes " .. i), i))
  end
  local seen = scan(handle, PREFIX .. "*", 10, function(step)
    assert(redis.redis_del(handle, key("goes " .. (step % 100 + 1)), key("goes " .. (100 - step % 100))))
    assert(redis.redis_set(handle, key("comes " .. step % 60), step))
  end)
  local missing = {}
  for name in pairs(set) do
    if not seen[name] then
      missing[#missing + 1] = name
    end
  end
  check.equal(missing, {}, "keys that were there all the time")
  call("redis_del", handle, all):gives("OK", nil, 300)
  call("redis_del", handle, hash, bytes, star):gives("OK", nil, 3)
  call("redis_keys", handle, PREFIX .. "stays *"):gives({})
  check.equal(scan(handle, PREFIX .. "stays *", 100), {}, "after they were removed")
end

return check.report()
