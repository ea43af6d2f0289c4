#!/usr/bin/env -S nautiloid run
-- A script of the command line: arg and varargs, no hook.
local redis = require("nauthilus_redis")

local pattern, limit = ..., tonumber(arg[2]) or 10
local handle = assert(redis.get_redis_connection("default"))
local keys = assert(handle:keys(pattern or "*"))

table.sort(keys)
local lines = {}
for i = 1, math.min(#keys, limit) do
  lines[i] = ("%3d %s"):format(i, keys[i])
end
print(table.concat(lines, "\n"))
return { total = #keys, shown = #lines, script = arg[0] }
