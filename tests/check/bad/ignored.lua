-- Calls whose failure nobody sees.
local redis = require("nauthilus_redis")

function nauthilus_run_hook(request)
  redis.redis_set("default", request.session, 1) --! ignored-error
  redis.register_redis_pool("archive", "standalone", { address = "127.0.0.1:6379" }) --! ignored-error
  redis.redis_upload_script("default", "return 1", "one") --! ignored-error
  local handle = assert(redis.get_redis_connection("archive"))
  handle:del(request.session) --! ignored-error
end
