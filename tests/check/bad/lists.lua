-- Lists of commands.
local redis = require("nauthilus_redis")
local handle = assert(redis.get_redis_connection("default"))

function nauthilus_run_hook(request)
  local key = request.session
  local replies = assert(redis.redis_pipeline("default", "write", {
    { "sett", key, "v" }, --! unknown-command
    { "set", key, "v", 60 },
    { "expire", key }, --! argument-count
    { "hset", key, "user" }, --! odd-pairs
    { "get", {} }, --! argument-type
    { "pipeline", {} }, --! unknown-command
    { "set", key, "v", { exx = 5 } }, --! option
    "get", --! argument-type
  }))
  assert(redis.redis_pipeline("default", "both", { { "get", key } })) --! argument-type
  assert(handle:pipeline("read", {
    { "get", key },
    { "incr", key }, --! argument-type
  }))
  assert(handle:transaction({ { "frobnicate", key } })) --! unknown-command
  assert(redis.redis_transaction("default", { key }, function(watched)
    local value = watched:gett(key) --! unknown-function
    if value then
      return { { "del", key }, { "incrby", key, "many" } } --! argument-type
    end
    return { { "inc", key } } --! unknown-command
  end))
  return replies
end
