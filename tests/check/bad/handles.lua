-- The name of a pool is no handle.
local redis = require("nauthilus_redis")
local POOL = "sessions"

function nauthilus_run_hook(request)
  local value, err = redis.redis_get("sessions", request.session) --! not-a-handle
  if err then
    value, err = redis.redis_get("Default", request.session) --! not-a-handle
  end
  assert(redis.redis_set(POOL, request.session, 1)) --! not-a-handle
  assert(redis.redis_hset("", request.session, "user", "ann")) --! not-a-handle
  return { value, err }
end
