-- Globals that are meant: functions at the top level, and what _G says.
local redis = require("nauthilus_redis")

_G.LIMIT = 5

function describe(count)
  return LIMIT - count .. " left"
end

function nauthilus_run_hook(request)
  local count = redis.redis_incr("default", request.session)
  if not count then
    return
  end
  if jit or debug or io then
    print("not here")
  end
  local unpack = table.unpack or unpack
  local trim = string.trim or function(s)
    return s
  end
  local extra = feature_flags and feature_flags.extra
  return { trim(describe(count)), unpack({ extra }), _G.unknown, _VERSION, type(luajit_version) }
end
