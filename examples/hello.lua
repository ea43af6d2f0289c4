-- A first script:
--
--   nautiloid run examples/hello.lua ann
--   nautiloid run examples/hello.lua ann --redis redis://127.0.0.1:6379
--
-- What it returns is printed as JSON. On the embedded store the count starts anew each time, because the store ends
-- with the process; on a Redis it goes on.

local redis = require("nauthilus_redis")

local name = arg[1] or "world"

local count, err = redis.redis_incr("default", "hello:" .. name)
if not count then
  error(err)
end

return { greeting = "Hello, " .. name .. "!", count = count }
