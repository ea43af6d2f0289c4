-- Pipelines and transactions.
local redis = require("nauthilus_redis")
local handle = assert(redis.get_redis_connection("default"))
local WINDOW = 60

local function commands(keys)
  local list = {}
  for _, key in ipairs(keys) do
    list[#list + 1] = { "get", key }
  end
  return list
end

function nauthilus_run_hook(request)
  local key = "count:" .. request.client_ip
  local replies, err = redis.redis_pipeline("default", "write", {
    { "incr", key },
    { "expire", key, WINDOW },
    { "redis_hset", "h", { user = "ann" } },
    { "set", "k", "v", { nx = true } },
    { "run_script", "return 1", "", {}, {} },
    { "run_script", "named", { key }, { 1 } },
    { request.method:lower(), key },
    { "mget", unpack({ "a", "b" }) },
  })
  if not replies then
    error(err)
  end
  local read = assert(handle:pipeline("read", commands({ "a", "b" })))
  local done = assert(redis.redis_transaction(handle, { { "incr", "{a}:x" }, { "incr", "{a}:y" } }))
  local moved, problem = redis.redis_transaction("default", { "stock" }, function(watched)
    local stock = redis.redis_get(watched, "stock", "number") or 0
    if stock < 1 then
      return nil
    end
    return { { "set", "stock", stock - 1 } }
  end)
  if problem then
    error(problem)
  end
  local any = redis.redis_command("default", "OBJECT", "ENCODING", key)
  return { replies[1].value, replies[2].ok, read, done, moved, any }
end
