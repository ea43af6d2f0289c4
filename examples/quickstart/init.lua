-- Runs once, before the first request is served: the place to upload scripts and to register pools.

local redis = require("nauthilus_redis")

-- Counts in a window that begins with the first call and ends by itself. It runs inside Redis in one step: no other
-- command comes between INCR and EXPIRE, so no counter is ever left behind without an end.
local COUNT_IN_WINDOW = [[
  local count = redis.call('INCR', KEYS[1])
  if count == 1 then
    redis.call('EXPIRE', KEYS[1], ARGV[1])
  end

  return { count, redis.call('TTL', KEYS[1]) }
]]

function nauthilus_run_hook(logging)
  local sha1, err = redis.redis_upload_script("default", COUNT_IN_WINDOW, "count_in_window")
  if not sha1 then
    error("cannot upload count_in_window: " .. err)
  end
end
