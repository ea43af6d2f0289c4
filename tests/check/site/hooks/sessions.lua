-- What init.lua and the configuration register, and what nobody does.
local redis = require("nauthilus_redis")

function nauthilus_run_hook(request)
  local handle = assert(redis.get_redis_connection("sessions"))
  local default = assert(redis.get_redis_connection("default"))
  local other = assert(redis.get_redis_connection("sesions")) --! unknown-pool
  -- nautiloid: ignore unknown-pool
  local third = assert(redis.get_redis_connection("archive"))
  local count = assert(redis.redis_run_script("default", "", "count", { "k" }))
  local one = assert(default:run_script("", "one"))
  local two = assert(default:run_script("", "two")) --! unknown-script
  print(count, one, two)
  return { handle:get(request.session), default:get("a"), other:get("b"), third:get("c") }
end
