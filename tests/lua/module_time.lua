-- time.unix, time.sleep, time.format

local check = require("check")
local time = require("time")
local redis = require("nauthilus_redis")
local equal = check.equal

-- unix
local now = time.unix()
check.truthy(math.abs(now - os.time()) < 5, "unix is the time of the machine")
check.truthy(now % 1 ~= 0 or time.unix() % 1 ~= 0 or time.unix() % 1 ~= 0, "unix has fractions of a second")

-- sleep, everywhere a call to Redis can wait
local function slept(f)
  local before = time.unix()
  f()
  return time.unix() - before
end
check.truthy(slept(function() time.sleep(0.02) end) >= 0.019, "sleep")
check.truthy(slept(function() pcall(time.sleep, 0.02) end) >= 0.019, "sleep in pcall")
check.truthy(slept(coroutine.wrap(function() time.sleep(0.02) end)) >= 0.019, "sleep in a coroutine")
equal(select("#", time.sleep(0)), 0, "sleep gives nothing")
equal(coroutine.wrap(function()
  time.sleep(0.001)
  redis.redis_set("default", "nautiloid:module_time:k", "v")
  time.sleep(0.001)
  return (redis.redis_get("default", "nautiloid:module_time:k"))
end)(), "v", "sleep and calls in turn")
redis.redis_del("default", "nautiloid:module_time:k")
check.error(function() time.sleep() end, "bad argument #1 to 'sleep' %(number expected, got no value%)", "sleep of nothing")
for _, seconds in ipairs({ -1, math.huge, 0 / 0, 1e9 }) do
  check.error(function() time.sleep(seconds) end, "bad argument #1 to 'sleep'", "sleep of " .. seconds)
end

-- format: the layouts of Go
for layout, text in pairs({
  ["2006-01-02T15:04:05Z07:00"] = "2023-11-14T22:13:20Z",
  ["2006-01-02 15:04:05"] = "2023-11-14 22:13:20",
  ["02.01.2006"] = "14.11.2023",
  ["Mon, 02 Jan 2006 15:04:05 MST"] = "Tue, 14 Nov 2023 22:13:20 UTC",
  ["Monday January 2, 3:04PM"] = "Tuesday November 14, 10:13PM",
  ["15:04:05.000"] = "22:13:20.500",
  ["20060102"] = "20231114",
}) do
  equal(time.format(1700000000.5, layout, "UTC"), text, "format " .. layout)
end
equal(time.format(1700000000, "15:04 -0700", "Europe/Berlin"), "23:13 +0100", "format in a zone")
equal(time.format(0, "2006", "UTC"), "1970", "format of zero")
equal(type(time.format(0, "2006")), "string", "format in the zone of the machine")
local text, err = time.format(0, "2006", "Nowhere/Town")
equal(text, nil, "format in a zone that does not exist")
check.matches(err, "Nowhere/Town", "its error")
check.error(function() time.format() end, "bad argument #1 to 'format' %(number expected, got no value%)", "format of nothing")
check.error(function() time.format(0) end, "bad argument #2 to 'format' %(string expected, got no value%)", "format without layout")

return check.report()
