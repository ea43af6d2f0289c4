-- For loader.lua: a module that talks to Redis while it is loaded.

local redis = require("nauthilus_redis")

local value, err = redis.redis_get("default", "nautiloid:loader:read while loading")

return { value = value, err = err }
