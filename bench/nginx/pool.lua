-- Connections to Redis out of nginx' keep-alive pool, as nginx.redis' manual recommends it.

local redis = require("nginx.redis")

local pool = {}

-- Kept open by each worker: more than the requests it serves at once, so that none is ever closed.
local size, idle_ms = 256, 60000

function pool.take()
  local connection = redis:new()
  connection:set_timeout(3000)
  local ok, err = connection:connect("127.0.0.1", tonumber(ngx.var.redis_port))
  if not ok then
    error(err)
  end
  return connection
end

function pool.give_back(connection)
  local ok, err = connection:set_keepalive(idle_ms, size)
  if not ok then
    error(err)
  end
end

return pool
