-- One script inside Redis: the same as ../nautiloid/script.lua.

local json = require("cjson.safe")
local pool = require("pool")

local redis = pool.take()
local count, err = redis:evalsha(ngx.var.script, 1, "bench:limit", 60)
if not count then
  error(err)
end
pool.give_back(redis)

ngx.print(json.encode({ counted = count > 0 }))
