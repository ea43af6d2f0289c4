-- Arguments one after the other, in tables, and from calls.
local redis = require("nauthilus_redis")

local function must(value, err)
  if value == nil then
    error(err, 2)
  end
  return value
end

local function fields()
  return "user", "ann", "tries", 1
end

local NAMES = { "ann", "bob" }

function nauthilus_run_hook(request)
  must(redis.redis_hset("default", "h", fields()))
  must(redis.redis_hset("default", "h", "extra", fields()))
  must(redis.redis_hset("default", "h", { user = "ann", tries = 1, [request.session] = true }))
  must(redis.redis_hset("default", "h", "n", 5, "b", false))
  must(redis.redis_mset("default", { a = 1, b = 2.5 }))
  must(redis.redis_sadd("default", "s", unpack(NAMES)))
  must(redis.redis_sadd("default", "s", NAMES))
  must(redis.redis_sadd("default", "s", { "carl", 5, true }))
  must(redis.redis_zadd("default", "z", "ann", 1, "bob", "inf"))
  must(redis.redis_zadd("default", "z", { ann = 1.5, bob = "-inf" }))
  must(redis.redis_del("default", 1, "2", request.session))
  must(redis.redis_set("default", 42, 0x10, "60"))
  must(redis.redis_set("default", "k", "v", nil))
  must(redis.redis_expire("default", "k", -1))
  must(redis.redis_zrangebyscore("default", "z", "(1", "+inf", 0, 10))
  must(redis.redis_zrangebyscore("default", "z", 0, 5, { offset = 0, count = 10 }))
  return redis.redis_mget("default", "a", "b"), (redis.redis_get("default", "k"))
end
