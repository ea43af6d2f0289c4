-- The six commands of mix as one pipeline: the same as ../nginx/pipe.lua.

local redis = require("nauthilus_redis")

function nauthilus_run_hook(request)
  local replies, err = redis.redis_pipeline("default", "write", {
    { "incr", "bench:count" },
    { "hset", "bench:session", "seen", "yes" },
    { "expire", "bench:session", 3600 },
    { "hgetall", "bench:session" },
    { "sadd", "bench:members", "ann" },
    { "scard", "bench:members" },
  })
  if not replies then
    error(err)
  end
  for _, reply in ipairs(replies) do
    if not reply.ok then
      error(reply.err)
    end
  end

  return { counted = replies[1].value > 0, session = replies[4].value, members = replies[6].value }
end
