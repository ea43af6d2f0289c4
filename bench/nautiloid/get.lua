-- One command: the same as ../nginx/get.lua.

local redis = require("nauthilus_redis")

function nauthilus_run_hook(request)
  local value, err = redis.redis_get("default", "bench:value")
  if not value then
    error(err)
  end

  return { value = value }
end
