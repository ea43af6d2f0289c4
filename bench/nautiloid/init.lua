-- The value that get reads, also in the embedded store.

local redis = require("nauthilus_redis")

local ok, err = redis.redis_set("default", "bench:value", "hello")
if not ok then
  error(err)
end
