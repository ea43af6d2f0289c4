-- POST /api/v1/custom/login/attempt?user=NAME
--
-- Allows so many attempts a minute to each user, or to each client where no user is named. Answers 200 with what is
-- left, or 429 with the time to wait.

local redis = require("nauthilus_redis")
local http_request = require("nauthilus_http_request")
local http_response = require("nauthilus_http_response")

local LIMIT = 3
local WINDOW_SECONDS = 60

local function key_of(request)
  local user = http_request.get_http_query_param("user")
  if user and user ~= "" then
    return "attempts:user:" .. user
  end
  return "attempts:client:" .. request.client_ip
end

function nauthilus_run_hook(request)
  -- init.lua has uploaded the script under this name.
  local result, err = redis.redis_run_script("default", "", "count_in_window", { key_of(request) }, { WINDOW_SECONDS })
  if not result then
    -- The message goes to the log and the client gets a 500: the caller decides what to do with an attempt that
    -- nobody counted.
    error("cannot count the attempt: " .. err)
  end

  local count, seconds_left = result[1], result[2]
  if count > LIMIT then
    local wait = math.max(seconds_left, 1)
    http_response.set_http_response_header("Retry-After", wait)
    http_response.json(http_response.STATUS_TOO_MANY_REQUESTS, { allowed = false, retry_after = wait })
    return
  end

  return { allowed = true, left = LIMIT - count }
end
