-- Takes a lock, works, and releases it:
--
--   nautiloid run examples/redis-scripts/lock.lua --config examples/redis-scripts/nautiloid.toml

local redis = require("nauthilus_redis")

local KEY = "lock:report"

-- A lock that is never released expires by itself.
local function take(owner)
  local taken, err = redis.redis_set("default", KEY, owner, { nx = true, px = 10000 })
  if err then
    error("cannot take the lock: " .. err)
  end
  return taken == "OK"
end

local function release(owner)
  local released, err = redis.redis_run_script("default", "", "release_lock", { KEY }, { owner })
  if err then
    error("cannot release the lock: " .. err)
  end
  return released == 1
end

return {
  ann_takes_it = take("ann"),
  bob_takes_it = take("bob"),
  bob_releases_it = release("bob"),
  ann_releases_it = release("ann"),
}
