-- A reputation that fades, in sorted sets; several pools, each with a handle.
local redis = require("nauthilus_redis")

local POOLS = { reads = "reputation_replicas", writes = "reputation" }

local function connect(name)
  local handle, err = redis.get_redis_connection(name)
  if not handle then
    error(err, 2)
  end
  return handle
end

function nauthilus_run_hook(request)
  local reads, writes = connect(POOLS.reads), connect(POOLS.writes)
  local score, err = redis.redis_zscore(reads, "reputation", request.client_ip)
  if err and err ~= "redis: nil" then
    error(err)
  end
  score = score or 0

  local worst = redis.redis_zrevrange_withscores(reads, "reputation", 0, 9) or {}
  for place, entry in ipairs(worst) do
    if entry.member == request.client_ip then
      score = score + 10 - place
    end
  end

  local new = assert(redis.redis_zincrby(writes, "reputation", 1, request.client_ip))
  assert(redis.redis_zadd(writes, "seen", { [request.client_ip] = 1 }, { nx = true }))
  return { score = score, new = new }
end
