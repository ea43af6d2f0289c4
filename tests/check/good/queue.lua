-- A queue in a list, with results that come in several variables.
local redis = require("nauthilus_redis")
local json = require("json")
local handle, err = redis.get_redis_connection("default")
if not handle then
  error(err)
end

local function push(job)
  local text = assert(json.encode(job))
  return handle:rpush("queue", text)
end

local function pop()
  local text, problem = handle:lpop("queue")
  if problem == "redis: nil" then
    return nil
  elseif not text then
    error(problem)
  end
  return assert(json.decode(text))
end

function nauthilus_run_hook(request)
  local length, problem = push({ from = request.client_ip })
  if problem then
    error(problem)
  end
  local job = pop()
  return { waiting = length - 1, job = job and job.from, all = handle:lrange("queue", 0, -1) }
end
