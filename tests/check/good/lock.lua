-- A lock that only its owner opens: set with options, and a script that runs inside Redis.
local redis = require("nauthilus_redis")
local time = require("time")

local RELEASE = [==[
  if redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('DEL', KEYS[1])
  end
  return 0 -- ]] is no end here
]==]

local function with_lock(name, owner, work)
  local key = "lock:" .. name
  local tries = 0
  while not redis.redis_set("default", key, owner, { nx = true, px = 5000 }) do
    tries = tries + 1
    if tries >= 10 then
      return nil, "busy"
    end
    time.sleep(0.05)
  end

  local ok, result = pcall(work)
  local released, err = redis.redis_run_script("default", RELEASE, "", { key }, { owner })
  if err then
    print("cannot release " .. key .. ": " .. err)
  end
  if not ok then
    error(result, 0)
  end
  return result, released == 1
end

function nauthilus_run_hook(request)
  return with_lock("report", request.session, function()
    return redis.redis_incr("default", "reports")
  end)
end
