-- A cache in front of something slow: closures and varargs.
local redis = require("nauthilus_redis")
local json = require("json")

local function cached(prefix, seconds, compute)
  return function(...)
    local key = table.concat({ prefix, ... }, ":")
    local text = redis.redis_get("default", key)
    if text then
      local value = json.decode(text)
      if value ~= nil then
        return value, true
      end
    end
    local value = compute(...)
    local encoded = json.encode(value)
    if encoded then
      local _, err = redis.redis_set("default", key, encoded, { ex = seconds })
      if err then
        print("not cached: " .. err)
      end
    end
    return value, false
  end
end

local squares = cached("square", 60, function(n)
  return { n = n, square = n * n }
end)

function nauthilus_run_hook()
  local results = {}
  for i = 1, 3 do
    local value, hit = squares(i)
    results[i] = { value.square, hit }
  end
  return results
end
