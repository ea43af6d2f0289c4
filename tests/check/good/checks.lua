-- The ways there are to look at a result before it is used.
local redis = require("nauthilus_redis")
local get = redis.redis_get

function nauthilus_run_hook()
  local a = get("default", "a") or ""
  local b, err = get("default", "b")
  if err then
    b = "none"
  end
  local c = tonumber((get("default", "c"))) or 0
  local d = get("default", "d")
  d = d and d .. "!" or "?"
  local e = get("default", "e")
  if type(e) ~= "string" then
    e = "x"
  end
  local f = assert(get("default", "f"))
  local g = get("default", "g")
  local h = tostring(g)
  local ok, i = pcall(function()
    return "safe: " .. get("default", "i")
  end)
  local j
  for _, key in ipairs({ "j1", "j2" }) do
    j = get("default", key)
    if j ~= nil then
      break
    end
  end
  local k = get("default", "k")
  while k do
    k = get("default", k .. "x")
  end
  local l = get("default", "l")
  local m = { value = l, length = l and #l }
  local n = redis.redis_hgetall("default", "n")
  if n == nil or next(n) == nil then
    n = { empty = true }
  end
  return a .. b, c + 1, d .. e .. f, h .. "", ok and i, j, m, n.empty
end
