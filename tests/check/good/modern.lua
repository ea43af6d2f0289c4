-- What LuaJIT has beyond Lua 5.1.
local redis = require("nauthilus_redis")
const LIMIT = 1_000

local double = x -> x * 2
local add = |a, b| -> a + b
local total = 0
for i = 1, 10 do
  if i % 2 == 1 then
    continue
  end
  total += double(i)
end

function nauthilus_run_hook(request)
  local all = redis.redis_hgetall("default", request.session)
  local name = all?.name ?? "nobody"
  local count = redis.redis_incr("default", name)
  local text = count ? "seen " .. count : "not seen"
  text ..= "!"
  return { text, total != 0 && !false, add(1, 2) & 0xff, total < LIMIT ? 1 : 2 }
end
