local redis = require("nauthilus_redis")

assert(redis.register_redis_pool("sessions", "standalone", { address = "127.0.0.1:6379" }))
assert(redis.redis_upload_script("default", "return 1", "one"))
