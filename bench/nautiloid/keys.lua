-- A hundred commands: the next hundred keys (do=fill, from=how many there are), or keys at random (do=get, do=set;
-- keys=how many there are).

local http_request = require("nauthilus_http_request")
local redis = require("nauthilus_redis")

local param = http_request.get_http_query_param
local VALUE = ("v"):rep(32)

local function must(result, err)
  if not result then
    error(err)
  end
end

function nauthilus_run_hook(request)
  local action, from, keys = param("do"), tonumber(param("from")), tonumber(param("keys"))
  for i = 1, 100 do
    if action == "fill" then
      must(redis.redis_set("default", "user:" .. from + i, VALUE))
    elseif action == "set" then
      must(redis.redis_set("default", "user:" .. math.random(keys), VALUE))
    else
      must(redis.redis_get("default", "user:" .. math.random(keys)))
    end
  end

  return { commands = 100 }
end
