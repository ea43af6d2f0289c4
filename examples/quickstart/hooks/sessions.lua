-- The sessions of a user: /api/v1/custom/sessions?user=NAME
--
--   POST                 begins a session: answers with its id and the number of sessions
--   GET                  lists the sessions with the time each began
--   DELETE …&session=ID  ends a session: answers with the number that is left

local redis = require("nauthilus_redis")
local http_request = require("nauthilus_http_request")
local http_response = require("nauthilus_http_response")
local time = require("time")

-- Sessions nobody ends are forgotten this long after the last one began.
local FORGET_SECONDS = 24 * 3600

-- Every function of nauthilus_redis gives `result, err`. Here any failure ends the request.
local function must(result, err)
  if result == nil then
    error(err, 2)
  end
  return result
end

local function begin(key, request)
  local now = time.format(time.unix(), "2006-01-02T15:04:05Z07:00", "UTC")
  must(redis.redis_hset("default", key, request.session, now))
  must(redis.redis_expire("default", key, FORGET_SECONDS))

  return { session = request.session, sessions = must(redis.redis_hlen("default", key)) }
end

local function list(key)
  local sessions = {}
  for session, since in pairs(must(redis.redis_hgetall("default", key))) do
    sessions[#sessions + 1] = { session = session, since = since }
  end
  table.sort(sessions, function(a, b)
    return a.since < b.since
  end)

  return { sessions = sessions }
end

local function finish(key)
  local session = http_request.get_http_query_param("session") or ""
  if must(redis.redis_hdel("default", key, session)) == 0 then
    http_response.json(http_response.STATUS_NOT_FOUND, { error = "no such session" })
    return
  end

  return { sessions = must(redis.redis_hlen("default", key)) }
end

local ACTIONS = { POST = begin, GET = list, HEAD = list, DELETE = finish }

function nauthilus_run_hook(request)
  local user = http_request.get_http_query_param("user")
  if not user or user == "" then
    http_response.json(http_response.STATUS_BAD_REQUEST, { error = "which user? add ?user=NAME" })
    return
  end

  return ACTIONS[request.method]("sessions:" .. user, request)
end
