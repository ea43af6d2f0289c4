-- Results that may be nil.
local redis = require("nauthilus_redis")
local http_request = require("nauthilus_http_request")
local json = require("json")
local get = redis.redis_get

function nauthilus_run_hook(request)
  local count = redis.redis_incr("default", "seen")
  local left = 10 - count --! unchecked-result

  local tries, err = redis.redis_hget("default", "s", "tries")
  if tries > 3 then --! unchecked-result
    error(err)
  end

  local key = "user:" .. http_request.get_http_query_param("user") --! unchecked-result
  local name = get("default", key) .. "!" --! unchecked-result
  local agent = redis.redis_hgetall("default", key).agent --! unchecked-result

  for _, member in ipairs(redis.redis_smembers("default", "seen")) do --! unchecked-result
    print(member)
  end

  local members = redis.redis_smembers("default", "seen")
  for i = 1, #members do --! unchecked-result
    print(members[i])
  end

  local cursor = 0
  repeat
    local step = redis.redis_scan("default", cursor)
    cursor = step.cursor --! unchecked-result
  until cursor == 0

  local session = json.decode(http_request.get_http_request_body())
  local user = session.user --! unchecked-result

  local text = redis.redis_get("default", "settings")
  local settings = json.decode(text) --! unchecked-result
  local age = tonumber(redis.redis_get("default", "age")) --! unchecked-result

  local a, problem = redis.redis_get("default", "a")
  local b
  b, problem = redis.redis_get("default", "b")
  if problem then
    error(problem)
  end
  local joined = a .. b --! unchecked-result

  local handle = redis.get_redis_connection("sessions")
  local first = handle:get("first") --! unchecked-result
  return { left, key, name, agent, user, settings, age, joined, first, -redis.redis_incr("default", "x") } --! unchecked-result
end
