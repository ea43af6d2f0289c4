-- An init script: pools, and scripts that run inside Redis.
local redis = require("nauthilus_redis")

local SCRIPTS = {
  count = [[return redis.call('INCR', KEYS[1])]],
  echo = "return ARGV[1]",
}

function nauthilus_run_hook(logging)
  local name = os.getenv("CUSTOM_REDIS_POOL_NAME")
  if name == nil or name == "" then
    name = "archive"
  end
  local ok, err = redis.register_redis_pool(name, "standalone", { address = "127.0.0.1:6379", db = 3 })
  if not ok then
    error(err)
  end
  for script, source in pairs(SCRIPTS) do
    local sha1, problem = redis.redis_upload_script("default", source, script)
    if problem then
      print(logging.log_level, script, problem)
    elseif sha1 then
      print(script, sha1)
    end
  end
end
