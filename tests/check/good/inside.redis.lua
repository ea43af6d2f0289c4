-- A script that runs inside Redis, in a file of its own.
local count = redis.call("INCR", KEYS[1])
if count == 1 then
  redis.call("EXPIRE", KEYS[1], ARGV[1])
end
return cjson.encode({ count, redis.call("TTL", KEYS[1]) })
