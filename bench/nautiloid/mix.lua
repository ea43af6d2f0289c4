-- Six commands, one after the other: the same as ../nginx/mix.lua.

local redis = require("nauthilus_redis")

local function must(result, err)
  if not result then
    error(err)
  end
  return result
end

function nauthilus_run_hook(request)
  local count = must(redis.redis_incr("default", "bench:count"))
  must(redis.redis_hset("default", "bench:session", "seen", "yes"))
  must(redis.redis_expire("default", "bench:session", 3600))
  local session = must(redis.redis_hgetall("default", "bench:session"))
  must(redis.redis_sadd("default", "bench:members", "ann"))
  local members = must(redis.redis_scard("default", "bench:members"))

  return { counted = count > 0, session = session, members = members }
end
