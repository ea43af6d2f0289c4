-- The pools that init.lua registers, and one that nobody does.
local redis = require("nauthilus_redis")

function nauthilus_run_hook(request)
  local handle = assert(redis.get_redis_connection("sessions"))
  local default = assert(redis.get_redis_connection("default"))
  local other = assert(redis.get_redis_connection("sesions")) --! unknown-pool
  -- nautiloid: ignore unknown-pool
  local third = assert(redis.get_redis_connection("archive"))
  return { handle:get(request.session), default:get("a"), other:get("b"), third:get("c") }
end
