-- The six commands of mix as one pipeline: the same as ../nautiloid/pipe.lua.

local json = require("cjson.safe")
local pool = require("pool")

local redis = pool.take()
redis:init_pipeline(6)
redis:incr("bench:count")
redis:hset("bench:session", "seen", "yes")
redis:expire("bench:session", 3600)
redis:hgetall("bench:session")
redis:sadd("bench:members", "ann")
redis:scard("bench:members")
local replies, err = redis:commit_pipeline()
if not replies then
  error(err)
end
for _, reply in ipairs(replies) do
  -- An error is { false, message }.
  if type(reply) == "table" and reply[1] == false then
    error(reply[2])
  end
end
pool.give_back(redis)

ngx.print(json.encode({
  counted = replies[1] > 0,
  session = redis:array_to_hash(replies[4]),
  members = replies[6],
}))
