-- Six commands, one after the other: the same as ../nautiloid/mix.lua.

local json = require("cjson.safe")
local pool = require("pool")

local function must(result, err)
  if not result then
    error(err)
  end
  return result
end

local redis = pool.take()
local count = must(redis:incr("bench:count"))
must(redis:hset("bench:session", "seen", "yes"))
must(redis:expire("bench:session", 3600))
local session = redis:array_to_hash(must(redis:hgetall("bench:session")))
must(redis:sadd("bench:members", "ann"))
local members = must(redis:scard("bench:members"))
pool.give_back(redis)

ngx.print(json.encode({ counted = count > 0, session = session, members = members }))
