-- Nothing can wait where a C function calls back.
local redis = require("nauthilus_redis")
local time = require("time")
local handle = assert(redis.get_redis_connection("default"))

local function score(name)
  return redis.redis_get("default", name, "number") or 0 --! waits-in-callback
end

local function by_score(a, b)
  return score(a) < score(b)
end

function nauthilus_run_hook(request)
  local text = request.session:gsub("%w+", function(word)
    return handle:get(word) --! waits-in-callback
  end)
  local names = { "ann", "bob" }
  table.sort(names, by_score)
  table.sort(names, function(a, b)
    time.sleep(1) --! waits-in-callback
    return a < b
  end)
  string.gsub(text, "x", function()
    for key in redis.redis_scan_iter("default", "x*") do --! waits-in-callback
      return key
    end
  end)
  return { text, names }
end
