-- A local that is missing, a name that is mistyped.
local redis = require("nauthilus_redis")

LIMIT = 10 --! accidental-global

local function key_of(request)
  kye = "seen:" .. request.client_ip --! accidental-global
  return kye
end

function nauthilus_run_hook(request)
  count, err = redis.redis_incr("default", key_of(request)) --! accidental-global accidental-global
  if not count then
    error(er) --! unknown-global
  end
  local names = table.concat(json.encode({ 1 }), ",") --! unknown-global
  local keys = redis_keys --! unknown-global
  function helper() --! accidental-global
    return true
  end
  type = "x" --! accidental-global
  return { count = count, limit = LIMIT, user = requst.session, names = names, keys = keys } --! unknown-global
end
