-- One command on the pool that the request names.

local http_request = require("nauthilus_http_request")
local redis = require("nauthilus_redis")

function nauthilus_run_hook(request)
  local handle = redis.get_redis_connection(http_request.get_http_query_param("pool"))
  local value, err = redis.redis_get(handle, "bench:value")
  if not value then
    error(err)
  end

  return { value = value }
end
