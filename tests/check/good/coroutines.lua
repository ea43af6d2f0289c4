-- Calls that wait, inside coroutines of the script's own.
local redis = require("nauthilus_redis")

local function keys_of(pattern)
  return coroutine.wrap(function()
    local cursor = 0
    repeat
      local step, err = redis.redis_scan("default", cursor, pattern, 100)
      if not step then
        error(err)
      end
      for _, key in ipairs(step.keys) do
        coroutine.yield(key)
      end
      cursor = step.cursor
    until cursor == 0
  end)
end

function nauthilus_run_hook()
  local found = {}
  for key in keys_of("session:*") do
    found[#found + 1] = key
  end
  for key in redis.redis_scan_iter("default", "session:*") do
    found[key] = redis.redis_get("default", key)
  end
  local co = coroutine.create(function(first)
    local second = coroutine.yield(first .. "!")
    return first, second
  end)
  local ok, value = coroutine.resume(co, "a")
  return { found = found, ok = ok, value = value, status = coroutine.status(co) }
end
