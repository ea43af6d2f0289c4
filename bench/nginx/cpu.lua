-- Lua alone: the same as ../nautiloid/cpu.lua.

local json = require("cjson.safe")
local work = require("cpu_work")

ngx.print(json.encode(work(json.encode, json.decode)))
