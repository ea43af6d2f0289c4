-- Too few arguments, or too many.
local redis = require("nauthilus_redis")
local http_response = require("nauthilus_http_response")
local http_request = require("nauthilus_http_request")
local context = require("nauthilus_context")
local time = require("time")
local handle = assert(redis.get_redis_connection("default"))

local function must(result, err)
  if result == nil then
    error(err, 2)
  end
  return result
end

function nauthilus_run_hook(request)
  local key = request.session
  must(redis.redis_expire("default", key)) --! argument-count
  must(redis.redis_get("default")) --! argument-count
  must(redis.redis_get(key)) --! argument-count
  must(redis.redis_hget("default", key)) --! argument-count
  must(redis.redis_incr("default", key, 5)) --! argument-count
  must(redis.redis_hset("default", key)) --! argument-count
  must(redis.redis_rename("default", key)) --! argument-count
  must(redis.redis_run_script("default")) --! argument-count
  must(handle:expire(key)) --! argument-count
  must(handle:get()) --! argument-count
  must(handle:hlen(key, "field")) --! argument-count
  must(redis.get_redis_connection()) --! argument-count
  http_response.set_http_response_header("Retry-After") --! argument-count
  http_response.json() --! argument-count
  http_request.get_http_query_param() --! argument-count
  context.context_set("key") --! argument-count
  time.sleep() --! argument-count
  require() --! argument-count
end
