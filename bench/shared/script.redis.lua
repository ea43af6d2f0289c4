-- One step of a rate limiter, run inside Redis: the same for every program of the benchmark.
local count = redis.call("INCR", KEYS[1])
if count == 1 then
  redis.call("EXPIRE", KEYS[1], ARGV[1])
end
return count
