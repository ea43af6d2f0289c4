-- One without keys.
local now = redis.call("TIME")
return now[1]
