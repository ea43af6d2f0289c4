-- A module in a folder that requires another one.
local redis = require("nauthilus_redis")
local settings = require("settings")

local counters = {}

function counters.bump(name)
  local key = settings.key(name)
  local count, err = redis.redis_incr("default", key)
  if count == 1 then
    local _ = redis.redis_expire("default", key, settings.window)
  end
  return count, err
end

return counters
