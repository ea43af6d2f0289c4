-- One script inside Redis: the same as ../nginx/script.lua.

local redis = require("nauthilus_redis")

function nauthilus_run_hook(request)
  local count, err = redis.redis_run_script("default", "", "bench", { "bench:limit" }, { 60 })
  if not count then
    error(err)
  end

  return { counted = count > 0 }
end
