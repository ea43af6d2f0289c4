-- Comments that ignore nothing.
local redis = require("nauthilus_redis")

function nauthilus_run_hook(request)
  -- nautiloid: ignore unchecked --! unknown-rule
  local name = "x" .. redis.redis_get("default", request.session) --! unchecked-result
  -- nautiloid: ignore argument-count
  local other = "x" .. redis.redis_get("default", request.session) --! unchecked-result
  -- nautiloid: ignore unchecked-result
  local third = "x" .. redis.redis_get("default", request.session)
  local fourth = "x" .. redis.redis_get("default", request.session) -- nautiloid: ignore unchecked-result: it is there
  local fifth = "x" .. redis.redis_get("default", request.session) --! unchecked-result
  return { name, other, third, fourth, fifth }
end
