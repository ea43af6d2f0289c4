-- Removes the lock KEYS[1] if ARGV[1] is its owner: 1, or 0 when the lock has expired or is another's by now.
-- Read and removed in one step: between two commands of a client the lock could expire and be taken by another.
if redis.call("GET", KEYS[1]) == ARGV[1] then
  return redis.call("DEL", KEYS[1])
end
return 0
