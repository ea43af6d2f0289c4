-- Arguments of types that the functions do not take.
local redis = require("nauthilus_redis")
local http_response = require("nauthilus_http_response")
local json = require("json")
local get, set = redis.redis_get, redis.redis_set
local TTL = "soon"
local KEYS = { "a", "b" }

local function must(result, err)
  if result == nil then
    error(err, 2)
  end
  return result
end

function nauthilus_run_hook(request)
  local key = request.session
  must(get("default", {})) --! argument-type
  must(get("default", nil)) --! argument-type
  must(get("default", KEYS)) --! argument-type
  must(get("default", key, "float")) --! argument-type
  must(set("default", key, { a = 1 })) --! argument-type
  must(set("default", key, "v", true)) --! argument-type
  must(redis.redis_expire("default", key, "an hour")) --! argument-type
  must(redis.redis_expire("default", key, 0.5)) --! argument-type
  must(redis.redis_expire("default", key, TTL)) --! argument-type
  must(redis.redis_hincrby("default", key, "f", 1.5)) --! argument-type
  must(redis.redis_sadd("default", key, function() end)) --! argument-type
  must(redis.redis_sadd("default", key, "a", { "b" })) --! argument-type
  must(redis.redis_del("default", { "a", {} })) --! argument-type
  must(redis.redis_del("default", { key = "a" })) --! argument-type
  must(redis.redis_hset("default", key, { user = {} })) --! argument-type
  must(redis.redis_run_script("default", "return 1", "", "key", {})) --! argument-type
  must(redis.redis_run_script("default", "return 1", "", { "key" }, 5)) --! argument-type
  must(redis.redis_mget(true, key)) --! argument-type
  must(redis.register_redis_pool("x", "standalon", {})) --! argument-type
  must(redis.register_redis_pool("x", "standalone", "127.0.0.1:6379")) --! argument-type
  must(json.decode({})) --! argument-type
  http_response.set_http_status("teapot") --! argument-type
  http_response.string({}, 200) --! argument-type
end
