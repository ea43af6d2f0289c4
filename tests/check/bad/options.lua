-- Tables of options, pairs, and times.
local redis = require("nauthilus_redis")
local WEEK = 7 * 24 * 3600

function nauthilus_run_hook(request)
  local key = request.session
  assert(redis.redis_set("default", key, 1, { expire = 60 })) --! option
  assert(redis.redis_set("default", key, 1, { nx = true, xx = true })) --! option
  assert(redis.redis_set("default", key, 1, { ex = 0 })) --! option
  assert(redis.redis_set("default", key, 1, { ex = 60, px = 500 })) --! option
  assert(redis.redis_set("default", key, 1, { nx = "yes" })) --! option
  assert(redis.redis_set("default", key, 1, { "nx" })) --! option
  assert(redis.redis_set("default", key, 1, -1)) --! negative-expiry
  assert(redis.redis_set("default", key, 1, -WEEK)) --! negative-expiry
  assert(redis.redis_set("default", key, 1, 5 - 10)) --! negative-expiry
  assert(redis.redis_hset("default", key, "user", "ann", "tries")) --! odd-pairs
  assert(redis.redis_hset("default", key, "user")) --! odd-pairs
  assert(redis.redis_mset("default", "a", 1, "b")) --! odd-pairs
  assert(redis.redis_zadd("default", key, "ann", 1, "bob")) --! odd-pairs
  assert(redis.redis_zadd("default", key, { ann = 1 }, { nxx = true })) --! option
  return redis.redis_zrangebyscore("default", key, 0, 10, { offset = 0, size = 5 }) --! option
end
