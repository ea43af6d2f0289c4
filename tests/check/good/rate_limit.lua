-- A fixed window for each client, with the reply that HTTP has for it.
local redis = require("nauthilus_redis")
local http_response = require("nauthilus_http_response")

local LIMIT, WINDOW = 10, 60

function nauthilus_run_hook(request)
  local key = "rate:" .. request.client_ip
  local count, err = redis.redis_incr("default", key)
  if err then
    error("cannot count: " .. err)
  end
  if count == 1 then
    local ok, problem = redis.redis_expire("default", key, WINDOW)
    if not ok then
      error(problem or "the key is gone")
    end
  end

  if count > LIMIT then
    http_response.set_http_response_header("Retry-After", WINDOW)
    http_response.json(http_response.STATUS_TOO_MANY_REQUESTS, { allowed = false })
    return
  end
  return { allowed = true, left = LIMIT - count }
end
