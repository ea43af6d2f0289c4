-- Greylisting: a triplet must come back after a while.
local redis = require("nauthilus_redis")
local json = require("json")
local http_request = require("nauthilus_http_request")
local time = require("time")

local WAIT, KEEP = 300, 35 * 86400

local function triplet(mail)
  local network = mail.client:match("^(%d+%.%d+%.%d+)%.%d+$") or mail.client
  return table.concat({ "grey", network, mail.sender:lower(), mail.recipient:lower() }, ":")
end

function nauthilus_run_hook()
  local mail, err = json.decode(http_request.get_http_request_body())
  if mail == nil then
    error("not JSON: " .. err)
  end

  local key = triplet(mail)
  local first, problem = redis.redis_get("default", key, "number")
  if problem == "redis: nil" then
    assert(redis.redis_set("default", key, time.unix(), KEEP))
    return { action = "defer", wait = WAIT }
  elseif problem then
    error(problem)
  end

  local age = time.unix() - first
  if age < WAIT then
    return { action = "defer", wait = WAIT - age }
  end
  assert(redis.redis_expire("default", key, KEEP))
  return { action = "accept" }
end
