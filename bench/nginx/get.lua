-- One command: the same as ../nautiloid/get.lua.

local json = require("cjson.safe")
local pool = require("pool")

local redis = pool.take()
local value, err = redis:get("bench:value")
if not value then
  error(err)
end
pool.give_back(redis)

ngx.print(json.encode({ value = value }))
