-- Sessions of a user, with asserts in place of tests.
dynamic_loader("nauthilus_redis")
local redis = require("nauthilus_redis")
local http_request = require("nauthilus_http_request")
local time = require("time")

local DAY = 24 * 60 * 60

function nauthilus_run_hook(request, session)
  local user = http_request.get_http_query_param("user") or "nobody"
  local key = "sessions:" .. user
  local method = http_request.get_http_method()

  if method == "POST" then
    local since = time.format(time.unix(), "2006-01-02T15:04:05Z07:00", "UTC")
    assert(redis.redis_hset("default", key, session, since, "user", user))
    assert(redis.redis_expire("default", key, DAY))
    return { session = request.session, count = assert(redis.redis_hlen("default", key)) - 1 }
  elseif method == "DELETE" then
    local gone = assert(redis.redis_hdel("default", key, { session }))
    return { gone = gone > 0 }
  end

  local list = {}
  for id, since in pairs(assert(redis.redis_hgetall("default", key))) do
    list[#list + 1] = { id = id, since = since }
  end
  table.sort(list, function(a, b)
    return a.since < b.since
  end)
  return list
end
