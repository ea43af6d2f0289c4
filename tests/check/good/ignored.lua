-- Findings that are meant, and comments that say so.
local redis = require("nauthilus_redis")

function nauthilus_run_hook(request)
  redis.redis_del("default", request.session) -- nautiloid: ignore ignored-error: it expires anyway
  -- nautiloid: ignore unchecked-result, ignored-error
  local name = "user " .. redis.redis_get("default", "name")
  --[[ nautiloid: ignore accidental-global ]]
  last_name = name
  return name
end
